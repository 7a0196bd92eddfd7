"""The page where admins who plan all meetings export them."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from chapters.meetings.export import export_meetings
from chapters.meetings.export_forms import MeetingExportForm
from chapters.meetings.manage_views import for_hosts
from chapters.meetings.permissions import makes_all
from s4jr.accounts.allauth_internals import is_reauthentication_required
from s4jr.accounts.reauthentication import sign_in_again
from s4jr.security.ratelimit import limited

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

TYPES = {"csv": "text/csv; charset=utf-8", "ics": "text/calendar; charset=utf-8"}


@for_hosts
@limited("export_meetings", "20/h")
def export(request: "SignedInRequest") -> HttpResponseBase:
    if not makes_all(request.user):
        raise Http404
    form = MeetingExportForm(request.POST or None)
    if not form.is_valid():
        return render(request, "chapters/meetings/manage_export.html", {"form": form})
    if form.cleaned_data["has_hidden"] and is_reauthentication_required(request):
        return sign_in_again(request)
    return _download(request, form)


def _download(request: "SignedInRequest", form: MeetingExportForm) -> HttpResponse:
    said = form.cleaned_data
    pieces = export_meetings(form.meetings(), said["file_format"], by=request.user, reason=said["reason"])
    name = f"meetings-{timezone.now():%Y-%m-%d}.{said['file_format']}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(b"".join(pieces), content_type=TYPES[said["file_format"]], headers=headers)
