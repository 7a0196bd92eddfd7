"""RSVP sections of pages in chapters, which does not know members. Views call these through providers."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count, Q
from django.http import HttpRequest

from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps.own_list import OwnList, next_of_representative, past_of_representative
from members.rsvps.spots import full_words
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.fields import readable_rows
from s4jr.providers import Section


@dataclass(frozen=True)
class RsvpSummary(Section):
    """For a host: how many attend, how many are on the waitlist, and the needs of attendees. No names."""

    going: int
    waiting: int
    needs: list[str]


@dataclass(frozen=True)
class RsvpLink(Section):
    """The link to RSVP. `full` is a sentence if all spots are taken."""

    full: str


@dataclass(frozen=True)
class Recipients(Section):
    """For a host who is about to move or cancel: how many people get an email, and how many take part. No names."""

    emails: int
    people: int


@dataclass(frozen=True)
class OwnMeetings(Section):
    """A representative's next meetings, and past ones with notes."""

    own_meetings: OwnList
    past: list[Meeting]


def rsvp_section(request: HttpRequest, meeting: Meeting) -> RsvpLink:
    """The link to RSVP. It depends on the meeting and its spots, and on no reader."""
    return RsvpLink("members/rsvps/_rsvp.html", full_words(meeting))


def rsvp_summary(request: HttpRequest, meeting: Meeting) -> RsvpSummary:
    """Two queries, and an access-log row if needs are shown."""
    rsvps = Rsvp.objects.filter(meeting=meeting)
    readable = readable_rows(rsvps.going().only("needs").order_by("pk"), attrgetter("needs"))
    needs = [rsvp.needs for rsvp in readable if rsvp.needs]
    if needs:
        opened = AccessLog.Action.OPENED
        log_access(who=request.user, action=opened, records=[meeting], field_names=["needs"])
    counts = rsvps.aggregate(going=_count_of(Rsvp.State.GOING), waiting=_count_of(Rsvp.State.WAITING))
    return RsvpSummary("members/rsvps/_who_comes.html", **counts, needs=needs)


def rsvp_recipients(request: HttpRequest, meeting: Meeting) -> Recipients:
    """Two queries that decrypt nothing."""
    told = Rsvp.objects.filter(meeting=meeting).taking_part()
    counts = {"emails": told.to_be_written_to().count(), "people": told.count()}
    return Recipients("members/rsvps/_recipients.html", **counts)


def _count_of(state: str) -> Count:
    return Count("pk", filter=Q(state=state))


def own_meetings_section(request: SignedInRequest) -> OwnMeetings:
    """The next meetings of a representative, and the latest ones with notes."""
    template, user = "members/rsvps/_of_representatives.html", request.user
    return OwnMeetings(template, next_of_representative(user), past_of_representative(user))
