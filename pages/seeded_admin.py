"""What the admin of statistics, the team and support lines has in common."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext

from pages.seeds import is_seeded
from s4jr.accounts.edit_conflicts import LockedRowAdmin
from s4jr.accounts.repeated_form import RepeatedFormMixin


class SeededAdmin(RepeatedFormMixin, LockedRowAdmin):
    """Rows that are seeded from git cannot be deleted here, because the next deploy would restore them."""

    actions = None
    change_form_template = "admin/pages/change_form.html"
    change_list_template = "admin/pages/change_list.html"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_seeded(obj))

    def changeable(self, request: HttpRequest, pk: int) -> Any:
        """The row, for a view that changes it. Raises Http404 or PermissionDenied."""
        row = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def check_view(self, request: HttpRequest, row: Model) -> None:
        if not self.has_view_permission(request, row):
            raise PermissionDenied

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        may_save = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        names = {"changelist_name": self._url_name("changelist"), "delete_name": self._url_name("delete")}
        return super().render_change_form(request, {**context, **names, "may_save": may_save}, *args, obj=obj, **kwargs)

    def _url_name(self, view):
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context: dict[str, Any] = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        return super().changelist_view(request, context)

    # --- after a save

    def saved_in_words(self, row: Any) -> str:
        """What readers see now, whether an email left, and how to undo it."""
        raise NotImplementedError

    def deleted_in_words(self, name: str) -> str:
        text = gettext("“%(name)s” is deleted, and readers no longer see it. No email was sent. You can’t undo this.")
        return text % {"name": name}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.back_to_list(request, self.saved_in_words(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.back_to_list(request, self.saved_in_words(obj))

    def back_to_list(self, request: HttpRequest, said: str) -> HttpResponse:
        messages.success(request, said)
        return HttpResponseRedirect(reverse(self._url_name("changelist")))

    # --- words and links of the lists

    @staticmethod
    def in_words(day: date | None) -> str:
        return date_format(day, "DATE_FORMAT") if day else ""

    @staticmethod
    def see_link(address: str, name: str) -> str:
        label = gettext("See it: %(name)s") % {"name": name}
        return format_html('<a href="{}" aria-label="{}">{}</a>', address, label, gettext("See it"))


def button_in_list(view_name: str, pk: int, words: str, label: str, css: str = "button") -> str:
    """A button that posts to a view of one row; the list itself is in a form with the CSRF token."""
    return format_html(
        '<button type="submit" class="{}" formaction="{}" aria-label="{}">{}</button>',
        css, reverse(view_name, args=[pk]), label, words,
    )  # fmt: skip


def post_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method of an admin that answers 405 to anything but POST."""

    @wraps(view)
    def guarded(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(self, request, *args, **kwargs)

    return guarded
