"""The lists of texts, and one text with all of its earlier versions; their words are edited on the “Edit this” page."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from s4jr.content import text_lists
from s4jr.content.forms import TextListForm
from s4jr.content.models import TextBlock, TextBlockRevision


class RevisionInline(admin.StackedInline):
    model = TextBlockRevision
    extra = 0
    can_delete = False
    readonly_fields = ["replaced_at", "replaced_by", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TextBlockRevision]:
        return super().get_queryset(request).select_related("replaced_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


#: {name of a list: (what it is called, the name of its URL)}
NAMES = {
    "pages": (_("Page text"), "content_textblock_changelist"),
    "emails": (_("Email text"), "content_textblock_emails"),
    "places": (_("Text about places"), "content_textblock_places"),
}


@admin.register(TextBlock)
class TextBlockAdmin(admin.ModelAdmin):
    """Lists to find texts. Nothing is saved here."""

    fields = ["key", "language", "state", "edit_it", "live_text", "original_text", "updated_at", "updated_by"]
    readonly_fields = fields
    inlines = [RevisionInline]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        own = [
            path(f"{name}/", self.admin_site.admin_view(self.list_view), {"name": name}, name=NAMES[name][1])
            for name in ("emails", "places")
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self.list_view(request, "pages")

    def list_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """One of the three lists, filtered by state and words."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TextListForm(request.GET)
        if not form.is_valid() or request.GET.keys() - form.fields.keys():
            raise SuspiciousOperation("A list of texts was asked for something that it does not filter by.")
        back = reverse(f"admin:{NAMES[name][1]}")
        rows = TextBlock.objects.in_order_of_languages().select_related("updated_by")
        context = {"title": NAMES[name][0], "opts": self.opts, "may_edit": self.has_change_permission(request)}
        lines = text_lists.lines_of(rows, back)
        context |= _filtered(name, lines, **form.cleaned_data)
        return render(request, "admin/content/text_list.html", {**self.admin_site.each_context(request), **context})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET"])
        return super().change_view(request, object_id, form_url, {"show_save": False})

    def name_of(self, row: TextBlock) -> str:
        """Its title, or the plain name of an email."""
        [line] = text_lists.lines_of([row], "")
        return line.title

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs["obj"]
        named = {"title": self.name_of(row), "subtitle": row.get_language_display()}
        return super().render_change_form(request, {**context, **named}, *args, **kwargs)

    @admin.display(description=_("status"))
    def state(self, text_block: TextBlock) -> str:
        return text_lists.state_in_words(text_block)

    @admin.display(description=_("what readers see"))
    def live_text(self, text_block: TextBlock) -> str:
        return text_block.text

    @admin.display(description=_("the original text"))
    def original_text(self, text_block: TextBlock) -> str:
        return text_block.file_text

    @admin.display(description=_("edit"))
    def edit_it(self, text_block: TextBlock) -> str:
        address = text_lists.edit_address(text_block, reverse("admin:content_textblock_changelist"))
        return format_html('<a href="{}">{}</a>', address, _("Edit this"))


def _filtered(name: str, lines: list[text_lists.Line], state: str, q: str) -> dict[str, Any]:
    """The context of one list: its groups, and how many texts each list and each state has with this search."""
    found = [line for line in lines if line.has_words(q.casefold())]
    here = [line for line in found if text_lists.LISTS[name](line.key)]
    return {
        "groups": text_lists.groups_of(name, text_lists.with_state(here, state)),
        "lists": [_list_link(other, found, state, q) | {"is_current": other == name} for other in NAMES],
        "states": [_state_link(choice, here, q) | {"is_current": choice == state} for choice in STATE_NAMES],
        "state": state,
        "q": q,
    }


def _list_link(name, lines, state, q):
    count = sum(map(text_lists.LISTS[name], (line.key for line in text_lists.with_state(lines, state))))
    words, url_name = NAMES[name]
    return {"words": words, "address": f"{reverse(f'admin:{url_name}')}{_query(state, q)}", "count": count}


def _state_link(state, lines, q):
    count = len(text_lists.with_state(lines, state))
    return {"words": STATE_NAMES[state], "address": _query(state, q), "count": count}


def _query(state, q):
    """A query string; "?" alone leads to the whole list."""
    return f"?{urlencode({name: value for name, value in (('state', state), ('q', q)) if value})}"


STATE_NAMES = {
    "": _("All"),
    "edited": _("Edited"),
    "outdated": _("Outdated"),
    "draft": _("Draft, not confirmed yet"),
    "hidden": _("Hidden"),
}
