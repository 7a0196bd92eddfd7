"""The access log in the admin: read-only, and a reason is shown only after it was opened."""

from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.audit.models import AccessLog
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.pagination import ListedFilter, LongListAdmin


def kind_in_words(label: str) -> str:
    """What admins call the records of a model, by its label; the label itself once the model is gone."""
    try:
        return str(capfirst(str(apps.get_model(label)._meta.verbose_name)))
    except LookupError:
        return label


def part_in_words(label: str, name: str) -> str:
    """The label of a field, by the label of its model; its name if the model has no such field."""
    try:
        return str(getattr(apps.get_model(label)._meta.get_field(name), "verbose_name", name))
    except (LookupError, FieldDoesNotExist):
        return name


class RecordFilter(ListedFilter):
    title = _("record")
    parameter_name = "object_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kept = [model._meta for model in apps.get_models() if hasattr(model, "inventory")]
        return sorted(((meta.label_lower, kind_in_words(meta.label_lower)) for meta in kept), key=itemgetter(1))


class WhenFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("when")


@admin.register(AccessLog)
class AccessLogAdmin(ReasonRequiredMixin, LongListAdmin, admin.ModelAdmin):
    """Reading a reason counts as an opening: it may name a person."""

    opened_fields, implied_reason = ["reason"], _("reading the access log")
    list_display = ["at_moment", "by_whom", "action", "record", "number", "parts"]
    list_filter = [("at", WhenFilter), "action", RecordFilter]
    search_fields = ["=who", "=object_id"]
    actions = None
    fields = ["at_moment", "by_whom", "action", "record", "number", "parts", "counted", "reason"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessLog]:
        """Without entries about records this user may not know of: such models have a method `numbers_known_to`.

        Nor with those that would tell this user more than the page they opened: see `hidden_in_log_from`.
        """
        rows = super().get_queryset(request)
        for model in apps.get_models():
            if known := getattr(model._default_manager, "numbers_known_to", None):
                unknown = ~Q(object_id__in=known(request.user))
                rows = rows.exclude(unknown, object_kind=model._meta.label_lower)
            if hidden := getattr(model._default_manager, "hidden_in_log_from", None):
                rows = rows.exclude(hidden(request.user))
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("user"), ordering="who")
    def by_whom(self, row: AccessLog) -> str:
        """The username at the time, and the user ID, which survives a rename."""
        return row.who if row.user_id is None else f"{row.who} ({row.user_id})"

    @admin.display(description=_("when"), ordering="at")
    def at_moment(self, row: AccessLog) -> str:
        """In words: the page of one entry would show a datetime as Python writes it."""
        return date_format(timezone.localtime(row.at), "DATETIME_FORMAT")

    @admin.display(description=_("record"), ordering="object_kind")
    def record(self, row: AccessLog) -> str:
        return kind_in_words(row.object_kind)

    @admin.display(description=_("number"), ordering="object_id")
    def number(self, row: AccessLog) -> str:
        return row.object_id

    @admin.display(description=_("which parts"))
    def parts(self, row: AccessLog) -> str:
        return ", ".join(part_in_words(row.object_kind, name) for name in row.field_names.split())

    @admin.display(description=_("how it was opened"))
    def counted(self, row: AccessLog) -> str:
        return row.get_budget_display()

    def name_of(self, row: AccessLog) -> str:
        """Such as “ada: opened, Member 70700B.”"""
        said = {"who": row.who, "action": row.get_action_display(), "record": kind_in_words(row.object_kind)}
        return gettext("%(who)s: %(action)s, %(record)s %(number)s") % {**said, "number": row.object_id}
