"""Sends announcements in batches, each after the one before it has left, so that pause and stop take effect.

draft <-> scheduled, draft | scheduled -> sending <-> paused, sending -> sent after the last recipient,
sending | paused -> stopped, scheduled -> draft if its time was missed by more than MOST_LATE

Each arrow is one compare-and-set UPDATE. `reached` is the last recipient's primary key. The sender that moves it on in
a compare-and-set UPDATE writes that batch in the same transaction: two senders never write the same batch, and a crash
writes nothing. The services for admins return the announcements they changed; a repeated call changes none.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from members.announcements.audience import Portion, audience_of
from members.announcements.emails import emails
from members.announcements.querysets import AnnouncementQuerySet
from members.models import Announcement
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet
from s4jr.mail.services import cancel_emails, queue_emails
from s4jr.steps import tell_of_failure

logger = logging.getLogger(__name__)
Action = AccessLog.Action
State = Announcement.State
#: A scheduled announcement that is later than this is not sent: what it says may no longer be true.
MOST_LATE = timedelta(hours=12)
#: Who starts a scheduled announcement, in the access log. Who scheduled it is there too.
SCHEDULE = "schedule"


# --- for admins


def create_draft(announcement: Announcement, *, by: User) -> bool:
    """Saves a new draft. Returns False and saves nothing if it is there already: its form was submitted twice."""
    announcement.made_by = by
    try:
        with transaction.atomic():
            announcement.save(force_insert=True)
    except IntegrityError:
        if not Announcement.objects.filter(pk=announcement.pk).exists():
            raise
        return False
    return True


def discard_drafts(announcements: AnnouncementQuerySet) -> int:
    """Deletes those that no one has started to send or scheduled. Returns how many."""
    return announcements.drafts().delete()[0]


def rewrite(announcements: AnnouncementQuerySet, **changes: Any) -> int:
    """Changes the text or the audience of a draft, which then counts as not tested. Returns how many were changed."""
    return announcements.drafts().update(**changes, tested_at=None)


def note_test(announcements: AnnouncementQuerySet) -> int:
    """Notes that an admin got a test of these drafts as they are. Returns how many."""
    return announcements.drafts().update(tested_at=timezone.now())


def start_sending(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    """Starts drafts, as they were previewed: one that changed since is not in the QuerySet anymore."""
    with transaction.atomic():
        begun = [each for each in announcements.drafts() if _begin(each, announcements.drafts())]
        _log(by, Action.SENT, begun)
    return begun


def schedule(announcements: AnnouncementQuerySet, *, send_at: datetime, zone: str, by: User) -> list[Announcement]:
    """Lets drafts, as they were previewed, start at a moment; `zone` is the time zone in which it was chosen."""
    with transaction.atomic():
        scheduled = [
            each for each in announcements.drafts()
            if announcements.drafts().filter(pk=each.pk).update(
                state=State.SCHEDULED, send_at=send_at, zone=zone, missed_at=None
            )
        ]  # fmt: skip
        _log(by, Action.CHANGED, scheduled)
    return scheduled


def cancel_schedule(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    """Makes scheduled announcements drafts again, unless they have started."""
    return _move(announcements, by, [State.SCHEDULED], State.DRAFT, send_at=None)


def _begin(announcement: Announcement, as_seen: AnnouncementQuerySet) -> bool:
    """Starts one announcement to its audience of now. False if it is no longer among those `as_seen`."""
    reach = audience_of(announcement).reach()
    started = {"state": State.SENDING, "started_at": timezone.now(), "send_at": None, "missed_at": None}
    counts = {"meant_for": reach.getting, "hides_numbers": reach.is_of_few}
    counts |= {"skipped": {}, "shown_range": [reach.recipients.least, reach.recipients.most]}
    if len(reach.parts) < 2:
        counts |= {"skipped": {} if reach.is_of_few else reach.skipped, "shown_range": []}
    return as_seen.filter(pk=announcement.pk).update(**started, **counts) == 1


def pause_sending(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    """Stops writing batches. The batch in the outbox, at most one, is still sent."""
    return _move(announcements, by, [State.SENDING], State.PAUSED)


def resume_sending(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    return _move(announcements, by, [State.PAUSED], State.SENDING)


def stop_sending(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    """Stops for good, and cancels emails whose sending has not started.

    One to very few people ends in the same state whether or not an email was canceled, because the state would reveal
    it.
    """
    with transaction.atomic():
        stopped = _move(announcements, by, [State.SENDING, State.PAUSED], State.STOPPED)
        canceled = [each.pk for each in announcements if cancel_emails(_emails_of(each)) or each.is_of_few]
        return stopped + _move(announcements.filter(pk__in=canceled), by, [State.SENT], State.STOPPED)


def _move(
    announcements: AnnouncementQuerySet, by: User, from_states: list[State], state: State, **changes: Any
) -> list[Announcement]:
    with transaction.atomic():
        moved = [
            each for each in announcements
            if Announcement.objects.filter(pk=each.pk, state__in=from_states).update(state=state, **changes)
        ]  # fmt: skip
        _log(by, Action.CHANGED, moved)
    return moved


def _log(by: User | str, action: Action, announcements: list[Announcement]) -> None:
    log_access(who=by, action=action, records=announcements, field_names=["state"])


def _emails_of(announcement: Announcement) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.filter(batch=announcement.batch)


# --- after a restore


def hold_after_restore() -> int:
    """Stops what would go out by itself: it may have gone out since the backup was made. Returns how many.

    A person decides: scheduled announcements are drafts again, and those being sent are paused.
    """
    with transaction.atomic():
        scheduled = Announcement.objects.scheduled().update(state=State.DRAFT, missed_at=F("send_at"), send_at=None)
        return scheduled + Announcement.objects.under_way().order_by().update(state=State.PAUSED)


# --- for the sender


def write_next_portion() -> int:
    """Queues the next batch of each announcement with room in the outbox. Returns how many emails.

    Starts scheduled announcements whose time has come. Their text can't have changed since they were loaded: a draft
    can only be scheduled for a later time, so it would not be due.
    """
    now = timezone.now()
    found = Announcement.objects.under_way_or_due(now)
    return sum(_write_portion(each) for each in found if each.send_at is None or _start_due(each, now))


def _start_due(announcement: Announcement, now: datetime) -> bool:
    """Starts a scheduled announcement. False if it is too late, or another sender or an admin was quicker."""
    scheduled = Announcement.objects.scheduled().filter(pk=announcement.pk, send_at=announcement.send_at)
    if announcement.send_at and announcement.send_at < now - MOST_LATE:
        return _give_up(announcement, scheduled)
    with transaction.atomic():
        begun = _begin(announcement, scheduled)
        _log(SCHEDULE, Action.SENT, [announcement] if begun else [])
    return begun


def _give_up(announcement: Announcement, scheduled: AnnouncementQuerySet) -> bool:
    """Makes an announcement that missed its time a draft again, and tells admins. Returns False."""
    if scheduled.update(state=State.DRAFT, send_at=None, missed_at=announcement.send_at):
        logger.error("Announcement %s missed its time by more than %s: it is a draft again", announcement.pk, MOST_LATE)
        tell_of_failure()
    return False


def _write_portion(announcement: Announcement) -> int:
    """Queues the next batch, and the one after it while batches have no recipients."""
    waiting = _emails_of(announcement).on_their_way().count()
    written, limit = 0, settings.ANNOUNCEMENT_BATCH - waiting
    while limit > 0 and not written:
        with transaction.atomic():
            portion = audience_of(announcement).next(announcement.reached, limit)
            if not _reach(announcement, portion):
                return 0
            written = queue_emails(emails(announcement, portion.recipients))
            Announcement.objects.filter(pk=announcement.pk).update(written=F("written") + written)
        if portion.is_last:
            break
        announcement.reached = portion.reached
    return written


def _reach(announcement: Announcement, portion: Portion) -> bool:
    """Moves `reached` on. False if another sender did, or if the announcement was paused or stopped."""
    where_it_was = Announcement.objects.under_way().filter(pk=announcement.pk, reached=announcement.reached)
    state = State.SENT if portion.is_last else State.SENDING
    return where_it_was.order_by().update(state=state, reached=portion.reached) == 1
