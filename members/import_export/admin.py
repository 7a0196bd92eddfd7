"""The tools of the members' changelist: export and import."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from members.import_export.exporter import export, file_name, progress_of
from members.import_export.forms import ConfirmForm, ErrorFileForm, ExportForm, UploadForm
from members.import_export.importer import ReadList, add_members
from s4jr.accounts.allauth_internals import is_reauthentication_required
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit import record_access
from s4jr.security.ratelimit import client_key, limited, spend, too_many
from s4jr.tables.writer import csv_lines

#: A limit on imports, because a list of one line reveals whether an address is known.
IMPORTS = "10/d"


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
            return self._sign_in_again(request)
        form = ExportForm(request.POST or None)
        if not form.is_valid():
            last = progress_of(request.user)
            return self._page(request, "export", gettext("Export"), form=form, last=last)
        lines = export(form.members(), by=request.user, reason=form.cleaned_data["reason"])
        return _download(lines)

    def _sign_in_again(self, request: SignedInRequest) -> HttpResponse:
        """Redirects to this user's first reauthentication method.

        Drops the form values, because the session stores them unencrypted.
        """
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        if not ways:
            raise PermissionDenied
        return redirect_to_login(request.path, ways[0]["url"])

    # --- import

    def import_list(self, request: SignedInRequest) -> HttpResponseBase:
        if "encrypted_list" in request.POST:
            return self._errors(request) if request.POST.get("action") == "errors" else self._confirmed(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._upload_page(request, form)
        again = ConfirmForm(initial={"day_first": form.cleaned_data["day_first"], "encrypted_list": form.encrypted})
        return self._preview(request, form.valid_list(), again)

    def _confirmed(self, request: SignedInRequest) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._preview(request, form.read, form) if form.read else self._start_over(request, form)
        if not spend("import", client_key(request), IMPORTS):
            return too_many(request)
        record_access.refuse_past_budget(request.user)
        lines = form.valid_list().usable
        added = len(add_members(lines, by=request.user, reason=form.cleaned_data["reason"]))
        self._say_imported(request, added, known=len(lines) - added)
        return redirect(f"{reverse('admin:members_member_changelist')}?status=approved")

    def _say_imported(self, request: SignedInRequest, added: int, known: int) -> None:
        said = ngettext(
            "%d person imported. No email was sent.", "%d people imported. No emails were sent.",
            added,
        )  # fmt: skip
        messages.success(request, said % added)
        if known:
            said = ngettext(
                "%d person was already here. Nothing changed for them.",
                "%d people were already here. Nothing changed for them.",
                known,
            )
            messages.info(request, said % known)

    def _errors(self, request: SignedInRequest) -> HttpResponseBase:
        form = ErrorFileForm(request.POST)
        if not form.is_valid():
            return self._start_over(request, form)
        return _download(csv_lines(form.valid_list().unusable_rows()))

    def _start_over(self, request: SignedInRequest, form: ConfirmForm) -> HttpResponse:
        for error in form.non_field_errors():
            messages.warning(request, str(error))
        return self._upload_page(request, UploadForm())

    def _upload_page(self, request: SignedInRequest, form: UploadForm) -> HttpResponse:
        return self._page(request, "import", gettext("Import"), form=form)

    def _preview(self, request: SignedInRequest, read: ReadList, form: ConfirmForm) -> HttpResponse:
        return self._page(request, "import_preview", gettext("Check before you import"), form=form, read=read)

    def _page(self, request: SignedInRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/members/{name}.html", context)


def _download(lines: Iterable[bytes]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file_name()}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
