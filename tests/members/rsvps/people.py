"""Fictional people who RSVP in these tests."""

import secrets
from datetime import timedelta

from django.utils import timezone

from chapters.models import Meeting
from members.models import Member, Rsvp
from members.rsvps.notified_fingerprint import fingerprint_of
from members.rsvps.services import GuestAnswers, cancel_rsvp, make_rsvp, make_rsvp_of_guest
from s4jr.mail.models import OutgoingEmail
from tests import cast
from tests.chapters.meetings.meetings import LINK, make_meeting

NEEDS = "A sentence for the host alone: the heron needs live captions."
GUEST = "guest@mailbox.example"


def a_meeting(hours=48, **said):
    return make_meeting(hours, **{"join_link": LINK, "title": "Planning around a new bill", **said})


def member(number=0, **changes):
    """An approved member with an address of their own."""
    somebody = cast.waiting(email=f"member{number}@mailbox.example", name=f"Member {number}")
    cast.put(somebody, "approved", **changes)
    somebody.refresh_from_db()
    return somebody


def never_emailed(number=0):
    """An approved member who never gets an email, and has no address."""
    return member(number, contact="none", email="", email_index=None)


def members(count):
    """Creates many approved members in one statement."""
    now = timezone.now()
    return Member.objects.bulk_create(
        Member(
            number=f"M{number}",
            status="approved",
            name=f"Member {number}",
            email=f"many{number}@mailbox.example",
            email_index=f"{number:064}",
            contact="yes",
            received_on=now.date(),
            decided_at=now,
            agreed_at=now,
            agreement_version="1",
            form_token=secrets.token_hex(16),
        )
        for number in range(count)
    )


def comes(meeting, somebody, **said):
    """RSVPs for this member; returns the Rsvp."""
    make_rsvp(meeting.pk, somebody, **said)
    return Rsvp.objects.get(meeting=meeting, member=somebody)


def cancels(row):
    return cancel_rsvp(Rsvp.objects.filter(pk=row.pk))


def guest(meeting, **said):
    """RSVPs with the form for guests; returns the Rsvp."""
    token = secrets.token_hex(16)
    said = {"contact": "yes", "email": GUEST, "name": "Gustava Testperson", "needs": NEEDS, **said}
    make_rsvp_of_guest(meeting.pk, GuestAnswers(form_token=token, **said))
    return Rsvp.objects.get(form_token=token)


def states(meeting):
    """The states of a meeting's RSVPs, in the order of the waiting list."""
    rows = Rsvp.objects.filter(meeting=meeting).order_by("place_in_line")
    return [row.state for row in rows]


def emails(kind=""):
    """(kind, to) of the emails in the outbox, in order."""
    found = OutgoingEmail.objects.filter(kind__startswith=kind).order_by("kind", "to_index")
    return [(email.kind, email.to) for email in found if email.kind.startswith(("rsvp", "meeting"))]


def later(meeting, **by):
    """Moves the meeting closer, as if that much time had passed."""
    delta = timedelta(**by)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at - delta, ends_at=meeting.ends_at - delta)
    meeting.refresh_from_db()
    # RSVPs and notifications move along, because only the clock changes.
    told = Rsvp.objects.filter(meeting=meeting, state__in=["going", "waiting"])
    told.update(notified_fingerprint=fingerprint_of(meeting), asked_on=(timezone.now() - delta).date())
