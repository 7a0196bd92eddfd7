"""Emails to attendees: the day before, half an hour before, and after a change. Each is sent once.

Celery beat runs these every minute or two. The transaction that queues an email also marks its RSVP; concurrent runs
lock different rows, and the dedupe key names the event. The scheduled functions return how many RSVPs were marked.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, partial, reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from chapters.meetings.timezones import day_in
from members.models import Rsvp
from members.rsvps import emails
from members.rsvps.notified_fingerprint import fingerprint_of, notified_of
from members.rsvps.querysets import DOOR_OPENS, RsvpQuerySet
from s4jr.content.live_texts import texts_by_language
from s4jr.mail.emails import Email
from s4jr.mail.services import queue_emails

A_DAY = timedelta(days=1)
BATCH = 200


def send_links(now: datetime) -> int:
    """Sends the meeting link half an hour before."""
    due = Rsvp.objects.at_the_door(now).to_be_written_to().filter(link_sent_at=None)
    return _tell(due, emails.way_in, lambda rsvp: {"link_sent_at": now})


def send_reminders(now: datetime) -> int:
    """Sends a reminder the day before to anyone who asked for one by then."""
    tomorrow = Rsvp.objects.filter(meeting__starts_at__lte=now + A_DAY, meeting__starts_at__gt=now + DOOR_OPENS)
    on = tomorrow.going().filter(meeting__is_canceled=False, meeting__is_published=True)
    due = on.to_be_written_to().filter(wants_reminder=True, reminded_at=None)
    due = due.filter(_asked_on_an_earlier_day(due))
    return _tell(due, emails.reminder, lambda rsvp: {"reminded_at": now})


def tell_of_changes(now: datetime) -> int:
    """Sends what changed since the last notification: time, content or cancellation. Includes the waitlist."""
    changed = Rsvp.objects.taking_part().exclude(notified_sequence=F("meeting__sequence"))
    due = changed.filter(meeting__ends_at__gt=now, meeting__is_published=True)
    email = partial(emails.changed, next_after=cache(emails.next_meeting_after))
    return _tell(due, email, lambda rsvp: _marks_of_change(rsvp, now), if_=_has_changed)


def tell_of_notes(now: datetime) -> int:
    """Tells people who were going that the notes are published, once per meeting. It has no word of the notes."""
    over = Rsvp.objects.going().filter(meeting__ends_at__lte=now, meeting__is_canceled=False, notes_told_at=None)
    published = over.filter(meeting__is_published=True, meeting__notes_published_at__isnull=False)
    return _tell(published.to_be_written_to(), emails.notes, lambda rsvp: {"notes_told_at": now})


def _tell(
    due: RsvpQuerySet,
    email: Callable[..., Email],
    marks: Callable[[Rsvp], dict[str, Any]],
    if_: Callable[[Rsvp], bool] = lambda rsvp: True,
) -> int:
    """Emails the RSVPs for which `if_` is true, and marks all of them, in batches."""
    told = 0
    while batch := _tell_some(due, email, marks, if_):
        told += batch
    return told


@transaction.atomic
def _tell_some(
    due: RsvpQuerySet,
    email: Callable[..., Email],
    marks: Callable[[Rsvp], dict[str, Any]],
    if_: Callable[[Rsvp], bool],
) -> int:
    mine = due.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    pks = [rsvp.pk for rsvp in mine.only("pk")[:BATCH]]
    rsvps = Rsvp.objects.filter(pk__in=pks).opened() if pks else []
    texts = texts_by_language()
    queue_emails([email(rsvp, texts) for rsvp in rsvps if if_(rsvp) and rsvp.address])
    for rsvp in rsvps:
        for name, value in marks(rsvp).items():
            setattr(rsvp, name, value)
    if rsvps:
        Rsvp.objects.bulk_update(rsvps, list(marks(rsvps[0])))
    return len(rsvps)


def _asked_on_an_earlier_day(due: RsvpQuerySet) -> Q:
    """The RSVPs made before the day of their meeting. Computed here, because the database has other time-zone rules."""
    days: dict[date, list[Any]] = {}
    for meeting, starts_at, zone in due.values_list("meeting", "meeting__starts_at", "meeting__zone").distinct():
        days.setdefault(day_in(zone, starts_at), []).append(meeting)
    return reduce(or_, (Q(meeting__in=on, asked_on__lt=day) for day, on in days.items()), Q(pk=None))


def _has_changed(rsvp: Rsvp) -> bool:
    """Older waitlist RSVPs without a fingerprint are notified only of a cancellation."""
    return rsvp.notified_fingerprint != fingerprint_of(rsvp.meeting) and bool(
        rsvp.notified_fingerprint or rsvp.meeting.is_canceled
    )


def _marks_of_change(rsvp: Rsvp, now: datetime) -> dict[str, Any]:
    """Resets the link and the reminder if the meeting now starts later."""
    begins = rsvp.meeting.starts_at
    return {
        **notified_of(rsvp.meeting),
        "link_sent_at": None if begins > now + DOOR_OPENS else rsvp.link_sent_at,
        "reminded_at": None if begins > now + A_DAY else rsvp.reminded_at,
    }
