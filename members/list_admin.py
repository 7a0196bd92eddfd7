"""The lists of the members' admin: finding one person, taking a list along, bringing one in."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from members.exporting import csv_lines, export, file_name, progress_of
from members.importing import add_members
from members.list_forms import ConfirmForm, ErrorFileForm, ExportForm, UploadForm
from members.searching import find
from s4jr.privacy.limits import limited


class ListAdmin:
    """Mixed into the members' ModelAdmin, before it. Its links are in `admin/members/_list_tools.html`."""

    search_fields = ["number"]  # shows the box; what is looked for is in `find`
    search_help_text = _("A whole e-mail address, a number (No. 4F2A91) or a status code, among everybody.")

    def get_search_results(self, request, queryset, search_term):
        """Among everybody: whoever looks for one person does not know their status yet."""
        return (find(self.get_queryset(request), search_term) if search_term else queryset), False

    def get_urls(self):
        taking = limited("export", "20/h")(self.export_list)
        views = [
            path("export/", self._behind("export_member", taking), name="members_member_export"),
            path("import/", self._behind("import_member", self.import_list), name="members_member_import"),
        ]
        return views + super().get_urls()

    def _behind(self, permission, view):
        @require_http_methods(["GET", "POST"])
        def wrapper(request):
            if not request.user.has_perm(f"members.{permission}"):
                raise PermissionDenied
            return view(request)

        return self.admin_site.admin_view(wrapper)

    # --- taking a list along

    def export_list(self, request):
        if is_reauthentication_required(request, app=""):
            return self._sign_in_again(request)
        form = ExportForm(request.POST or None)
        if not form.is_valid():
            last = progress_of(request.user)
            return self._page(request, "export", gettext("Take a list along"), form=form, last=last)
        lines = export(form.members(), by=request.user, reason=form.cleaned_data["reason"])
        return _download(lines)

    def _sign_in_again(self, request):
        """By whichever way this person signs in. What was typed is dropped: sessions lie in the database in clear."""
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        if not ways:
            raise PermissionDenied
        return redirect_to_login(request.path, ways[0]["url"])

    # --- bringing a list in

    def import_list(self, request):
        if "sealed_list" in request.POST:
            return self._errors(request) if request.POST.get("press") == "errors" else self._confirmed(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._upload_page(request, form)
        again = ConfirmForm(initial={"day_first": form.cleaned_data["day_first"], "sealed_list": form.sealed})
        return self._preview(request, form.read, again)

    def _confirmed(self, request):
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._preview(request, form.read, form) if form.read else self._start_over(request, form)
        members = add_members(form.read.new, by=request.user)
        said = ngettext(
            "%d person is on the list now. No letter was sent.", "%d people are on the list now. No letter was sent.",
            len(members),
        )  # fmt: skip
        messages.success(request, said % len(members))
        return redirect(f"{reverse('admin:members_member_changelist')}?status=approved")

    def _errors(self, request):
        form = ErrorFileForm(request.POST)
        return _download(csv_lines(form.read.unusable_rows())) if form.is_valid() else self._start_over(request, form)

    def _start_over(self, request, form):
        for error in form.non_field_errors():
            messages.warning(request, error)
        return self._upload_page(request, UploadForm())

    def _upload_page(self, request, form):
        return self._page(request, "import", gettext("Bring a list in"), form=form)

    def _preview(self, request, read, form):
        return self._page(request, "import_preview", gettext("Look before anything is kept"), form=form, read=read)

    def _page(self, request, name, title, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/members/{name}.html", context)


def _download(lines):
    headers = {"Content-Disposition": f'attachment; filename="{file_name()}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
