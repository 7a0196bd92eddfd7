"""Sending announcements: in portions, one after the other has left, so that a pause holds and a stop stops.

draft -> sending <-> paused, sending -> sent when everybody had their turn, sending | paused -> stopped

`reached` is how far it has got. A portion is written by whoever moves it on, in one compare-and-set UPDATE and in the
same transaction: two senders never write the same portion, and one that dies has written nothing.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from members.announcements.audience import audience_of
from members.announcements.emails import emails
from s4jr.audit.models import AccessLog
from s4jr.mail.bulk import writes_portions
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails, queue_emails


class AnnouncementQuerySet(models.QuerySet):
    """The verbs return the announcements that changed; a second press changes none."""

    # --- questions

    def drafts(self):
        return self.filter(state=self.model.State.DRAFT)

    def under_way(self):
        return self.filter(state=self.model.State.SENDING).order_by("started_at")

    # --- writing

    def rewrite(self, **words):
        """Other words, or another audience, while nobody has sent it. Returns how many were changed."""
        return self.drafts().update(**words)

    # --- what people decide

    def send(self, by):
        """Begin to send these drafts."""
        with transaction.atomic():
            begun = [each for each in self.drafts() if self._begin(each)]
            self._note(by, AccessLog.Action.SENT, begun)
        return begun

    def _begin(self, announcement):
        meant_for = audience_of(announcement).reach().getting
        draft = self.drafts().filter(pk=announcement.pk)
        return draft.update(state=self.model.State.SENDING, started_at=timezone.now(), meant_for=meant_for)

    def pause(self, by):
        """Write no further portion. What is in the outbox already, at most one, still leaves."""
        return self._move(by, [self.model.State.SENDING], self.model.State.PAUSED)

    def go_on(self, by):
        """Go on where the pause began."""
        return self._move(by, [self.model.State.PAUSED], self.model.State.SENDING)

    def stop(self, by):
        """Write no more, for good, and call back what has not begun to leave.

        One to few people ends in the same state whether an email was called back or not: else the state tells of one.
        """
        states = self.model.State
        with transaction.atomic():
            stopped = self._move(by, [states.SENDING, states.PAUSED], states.STOPPED)
            called_back = [each for each in self if cancel_emails(self._emails(each)) or each.is_of_few]
            all_written = self.filter(pk__in=[each.pk for each in called_back])
            return stopped + all_written._move(by, [states.SENT], states.STOPPED)

    def _move(self, by, from_states, state):
        with transaction.atomic():
            moved = [each for each in self if self.filter(pk=each.pk, state__in=from_states).update(state=state)]
            self._note(by, AccessLog.Action.CHANGED, moved)
        return moved

    def _note(self, by, action, announcements):
        AccessLog.objects.note(who=by, action=action, records=announcements, field_names=["state"])

    def _emails(self, announcement):
        return OutgoingEmail.objects.filter(batch=announcement.batch)

    # --- what senders do

    def write_next(self):
        """Write the next portion of each announcement that has room in the outbox; returns how many emails."""
        return sum(self._write_portion(announcement) for announcement in self.under_way())

    def _write_portion(self, announcement):
        waiting = self._emails(announcement).on_their_way().count()
        if waiting >= settings.ANNOUNCEMENT_BATCH:
            return 0
        with transaction.atomic():
            limit = settings.ANNOUNCEMENT_BATCH - waiting
            portion = audience_of(announcement).next(announcement.reached, limit)
            if not self._reach(announcement, portion, is_last=len(portion) < limit):
                return 0
            written = queue_emails(emails(announcement, portion))
            self.filter(pk=announcement.pk).update(written=F("written") + written)
        return written

    def _reach(self, announcement, portion, *, is_last):
        """Move it on past these recipients. False where another sender did, or somebody paused or stopped it."""
        sending = self.model.State.SENDING
        state = self.model.State.SENT if is_last else sending
        reached = portion[-1].pk if portion else announcement.reached
        where_it_was = self.filter(pk=announcement.pk, state=sending, reached=announcement.reached)
        return where_it_was.update(state=state, reached=reached)


@writes_portions
def write_next_portion():
    from members.models import Announcement

    return Announcement.objects.write_next()
