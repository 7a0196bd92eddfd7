"""Queries of RSVPs. `services.py` changes them, and `notifications.py` emails people about them."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from chapters.models import Representative
from members.applications.status_code import WELCOMED
from s4jr.crypto.fields import readable_rows
from s4jr.security.status_code import code_hash

if TYPE_CHECKING:
    from members.models.meeting_message import MeetingMessage
    from members.models.rsvp import Rsvp

#: How long before its start a meeting opens.
DOOR_OPENS = timedelta(minutes=30)
ENCRYPTED = ("name", "email", "needs")

OF_MEMBERS = ("number", "email", "email_index", "contact", "language", "paused_at", "region", "country")
OF_MEETINGS = (
    "series", "audience", "title", "topic", "words", "zone", "format", "city", "languages", "starts_at", "ends_at",
    "is_canceled", "change_reason", "sequence", "content_notes", "captions", "sign_language", "breaks",
    "camera_optional", "speaking_optional", "access_notes", "realigned_sequence",
)  # fmt: skip
OPENED = (
    "state", "email", "email_index", "contact", "language", "notified_sequence", "notified_fingerprint",
    "notified_starts_at", "reminded_at", "link_sent_at", "place_in_line", "member", "user", "user__address", "meeting",
    *(f"member__{name}" for name in OF_MEMBERS), *(f"meeting__{name}" for name in OF_MEETINGS),
)  # fmt: skip


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def going(self) -> Self:
        return self.filter(state=self.model.State.GOING)

    def waiting(self) -> Self:
        return self.filter(state=self.model.State.WAITING)

    def taking_part(self) -> Self:
        """Going or on the waitlist."""
        return self.filter(state__in=[self.model.State.GOING, self.model.State.WAITING])

    def with_meeting(self) -> Self:
        """The rows and their meetings, without encrypted columns: they are decrypted where they are shown."""
        return self.select_related("meeting").defer(*ENCRYPTED, "meeting__join_link", "meeting__venue")

    def guests(self) -> Self:
        return self.filter(member=None, user=None)

    def with_code(self, code: str) -> Self:
        """The guest with this status code, however it was typed; at most one."""
        return self.guests().filter(code_hash=code_hash(code))

    def to_be_written_to(self) -> Self:
        """People who may get emails: confirmed guests, members who have not paused, representatives."""
        guest = Q(member=None) & ~Q(contact="none")
        member = Q(member__status__in=WELCOMED, member__paused_at=None)
        return self.filter(guest | (member & ~Q(member__contact="none")))

    def at_the_door(self, now: datetime | None = None) -> Self:
        """People going to a meeting that is in progress or starts within half an hour."""
        now = now or timezone.now()
        soon = {"meeting__starts_at__lte": now + DOOR_OPENS, "meeting__ends_at__gt": now}
        return self.going().filter(**soon, meeting__is_canceled=False, meeting__is_published=True)

    def opened(self) -> "list[Rsvp]":
        """The rows with the columns that an email needs. Leaves out rows that can't be decrypted."""
        opened = self.select_related("member", "user", "meeting").only(*OPENED)
        return readable_rows(opened.prefetch_related(_serving_terms()), attrgetter("address"))


class MeetingMessageQuerySet(models.QuerySet["MeetingMessage"]):
    def since(self, moment: datetime) -> int:
        """How many were sent after this moment."""
        return self.filter(sent_at__gt=moment).count()

    def shown_to(self, rsvp: "Rsvp") -> "list[MeetingMessage]":
        """The messages that the page of an RSVP shows: to people who are going, the latest first."""
        if rsvp.state != rsvp.State.GOING:
            return []
        return readable_rows(self.filter(meeting=rsvp.meeting_id).order_by("-sent_at"), attrgetter("text"))


def _serving_terms() -> models.Prefetch:
    """The current terms of representatives: their place says in which time zone they read."""
    places = ("user", "country", "region", "chapter__country", "chapter__region")
    terms = Representative.objects.serving().select_related("chapter").only(*places).order_by("begins_on", "pk")
    return models.Prefetch("user__terms", queryset=terms)
