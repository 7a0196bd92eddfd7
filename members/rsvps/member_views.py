"""A member's meetings on their own pages: RSVP, cancel, and a personal calendar."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from chapters.meetings.page_context import around
from chapters.models import Meeting
from members.applications.status_code import public_status
from members.models import Member, OwnCalendar, Rsvp
from members.rsvps.forms import Act, MemberForm, OwnCalendarForm
from members.rsvps.page_context import OWN_RSVP, may_come_to, shown
from members.rsvps.personal_calendar import CALENDAR_LINKS, address_of, revoke_calendar
from members.rsvps.querysets import ENCRYPTED
from members.rsvps.reader_zones import zone_of_member
from members.rsvps.services import cancel_rsvp, make_rsvp
from members.rsvps.venue_words import MEMBER_NEEDS_PROOF, venue_context
from members.self_service.credentials import DAYS, Kind, discard_change, replace_credential
from members.self_service.decorators import with_whole_visit
from members.self_service.session import NEW_CALENDAR, MemberSession, Reach
from s4jr.security.reload_state import keep_for_reload, kept_for_reload


def for_welcomed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Restricts a member page to approved members; anyone else gets a 404."""

    @wraps(view)
    def wrapper(request: HttpRequest, visit: MemberSession, **kwargs: Any) -> HttpResponse:
        if public_status(visit.member) != "welcomed":
            raise Http404
        return view(request, visit, **kwargs)

    return with_whole_visit(wrapper)


@for_welcomed
def meeting(request: HttpRequest, visit: MemberSession, pk: uuid.UUID) -> HttpResponse:
    meeting = get_object_or_404(may_come_to(visit.member).select_related("chapter"), pk=pk)
    row = Rsvp.objects.filter(meeting=meeting, member=visit.member).defer(*ENCRYPTED).first()
    shows_words, data = visit.reach is Reach.WHOLE, request.POST or None
    form = MemberForm(data, member=visit.member, row=row, shows_words=shows_words)
    if form.is_valid() and form.act != Act.LOOK:
        _carry_out(form, meeting, visit.member)
        _say(request, form.act, meeting, visit.member)
        return redirect("my_meeting", pk=pk)
    seen = {
        **shown(meeting, row, zone_of_member(visit.member)),
        "form": form,
        "shows_words": shows_words,
        "rsvp": OWN_RSVP,
    }
    seen |= venue_context(meeting, row, missing="" if may_see_venue(visit) else MEMBER_NEEDS_PROOF)
    seen |= around(meeting, "my_meeting")
    if not may_go_in(visit):
        seen |= {"way_in": "", "way_in_is_hidden": bool(seen["way_in"])}
    return render(request, "members/rsvps/my_meeting.html", seen)


def may_go_in(visit: MemberSession) -> bool:
    """Whether the page may show the meeting link: for a member with an address, only once they proved its inbox.

    A stranger who applied with someone else's address has a code too, and maybe a secret word.
    """
    return visit.has_proved_inbox or not visit.member.email_index


def may_see_venue(visit: MemberSession) -> bool:
    """Whether the page may show the street address or dial-in.

    Stricter than the meeting link: access to the inbox alone must not show where someone will be.
    """
    return visit.is_more_than_a_link and may_go_in(visit)


def _carry_out(form: MemberForm, meeting: Meeting, member: Member) -> bool | int:
    if form.act == Act.COME:
        return make_rsvp(meeting.pk, member, **form.said())
    return cancel_rsvp(Rsvp.objects.filter(meeting=meeting, member=member))


def _say(request: HttpRequest, act: Act, meeting: Meeting, member: Member) -> None:
    if act == Act.CANCEL:
        messages.success(request, _("You’re not going. If you told us what would help you take part, we deleted it."))
    elif Rsvp.objects.taking_part().filter(meeting=meeting, member=member).exists():
        messages.success(request, _("Your RSVP is saved."))


@for_welcomed
def calendar(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Creates or revokes the calendar address.

    A new address stays encrypted in the session for ten minutes, so that a reload shows it again and creates no other.
    A member with an email address must prove it first.
    """
    may_make = visit.is_more_than_a_code or not visit.member.email_index
    form = OwnCalendarForm(request.POST if request.POST.get("do") == "make" else None)
    if request.POST.get("do") == "revoke":
        _revoke_address(request, visit)
        return redirect("my_calendar")
    if may_make and form.is_valid():
        _make_address(request, visit, form.cleaned_data["shows"])
        return redirect("my_calendar")
    seen = {"may_make": may_make, "discreet": visit.member.contact != visit.member.Contact.YES, "form": form}
    seen |= _addresses(visit.member, kept_for_reload(request, NEW_CALENDAR) if may_make else None)
    return render(request, "members/rsvps/my_calendar.html", seen)


def _revoke_address(request: HttpRequest, visit: MemberSession) -> None:
    revoke_calendar(visit.member)
    discard_change(visit.member, Kind.CALENDAR)
    request.session.pop(NEW_CALENDAR, None)
    messages.success(request, _("That calendar address no longer works."))


def _make_address(request: HttpRequest, visit: MemberSession, shows: str) -> None:
    """Makes a calendar address: stored only as a hash, and encrypted in the session of its member for ten minutes."""
    secret, hashed = CALENDAR_LINKS.new()
    replace_credential(visit.member, Kind.CALENDAR, hashed, right_away=visit.is_more_than_a_link, shows=shows)
    keep_for_reload(request, NEW_CALENDAR, secret)


def _addresses(member: Member, secret: str | None) -> dict[str, Any]:
    """Template context: the addresses that work, and the address of `secret` if it is one of them."""
    new = member.credential_changes.filter(kind=Kind.CALENDAR).first()
    held = OwnCalendar.objects.filter(member=member).first()
    hashed = CALENDAR_LINKS.token_hash(secret or "")
    goes_beside, holds = bool(new) and new.value_hash == hashed, bool(held) and held.secret_hash == hashed
    seen = {"new_calendar": new, "calendar": held, "made_on": held.made_on if held else new and new.made_at}
    if secret and (goes_beside or holds):
        seen |= {"address": address_of(secret), "goes_beside": goes_beside, "days": DAYS}
    return seen
