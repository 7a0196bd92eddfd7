"""The RSVP of a guest: the form, the code and the link in an email. Also the meeting link of every attendee."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps import services
from members.rsvps.forms import GUEST_FORM, Act, ActionForm, GuestCodeForm, GuestForm
from members.rsvps.links import read_rsvp, read_way_in
from members.rsvps.page_context import shown
from members.rsvps.querysets import RsvpQuerySet
from members.rsvps.venue_words import GUEST_NEEDS_CODE, venue_context
from s4jr.conversations.choices import Contact, FlagReason
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.constant_time import in_even_steps
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.ratelimit import peer_key, spend, too_many
from s4jr.security.reload_state import keep_for_reload, kept_for_reload
from s4jr.security.status_code import code_of_form
from s4jr.security.storage_limits import cannot_take, take_in

#: Only wrong codes count; a correct one is never refused.
WRONG_CODES = "20/h"
#: Beyond this, no confirmation email is sent until the guest enters their code.
CONFIRMING_EMAILS = "60/h"
#: The session key of the last RSVP.
RSVP = "rsvp"


# --- the form


@keeps_refused_form(GuestForm)
def rsvp(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    open_to_all = Meeting.objects.public().upcoming().taking_place()
    meeting = get_object_or_404(open_to_all.select_related("chapter"), pk=pk)
    if request.method != "POST":
        return _form_page(request, meeting, GuestForm.blank(request))
    if request.POST.get("step") == LANGUAGE_STEP:
        return _form_page(request, meeting, GuestForm(initial=typed_so_far(GuestForm, request.POST)))
    form = GuestForm(request.POST)
    return _ask(request, meeting, form) if form.is_valid() else _form_page(request, meeting, form)


def _form_page(request: HttpRequest, meeting: Meeting, form: GuestForm) -> HttpResponse:
    seen = {**shown(meeting, None), "has_venue": meeting.format != Meeting.Format.ONLINE, "form": form}
    return render(request, "members/rsvps/rsvp.html", seen)


@in_even_steps
def _ask(request: HttpRequest, meeting: Meeting, form: GuestForm) -> HttpResponse:
    if not take_in(request, is_clean=form.is_clean).has_room:
        return cannot_take(request)
    flag_reason = form.flag_reason(request) or (FlagReason.TOO_MANY if _is_an_email_too_many(form) else "")
    # LocaleMiddleware adds the attribute, which the stubs do not know.
    language: str = request.LANGUAGE_CODE  # pyright: ignore[reportAttributeAccessIssue]
    services.make_rsvp_of_guest(meeting.pk, form.said(meeting, language, flag_reason))
    response = redirect("rsvp_sent")
    GUEST_FORM.remember(response, form.mark(meeting))
    return response


def _is_an_email_too_many(form: GuestForm) -> bool:
    return bool(form.cleaned_data["email"]) and not spend("confirming emails of meetings", "", CONFIRMING_EMAILS)


def sent(request: HttpRequest) -> HttpResponse:
    token, code_was_shown = GUEST_FORM.sent_last(request)
    code = code_of_form(token) if token and not code_was_shown else ""
    seen: dict[str, Any] = {"code": code, "code_was_shown": code_was_shown, "days": settings.CONFIRM_WITHIN_DAYS}
    # The row of this browser's own form, whether or not its address is known: the page shows no other.
    row = Rsvp.objects.filter(form_token=token).with_meeting().first() if token else None
    seen |= {**shown(row.meeting, row), "file_address": _file_address(row.meeting)} if row else {}
    seen["is_never_emailed"] = row is not None and row.contact == Contact.NONE
    response = render(request, "members/rsvps/sent.html", seen)
    if code:
        GUEST_FORM.remember(response, token, code_was_shown=True)
    return response


# --- with a code


def code(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _code_page(request, GuestCodeForm())
    return _with_code(request)


@in_even_steps
def _with_code(request: HttpRequest) -> HttpResponse:
    form = GuestCodeForm(request.POST)
    if form.is_valid():
        return _act_with_code(request, form, form.whose)
    if form.is_wrong and not spend("wrong meeting code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return _code_page(request, form)


def _code_page(request: HttpRequest, form: GuestCodeForm, done: bool = False) -> HttpResponse:
    seen = {"form": form, "done": done, "action": reverse("rsvp_code")}
    return render(request, "members/rsvps/code.html", seen)


def _act_with_code(request: HttpRequest, form: GuestCodeForm, whose: RsvpQuerySet) -> HttpResponse:
    if form.act == Act.CANCEL:
        services.cancel_rsvp(whose)
        return redirect("rsvp_canceled")
    if form.act == Act.COME and services.confirm_without_emails(whose):
        return _show_rsvp(request, whose)
    row = whose.with_meeting().first()
    if row is None:
        return render(request, "members/rsvps/canceled.html")
    seen = {**_status(row, by_code=True), "code": request.POST["code"]}
    return render(request, "members/rsvps/public_status.html", seen)


@require_safe
def canceled(request: HttpRequest) -> HttpResponse:
    return render(request, "members/rsvps/canceled.html")


# --- with the link in an email


def link(request: HttpRequest, token: str) -> HttpResponse:
    """A GET names no meeting, because mail programs and other people may open the link."""
    whose = Rsvp.objects.filter(pk=read_rsvp(token))
    row = whose.only("state", "meeting").first()
    if row is None:
        return render(request, "members/rsvps/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/rsvps/link.html", {"state": row.state})
    return _act_with_link(request, whose, ActionForm(request.POST).act)


def _act_with_link(request: HttpRequest, whose: RsvpQuerySet, act: Act) -> HttpResponse:
    if act == Act.CANCEL:
        services.cancel_rsvp(whose)
        return redirect("rsvp_canceled")
    if act == Act.COME and services.confirm_rsvp(whose):
        return _show_rsvp(request, whose)
    row = whose.with_meeting().first()
    if row is None:
        return render(request, "members/rsvps/link_over.html", status=410)
    return render(request, "members/rsvps/public_status.html", _status(row, by_code=False))


# --- the page after both


def _show_rsvp(request: HttpRequest, whose: RsvpQuerySet) -> HttpResponse:
    """Redirects to the current RSVP. The session holds its key, so the URL contains no code and no token."""
    if row := whose.only("pk").first():  # none if another request canceled it first
        keep_for_reload(request, RSVP, str(row.pk))
    return redirect("rsvp_done")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Shows the RSVP. Asks for the code ten minutes later, after Exit, or in another browser."""
    row = Rsvp.objects.filter(pk=kept_for_reload(request, RSVP)).with_meeting().first()
    if row is None:
        return _code_page(request, GuestCodeForm(), done=True)
    seen = {**_status(row, by_code=False), "is_named": row.contact != Contact.DISCREET, "is_done": True}
    return render(request, "members/rsvps/public_status.html", seen)


