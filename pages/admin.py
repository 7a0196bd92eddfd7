from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.forms import URLField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pages.forms import TeamMemberForm
from pages.models import Statistic, SupportLine, TeamMember, TeamMemberQuerySet
from pages.seeds import is_seeded
from pages.services import BIOS, new_bio_key, remove_person, save_bio

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class SeededAdmin(admin.ModelAdmin):
    """Rows that are seeded from git cannot be deleted here, because the next deploy would restore them."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_seeded(obj))


class HttpsField(URLField):
    """A URL field that assumes https if the scheme is missing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)  # pyright: ignore[reportCallIssue]  # new in Django 5.0


class SourceFilter(admin.SimpleListFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [("without_source", _("without a source")), ("sourced", _("with a source"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return getattr(queryset, value)() if value and value in dict(self.lookup_choices) else queryset


@admin.register(Statistic)
class StatisticAdmin(SeededAdmin):
    list_display = ["label", "text", "has_source", "checked_on"]
    list_filter = [SourceFilter]
    search_fields = ["label", "text", "source"]
    formfield_overrides = {models.URLField: {"form_class": HttpsField}}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["label"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["slug"] if obj else []  # people may have cited its anchor

    @admin.display(description=_("has a source"), boolean=True)
    def has_source(self, statistic: Statistic) -> bool:
        return statistic.is_sourced


@admin.register(TeamMember)
class TeamMemberAdmin(SeededAdmin):
    form = TeamMemberForm
    fields = TeamMemberForm.Meta.fields
    list_display = ["name", "role", "consent_until", "words"]

    def save_model(self, request: "SignedInRequest", obj: TeamMember, form: TeamMemberForm, change: bool) -> None:
        if not obj.text_block_key.startswith(BIOS):
            obj.text_block_key = new_bio_key(obj.name)
        super().save_model(request, obj, form, change)
        for language, text in form.changed_bios.items():
            save_bio(obj, language, text, by=request.user)

    def delete_model(self, request: HttpRequest, obj: TeamMember) -> None:
        remove_person(obj)

    def delete_queryset(self, request: HttpRequest, queryset: TeamMemberQuerySet) -> None:
        for person in queryset:
            remove_person(person)

    @admin.display(description=_("bio"))
    def words(self, person: TeamMember) -> str:
        back = reverse("admin:pages_teammember_changelist")
        address = reverse("edit_text_block", args=[person.text_block_key])
        return format_html('<a href="{}?back={}">{}</a>', address, back, _("Edit this"))


@admin.register(SupportLine)
class SupportLineAdmin(SeededAdmin):
    list_display = ["name", "country", "may_call_police", "checked_on", "is_published"]
    list_filter = ["is_published", "may_call_police"]
    formfield_overrides = {models.URLField: {"form_class": HttpsField}}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}
