"""The tools of the members' changelist: export and import."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from chapters.list_import.admin import IMPORTS
from members.import_export.exporter import export, file_name, progress_of
from members.import_export.forms import ColumnsForm, ConfirmForm, ExportForm, UploadForm
from members.import_export.import_state import ImportState
from members.import_export.importer import Line
from members.import_export.preview import first_people, notes_on
from members.import_export.services import add_members
from s4jr.accounts.allauth_internals import is_reauthentication_required
from s4jr.accounts.reauthentication import sign_in_again
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit import record_access
from s4jr.security.ratelimit import client_key, limited, spend, too_many
from s4jr.tables.decoding import UnreadableTableError
from s4jr.tables.writer import csv_lines


class ListAdmin(admin.ModelAdmin):
    """Mixin that goes before the members' ModelAdmin. Its links are in `admin/members/_list_tools.html`."""

    def get_urls(self):
        export_view = limited("export", "20/h")(self.export_list)
        views = [
            path("export/", self._behind("export_member", export_view), name="members_member_export"),
            path("import/", self._behind("import_member", self.import_list), name="members_member_import"),
        ]
        return views + super().get_urls()

    def _behind(
        self, permission: str, view: Callable[[SignedInRequest], HttpResponseBase]
    ) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "POST"])
        def wrapper(request: SignedInRequest) -> HttpResponseBase:
            if not request.user.has_perm(f"members.{permission}"):
                raise PermissionDenied
            return view(request)

        return self.admin_site.admin_view(wrapper)

    # --- export

    def export_list(self, request: SignedInRequest) -> HttpResponseBase:
        if is_reauthentication_required(request):
            return sign_in_again(request)
        form = ExportForm(request.POST or None)
        if not form.is_valid():
            last = progress_of(request.user)
            return self._page(request, "export", gettext("Export"), form=form, last=last)
        lines = export(form.members(), by=request.user, reason=form.cleaned_data["reason"])
        return _download(lines)

    # --- import

    def import_list(self, request: SignedInRequest) -> HttpResponseBase:
        if "encrypted_list" in request.POST:
            return self._continue_import(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if not form.is_valid() or form.state is None:
            return self._upload_page(request, form)
        return self._preview(request, form.state)

    def _continue_import(self, request: SignedInRequest) -> HttpResponseBase:
        """Reads the list again as the page showed it, then as the admin chose in the page."""
        try:
            state = ImportState.opened(request.POST["encrypted_list"])
            columns = ColumnsForm(request.POST, read=state.read)
            if not columns.is_valid():
                return self._preview(request, state, columns=columns)
            is_changed = columns.has_changes()
            chosen = state.with_choices(columns.choices()) if is_changed else state
            return self._act_on(request, chosen, is_as_shown=not is_changed)
        except UnreadableTableError as error:
            messages.warning(request, str(error))
            return self._upload_page(request, UploadForm())

    def _act_on(self, request: SignedInRequest, state: ImportState, is_as_shown: bool) -> HttpResponseBase:
        read, action = state.read, request.POST.get("action")
        if action == "errors":
            return _download(csv_lines(read.unusable_rows()))
        if action == "check" or not is_as_shown:
            if action != "check":
                said = gettext("You changed how the list is read. Check the first people again. Then import.")
                messages.warning(request, said)
            return self._preview(request, state, confirm=ConfirmForm(initial=_typed_in(request)))
        confirm = ConfirmForm(request.POST)
        if read.open_questions() or not confirm.is_valid():
            return self._preview(request, state, confirm=confirm)
        return self._save(request, read.usable, confirm.cleaned_data["reason"])

    def _save(self, request: SignedInRequest, lines: list[Line], reason: str) -> HttpResponse:
        if not spend("import", client_key(request), IMPORTS):
            return too_many(request)
        record_access.refuse_past_budget(request.user)
        added = len(add_members(lines, by=request.user, reason=reason))
        self._say_imported(request, added, left_out=len(lines) - added)
        return redirect(f"{reverse('admin:members_member_changelist')}?status=approved")

    def _say_imported(self, request: SignedInRequest, added: int, left_out: int) -> None:
        """One number for all who were left out: it must not tell who is here, who stopped emails and who is deleted."""
        said = ngettext(
            "%d person imported. No email was sent.", "%d people imported. No emails were sent.",
            added,
        )  # fmt: skip
        messages.success(request, said % added)
        if left_out:
            said = ngettext(
                "%d person was left out: they are already here, they stopped our emails, or we deleted their record. "
                "Nothing changed for them.",
                "%d people were left out: they are already here, they stopped our emails, or we deleted their record. "
                "Nothing changed for them.",
                left_out,
            )
            messages.info(request, said % left_out)

    def _upload_page(self, request: SignedInRequest, form: UploadForm) -> HttpResponse:
        return self._page(request, "import", gettext("Import"), form=form)

    def _preview(
        self,
        request: SignedInRequest,
        state: ImportState,
        columns: ColumnsForm | None = None,
        confirm: ConfirmForm | None = None,
    ) -> HttpResponse:
        read = state.read
        shown = {"people": first_people(read), "notes": notes_on(read, state.encoding), "asked": read.open_questions()}
        forms = {"columns": columns or ColumnsForm(read=read), "confirm": confirm or ConfirmForm()}
        title = gettext("Check before you import")
        return self._page(request, "import_preview", title, read=read, encrypted_list=state.encrypted, **shown, **forms)

    def _page(self, request: SignedInRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/members/{name}.html", context)


def _typed_in(request: SignedInRequest) -> dict[str, Any]:
    """What was entered about the list, for a page that shows it again."""
    return {"reason": request.POST.get("reason", ""), "agreed": "agreed" in request.POST}


def _download(lines: Iterable[bytes]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file_name()}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