def _status(row: Rsvp, *, by_code: bool) -> dict[str, Any]:
    """Context of the page about an RSVP. Without the code: no venue, and no title for someone with discreet emails."""
    meeting = row.meeting
    seen = {**shown(meeting, row), **venue_context(meeting, row, missing="" if by_code else GUEST_NEEDS_CODE)}
    seen["is_code_needed"] = seen["venue_words"] == GUEST_NEEDS_CODE
    return {**seen, "is_named": by_code or row.contact == Contact.YES, "file_address": _file_address(meeting)}


def _file_address(meeting: Meeting) -> str:
    """The calendar file of a public meeting, until it is over, on the site and not on the host of email links."""
    has_file = meeting.is_published and meeting.audience == Meeting.Audience.PUBLIC and not meeting.is_over
    return settings.SITE_URL + reverse("meeting_feed", args=[meeting.pk]) if has_file else ""


# --- the meeting link


@require_safe
def way_in(request: HttpRequest, token: str) -> HttpResponse:
    """Redirects attendees to the meeting, from half an hour before it starts until it ends."""
    whose = Rsvp.objects.filter(pk=read_way_in(token))
    row = whose.at_the_door().with_meeting().first()
    address = row.meeting.way_in if row else ""
    if not address:
        return render(request, "members/rsvps/door.html", {"comes": row is not None}, status=404)
    return HttpResponse(status=303, headers={"Location": address, "Referrer-Policy": "no-referrer"})
