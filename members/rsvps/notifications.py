"""Emails to those who come: the day before, half an hour before, and when something changed. Each once.

Beat asks every minute or two. Whoever is told is marked in the transaction that writes the email; two runs at once
take different rows, and the email's dedupe key names the event.
"""

from datetime import timedelta
from functools import cache, reduce
from operator import attrgetter, or_

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from chapters.meetings.timezones import day_in
from members.applications.status_code import WELCOMED
from members.rsvps import emails
from members.rsvps.notified_fingerprint import fingerprint_of
from s4jr.content.live_texts import LiveTexts
from s4jr.crypto.fields import readable_rows
from s4jr.mail.services import queue_emails

#: How long before it begins the way into a meeting opens.
DOOR_OPENS = timedelta(minutes=30)
A_DAY = timedelta(days=1)
#: A guest is forgotten, and what would help somebody is emptied, this long after the end.
THE_DAY_AFTER = timedelta(days=1)
BATCH = 200

OF_MEMBERS = ("number", "email", "email_index", "contact", "language", "paused_at")
OF_MEETINGS = (
    "title", "topic", "words", "zone", "starts_at", "ends_at", "is_canceled", "sequence", "content_notes", "captions",
    "sign_language", "breaks", "camera_optional", "speaking_optional", "realigned_sequence",
)  # fmt: skip
OPENED = (
    "state", "email", "email_index", "contact", "language", "notified_sequence", "notified_fingerprint", "reminded_at",
    "link_sent_at", "place_in_line", "member", "user", "user__address", "meeting",
    *(f"member__{name}" for name in OF_MEMBERS), *(f"meeting__{name}" for name in OF_MEETINGS),
)  # fmt: skip


class TellingQuerySet(models.QuerySet):
    # --- questions

    def to_be_written_to(self):
        """Those who may get emails: guests who confirmed an address, members unless they pause, representatives."""
        guest = Q(member=None) & ~Q(contact="none")
        member = Q(member__status__in=WELCOMED, member__paused_at=None)
        return self.filter(guest | (member & ~Q(member__contact="none")))

    def at_the_door(self, now=None):
        """Those who come to a meeting that is on, or begins within half an hour."""
        now = now or timezone.now()
        soon = {"meeting__starts_at__lte": now + DOOR_OPENS, "meeting__ends_at__gt": now}
        return self.going().filter(**soon, meeting__is_canceled=False, meeting__is_published=True)

    def opened(self):
        """These rows with what an email needs. One whose words do not open is left out, so that the others go on."""
        return readable_rows(self.select_related("member", "user", "meeting").only(*OPENED), attrgetter("address"))

    # --- verbs; each returns how many were marked

    def send_links(self, now):
        """Half an hour before: the way in."""
        due = self.at_the_door(now).to_be_written_to().filter(link_sent_at=None)
        return due._tell(emails.way_in, lambda row: {"link_sent_at": now})

    def send_reminders(self, now):
        """The day before, to who asked for it by then."""
        tomorrow = self.filter(meeting__starts_at__lte=now + A_DAY, meeting__starts_at__gt=now + DOOR_OPENS)
        on = tomorrow.going().filter(meeting__is_canceled=False, meeting__is_published=True)
        due = on.to_be_written_to().filter(wants_reminder=True, reminded_at=None)
        due = due.filter(_asked_on_an_earlier_day(due))
        return due._tell(emails.reminder, lambda row: {"reminded_at": now})

    def tell_of_changes(self, now):
        """What changed since somebody was told: when, what, or that it is canceled. The waiting list is told, too."""
        changed = self.taking_part().exclude(notified_sequence=F("meeting__sequence"))
        due = changed.filter(meeting__ends_at__gt=now, meeting__is_published=True)
        return due._tell(emails.changed, lambda row: _told(row, now), if_=_has_changed)

    def _tell(self, email, marks, if_=lambda row: True):
        """A batch at a time: write to those of these for whom `if_` holds, and mark them all."""
        told = 0
        while batch := self._tell_some(email, marks, if_):
            told += batch
        return told

    @transaction.atomic
    def _tell_some(self, email, marks, if_):
        mine = self.order_by("pk").select_for_update(of=("self",), skip_locked=True)
        pks = [row.pk for row in mine.only("pk")[:BATCH]]
        rows = self.model.objects.filter(pk__in=pks).opened() if pks else []
        texts = cache(LiveTexts)
        queue_emails([email(row, texts) for row in rows if if_(row) and row.address])
        for row in rows:
            for name, value in marks(row).items():
                setattr(row, name, value)
        if rows:
            self.model.objects.bulk_update(rows, list(marks(rows[0])))
        return len(rows)

    # --- forgetting

    def empty_needs(self, now):
        """What would help somebody take part goes the day after. Returns how many there were."""
        over = self.filter(meeting__ends_at__lte=now - THE_DAY_AFTER, emptied_on=None)
        return over.update(needs="", emptied_on=now.date())

    def forget_guests(self, now):
        """Guests of a meeting go the day after, with the emails to them. Returns how many."""
        return self.guests().filter(meeting__ends_at__lte=now - THE_DAY_AFTER).forget()


def _asked_on_an_earlier_day(due):
    """Of these RSVPs, those made before the day of their meeting, in its zone by our rules: the database has others."""
    days = {}
    for meeting, starts_at, zone in due.values_list("meeting", "meeting__starts_at", "meeting__zone").distinct():
        days.setdefault(day_in(zone, starts_at), []).append(meeting)
    return reduce(or_, (Q(meeting__in=on, asked_on__lt=day) for day, on in days.items()), Q(pk=None))


def _has_changed(row):
    """Who joined the waiting list before we kept what they were told is told only that a meeting is canceled."""
    return row.notified_fingerprint != fingerprint_of(row.meeting) and bool(
        row.notified_fingerprint or row.meeting.is_canceled
    )


def _told(row, now):
    """A meeting that now begins later is announced again in its time."""
    begins = row.meeting.starts_at
    return {
        "notified_sequence": row.meeting.sequence,
        "notified_fingerprint": fingerprint_of(row.meeting),
        "link_sent_at": None if begins > now + DOOR_OPENS else row.link_sent_at,
        "reminded_at": None if begins > now + A_DAY else row.reminded_at,
    }
