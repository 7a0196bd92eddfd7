"""The admin page that asks why before it shows a record, and the page about a spent budget.

`s4jr.audit.record_access` logs the reason and spends the budget before anything can be read.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext

from s4jr.audit import record_access
from s4jr.audit.forms import ReasonForm

#: The reason form in the middle of another form: the prefix of its field, and the marker that it carries that form.
PREFIX, CARRIES = "opening", "opening-carries"


class ReasonRequiredMixin(admin.ModelAdmin):
    """Goes before ModelAdmin: the page of one record shows it only after a reason was given.

    Subclasses state which fields they show. Django's change view asks by itself; custom pages call `ask_to_open` or
    `ask_to_continue`.
    """

    #: The encrypted fields that the page of one record shows.
    opened_fields: Collection[str] = ()
    #: What the reason form contains at first.
    suggested_reason: str | Promise = ""
    #: The reason that the page's URL implies: with it, the page does not ask.
    implied_reason: str | Promise = ""

    def get_opened_fields(self, record: Any) -> Collection[str]:
        return self.opened_fields

    def needs_reason(self, request: HttpRequest, record: Any) -> bool:
        """Whether the page of `record` shows anything that must be opened."""
        return True

    def get_record_context(self, request: Any, record: Any) -> dict[str, Any]:
        """Template context of the change view, computed once the record is open."""
        return {}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None or not self.has_view_permission(request, record):
            return super().change_view(request, object_id, form_url, extra_context)
        if asked := self.ask_to_open(request, record):
            return asked
        context = {**self.get_record_context(request, record), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def ask_to_open(self, request: HttpRequest, record: Model) -> HttpResponse | None:
        """For the page of one record: None once it may be shown, else the response that asks why or follows from it."""
        if not self.needs_reason(request, record):
            return None
        names, is_submitted = self.get_opened_fields(record), request.method == "POST"
        if self.implied_reason:
            record_access.open_for(request, record, names, str(self.implied_reason))
            return None
        if not is_submitted and record_access.is_open(request, record, names):
            return None
        form = ReasonForm(request.POST if is_submitted else None, initial={"reason": self.suggested_reason})
        if not form.is_valid():
            return self._reason_page(request, record, form)
        record_access.open_record(request, record, names, form.cleaned_data["reason"])
        return redirect(request.path)

    def ask_to_continue(
        self, request: HttpRequest, record: Model, field_names: Collection[str] | None = None
    ) -> HttpResponse | None:
        """For a page that follows from an open record: None once it may be shown, else the reason page.

        If this sign-in never opened the record, the reason page carries the submitted form along.
        """
        names = self.get_opened_fields(record) if field_names is None else field_names
        if not self.needs_reason(request, record) or record_access.continue_with(request, record, names):
            return None
        form = ReasonForm(request.POST if f"{PREFIX}-reason" in request.POST else None, prefix=PREFIX)
        if not form.is_valid():
            return self._reason_page(request, record, form, carried=_carried(request))
        record_access.open_record(request, record, names, form.cleaned_data["reason"])
        return None if CARRIES in request.POST else redirect(request.get_full_path())

    def _reason_page(
        self, request: HttpRequest, record: Model, form: ReasonForm, carried: Collection[tuple[str, Any]] = ()
    ) -> HttpResponse:
        shown = {"title": str(record), "form": form, "button": gettext("Open the record"), "carried": carried}
        return render(request, "admin/one_form.html", {**self.admin_site.each_context(request), **shown})


def _carried(request: HttpRequest) -> list[tuple[str, Any]]:
    """The submitted form as pairs for hidden fields; nothing if the page was only requested."""
    if request.method != "POST" or (f"{PREFIX}-reason" in request.POST and CARRIES not in request.POST):
        return []
    ours = {CARRIES, f"{PREFIX}-reason", "csrfmiddlewaretoken"}
    said = [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]
    return [(CARRIES, "1"), *said]


def explain_limit(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate an admin view: past the budget it answers with the page about the limit."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except record_access.TooManyOpeningsError:
            record_access.notify_again(request.user)
            context = {**admin.site.each_context(request), "title": gettext("Limit reached")}
            return render(request, "admin/too_many_openings.html", context, status=403)

    return wrapper
