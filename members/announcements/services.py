"""Sends announcements in batches, each after the one before it has left, so that pause and stop take effect.

draft -> sending <-> paused, sending -> sent after the last recipient, sending | paused -> stopped

`reached` is the last recipient's primary key. The sender that moves it on in a compare-and-set UPDATE writes that batch
in the same transaction: two senders never write the same batch, and a crash writes nothing. The services for admins
return the announcements they changed; a repeated call changes none.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from members.announcements.audience import Recipient, audience_of
from members.announcements.emails import emails
from members.announcements.querysets import AnnouncementQuerySet
from members.models import Announcement
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet
from s4jr.mail.services import cancel_emails, queue_emails

Action = AccessLog.Action
State = Announcement.State


# --- for admins


def create_draft(announcement: Announcement, *, by: User) -> None:
    announcement.made_by = by
    announcement.save()


def discard_drafts(announcements: AnnouncementQuerySet) -> None:
    """Deletes those that no one has started to send."""
    announcements.drafts().delete()


def rewrite(announcements: AnnouncementQuerySet, **changes: Any) -> int:
    """Changes the text or the audience of a draft. Returns how many were changed."""
    return announcements.drafts().update(**changes)


def start_sending(announcements: AnnouncementQuerySet, *, by: User) -> list[Announcement]:
    with transaction.atomic():
        begun = [each for each in announcements.drafts() if _begin(each, announcements)]
        _log(by, Action.SENT, begun)
    return begun


def _begin(announcement: Announcement, as_seen: AnnouncementQuerySet) -> bool:
    """Starts one announcement. False if it is no longer a draft, or no longer as it was previewed."""
    draft = as_seen.drafts().filter(pk=announcement.pk)
    meant_for = audience_of(announcement).reach().getting
    return draft.update(state=State.SENDING, started_at=timezone.now(), meant_for=meant_for) == 1


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


def _move(announcements: AnnouncementQuerySet, by: User, from_states: list[State], state: State) -> list[Announcement]:
    with transaction.atomic():
        moved = [
            each for each in announcements
            if Announcement.objects.filter(pk=each.pk, state__in=from_states).update(state=state)
        ]  # fmt: skip
        _log(by, Action.CHANGED, moved)
    return moved


def _log(by: User, action: Action, announcements: list[Announcement]) -> None:
    log_access(who=by, action=action, records=announcements, field_names=["state"])


def _emails_of(announcement: Announcement) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.filter(batch=announcement.batch)


# --- for the sender


def write_next_portion() -> int:
    """Queues the next batch of each announcement with room in the outbox. Returns how many emails."""
    return sum(_write_portion(announcement) for announcement in Announcement.objects.under_way())


def _write_portion(announcement: Announcement) -> int:
    waiting = _emails_of(announcement).on_their_way().count()
    if waiting >= settings.ANNOUNCEMENT_BATCH:
        return 0
    with transaction.atomic():
        limit = settings.ANNOUNCEMENT_BATCH - waiting
        portion = audience_of(announcement).next(announcement.reached, limit)
        if not _reach(announcement, portion, is_last=len(portion) < limit):
            return 0
        written = queue_emails(emails(announcement, portion))
        Announcement.objects.filter(pk=announcement.pk).update(written=F("written") + written)
    return written


def _reach(announcement: Announcement, portion: Sequence[Recipient], *, is_last: bool) -> bool:
    """Moves `reached` on. False if another sender did, or if the announcement was paused or stopped."""
    reached = portion[-1].pk if portion else announcement.reached
    where_it_was = Announcement.objects.under_way().filter(pk=announcement.pk, reached=announcement.reached)
    return where_it_was.order_by().update(state=State.SENT if is_last else State.SENDING, reached=reached) == 1
