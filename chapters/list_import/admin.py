"""The pages of a changelist on which admins bring a list: a file, a preview, and what was saved."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from chapters.list_import.forms import ConfirmForm, ErrorFileForm, UploadForm
from chapters.list_import.kinds import ListKind
from chapters.list_import.reading import ReadList, words_of
from chapters.list_import.services import Imported, add_lines
from s4jr.accounts.session_timeout import MINUTES_FOR_RECORDS, idle
from s4jr.audit import record_access
from s4jr.security.ratelimit import client_key, spend, too_many
from s4jr.tables.writer import csv_lines

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

#: A limit on imports, because a list of one line reveals whether an address is known.
IMPORTS = "10/d"
#: How many lines the preview shows as they were read.
FIRST_LINES = 3


class ListImportMixin(admin.ModelAdmin):
    """Goes before ModelAdmin; the class adds `import_urls()` to its own. Those who may add rows may bring a list."""

    list_kind: ListKind

    @property
    def import_view(self) -> str:
        """The URL name, which the changelist links to."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_import"

    def import_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.for_those_who_add(self.import_list))
        return [path("import/", view, name=self.import_view.partition(":")[2])]

    def for_those_who_add(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """The page `view` for users who may add rows, with the idle time of pages about people."""

        @require_http_methods(["GET", "POST"])
        @idle(minutes=MINUTES_FOR_RECORDS)
        def wrapper(request: "SignedInRequest") -> HttpResponseBase:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return view(request)

        return wrapper

    def import_list(self, request: "SignedInRequest") -> HttpResponseBase:
        if "encrypted_list" in request.POST:
            return self._error_file(request) if request.POST.get("action") == "errors" else self._confirm(request)
        form = UploadForm(request.POST or None, request.FILES or None, kind=self.list_kind)
        if not form.is_valid():
            return self._upload_page(request, form)
        again = ConfirmForm(initial={"encrypted_list": form.encrypted}, kind=self.list_kind)
        again.ask_only_for_what_matters(form.read)
        return self._preview(request, form.valid_list(), again)

    def _confirm(self, request: "SignedInRequest") -> HttpResponse:
        form = ConfirmForm(request.POST, kind=self.list_kind)
        if not form.is_valid():
            return self._preview(request, form.read, form) if form.read else self._start_over(request, form)
        if not spend("import", client_key(request), IMPORTS):
            return too_many(request)
        record_access.refuse_past_budget(request.user)
        lines, reason = form.valid_list().usable, form.cleaned_data["reason"]
        self._say_imported(request, add_lines(lines, self.list_kind, by=request.user, reason=reason))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _say_imported(self, request: "SignedInRequest", imported: Imported) -> None:
        messages.success(request, self.imported_in_words(imported.added))
        if imported.known:
            said = ngettext(
                "%d line is about someone or something already here. Nothing changed there.",
                "%d lines are about someone or something already here. Nothing changed there.",
                imported.known,
            )
            messages.info(request, said % imported.known)

    def imported_in_words(self, count: int) -> str:
        """What was saved, for the message after it."""
        raise NotImplementedError

    def _error_file(self, request: "SignedInRequest") -> HttpResponseBase:
        form = ErrorFileForm(request.POST, kind=self.list_kind)
        if not form.is_valid():
            return self._start_over(request, form)
        headers = {"Content-Disposition": f'attachment; filename="list-{timezone.now():%Y-%m-%d}.csv"'}
        lines = csv_lines(form.valid_list().unusable_rows())
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    def _start_over(self, request: "SignedInRequest", form: ConfirmForm) -> HttpResponse:
        for error in form.non_field_errors():
            messages.warning(request, str(error))
        return self._upload_page(request, UploadForm(kind=self.list_kind))

    def _upload_page(self, request: "SignedInRequest", form: UploadForm) -> HttpResponse:
        return self._import_page(request, "import", gettext("Import"), form=form, kind=self.list_kind)

    def _preview(self, request: "SignedInRequest", read: ReadList, form: ConfirmForm) -> HttpResponse:
        title, first = gettext("Check before you import"), [words_of(line) for line in read.usable[:FIRST_LINES]]
        return self._import_page(request, "import_preview", title, form=form, read=read, first_lines=first)

    def _import_page(self, request: "SignedInRequest", name: str, title: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return render(request, f"admin/chapters/{name}.html", {**context, "import_view": self.import_view})
