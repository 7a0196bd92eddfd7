"""Pages for the host of a meeting about people who RSVP: a message to everyone, and guests to accept."""

import uuid
from typing import NamedTuple

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chapters.meetings.manage_views import for_hosts
from chapters.meetings.permissions import hosted_meetings
from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps.host_forms import MessageForm
from members.rsvps.host_services import (
    MESSAGES_A_DAY,
    accept_guest,
    may_send,
    name_version,
    send_message,
    unaccept_guest,
)
from members.rsvps.querysets import RsvpQuerySet
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.fields import readable


@for_hosts
def message(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """A message to everyone who is going: the form, a preview, and one POST that sends it."""
    open_ones = hosted_meetings(request.user).upcoming().taking_place()
    meeting = get_object_or_404(open_ones.select_related("series"), pk=pk)
    form, step = MessageForm(request.POST or None, meeting=meeting), request.POST.get("step")
    if form.is_valid() and step == "send" and _send(request, meeting, form):
        return redirect("manage_meeting", pk=pk)
    going = Rsvp.objects.filter(meeting=meeting).going()
    seen = {
        "meeting": meeting,
        "form": form,
        "may_send": may_send(meeting),
        "limit": MESSAGES_A_DAY,
        "going": going.count(),
        "emails": going.to_be_written_to().count(),
    }
    is_checked = form.is_valid() and step == "check"
    return render(request, f"members/rsvps/host_message{'_check' if is_checked else ''}.html", seen)


def _send(request: SignedInRequest, meeting: Meeting, form: MessageForm) -> bool:
    token, text = form.cleaned_data["token"], form.cleaned_data["text"]
    is_sent = send_message(meeting.pk, text, token=token, by=request.user)
    if is_sent:
        notices.success(request, _("We’re sending your message to everyone who is going."))
    else:
        notices.error(request, _("Your message was not sent. You can send the next one tomorrow."))
    return is_sent


class NamedGuest(NamedTuple):
    """`seen`: the version of the name that the page shows."""

    row: Rsvp
    name: str
    seen: str


@for_hosts
def guests(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The guests of a meeting in person or by phone, by the name they gave. The access log records it."""
    meeting = _with_a_venue(request, pk)
    rows = list(Rsvp.objects.filter(meeting=meeting).guests().taking_part().order_by("place_in_line", "pk"))
    if rows:
        log_access(who=request.user, action=AccessLog.Action.OPENED, records=[meeting], field_names=["name"])
    found = [NamedGuest(row, readable(row, "name"), name_version(row)) for row in rows]
    return render(request, "members/rsvps/host_guests.html", {"meeting": meeting, "guests": found})


@require_POST
@for_hosts
def accept(request: SignedInRequest, pk: uuid.UUID, guest: uuid.UUID) -> HttpResponse:
    meeting = _with_a_venue(request, pk)
    one = Rsvp.objects.filter(pk=guest, meeting=meeting)
    if request.POST.get("do") == "accept":
        _accept(request, one)
    elif request.POST.get("do") == "take_back" and unaccept_guest(one, by=request.user):
        notices.success(request, _("This guest no longer sees the street address or phone number."))
    return redirect("host_guests", pk=pk)


def _accept(request: SignedInRequest, guest: RsvpQuerySet) -> None:
    if accept_guest(guest, by=request.user, seen=request.POST.get("seen", "")):
        notices.success(
            request, _("This guest sees the street address or phone number from 24 hours before the meeting.")
        )
    else:
        notices.error(
            request, _("Nothing changed. This guest may have canceled or given another name. Check the list below.")
        )


def _with_a_venue(request: SignedInRequest, pk: uuid.UUID) -> Meeting:
    """A meeting of this host that is not online and not over. Raises Http404 for any other."""
    to_come = hosted_meetings(request.user).upcoming().for_everybody()
    meeting = to_come.exclude(format=Meeting.Format.ONLINE).filter(pk=pk).first()
    if meeting is None:
        raise Http404
    return meeting
