from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from s4jr.accounts.requests import signed_in_user
from s4jr.content.models import TextBlock, TextBlockQuerySet, TextBlockRevision
from s4jr.content.services import hide_texts, revert_texts, show_texts


class StateFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("edited", _("edited")), ("outdated", _("outdated: the original changed")), ("hidden", _("hidden"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return getattr(queryset, state)() if state and state in dict(self.lookup_choices) else queryset


class RevisionInline(admin.StackedInline):
    model = TextBlockRevision
    extra = 0
    can_delete = False
    readonly_fields = ["replaced_at", "replaced_by", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TextBlockRevision]:
        return super().get_queryset(request).select_related("replaced_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TextBlock)
class TextBlockAdmin(admin.ModelAdmin):
    """A list to find, hide and revert texts; their words are edited on the “Edit this” page."""

    list_display = ["key", "language", "state", "updated_at", "updated_by", "edit_it"]
    list_filter = [StateFilter, "language"]
    list_select_related = ["updated_by"]
    search_fields = ["key", "edit"]
    fields = ["key", "language", "state", "edit_it", "live_text", "original_text", "updated_at", "updated_by"]
    readonly_fields = fields
    inlines = [RevisionInline]
    actions = ["hide", "show_again", "revert"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        nothing_to_save = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, nothing_to_save)

    @admin.display(description=_("status"))
    def state(self, text_block: TextBlock) -> str:
        states = {
            _("hidden"): text_block.is_hidden,
            _("outdated: the original changed"): text_block.is_outdated,
            _("edited"): text_block.edit,
            _("no original anymore"): not text_block.file,
            _("draft, not confirmed yet"): text_block.file and text_block.file.is_draft,
        }
        return ", ".join(str(words) for words, is_so in states.items() if is_so) or _("same as the original")

    @admin.display(description=_("what readers see"))
    def live_text(self, text_block: TextBlock) -> str:
        return text_block.text

    @admin.display(description=_("the original text"))
    def original_text(self, text_block: TextBlock) -> str:
        return text_block.file_text

    @admin.display(description=_("edit"))
    def edit_it(self, text_block: TextBlock) -> str:
        back = reverse("admin:content_textblock_changelist")
        query = urlencode({"language": text_block.language, "back": back})
        return format_html(
            '<a href="{}?{}">{}</a>', reverse("edit_text_block", args=[text_block.key]), query, _("Edit this")
        )

    @admin.action(description=_("Hide from the site, in every language"), permissions=["change"])
    def hide(self, request: HttpRequest, text_blocks: TextBlockQuerySet) -> None:
        count = hide_texts(text_blocks, by=signed_in_user(request))
        self.message_user(request, ngettext("%d text hidden.", "%d texts hidden.", count) % count)

    @admin.action(description=_("Show on the site again, in every language"), permissions=["change"])
    def show_again(self, request: HttpRequest, text_blocks: TextBlockQuerySet) -> None:
        count = show_texts(text_blocks, by=signed_in_user(request))
        self.message_user(request, ngettext("%d text shown again.", "%d texts shown again.", count) % count)

    @admin.action(description=_("Go back to the original text"), permissions=["change"])
    def revert(self, request: HttpRequest, text_blocks: TextBlockQuerySet) -> None:
        count = revert_texts(text_blocks, by=signed_in_user(request))
        message = ngettext("%d text went back to its original.", "%d texts went back to their originals.", count)
        self.message_user(request, message % count)
