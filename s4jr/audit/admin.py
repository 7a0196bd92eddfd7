"""The access log in the admin: read-only, and a reason is shown only after it was opened."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s4jr.audit.models import AccessLog
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.pagination import ListedFilter, LongListAdmin


class RecordFilter(ListedFilter):
    title = AccessLog._meta.get_field("object_kind").verbose_name
    parameter_name = "object_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kept = [model._meta for model in apps.get_models() if hasattr(model, "inventory")]
        return sorted(((meta.label_lower, meta.verbose_name) for meta in kept), key=lambda pair: str(pair[1]))


@admin.register(AccessLog)
class AccessLogAdmin(ReasonRequiredMixin, LongListAdmin, admin.ModelAdmin):
    """Reading a reason counts as an opening: it may name a person."""

    opened_fields, implied_reason = ["reason"], _("reading the access log")
    list_display = ["at", "by_whom", "action", "object_kind", "object_id", "field_names"]
    list_filter = ["at", "action", RecordFilter]
    search_fields = ["=who", "=object_id"]
    actions = None
    fields = ["at", "by_whom", "action", "object_kind", "object_id", "field_names", "budget", "reason"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessLog]:
        """Without entries about records this user may not know of: such models have a method `numbers_known_to`."""
        rows = super().get_queryset(request)
        for model in apps.get_models():
            if known := getattr(model._default_manager, "numbers_known_to", None):
                unknown = ~Q(object_id__in=known(request.user))
                rows = rows.exclude(unknown, object_kind=model._meta.label_lower)
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
