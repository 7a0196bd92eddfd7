"""Answering an inquiry, closing it, letting it through, handing it on."""

from datetime import UTC, datetime, time

from django.db import models, transaction
from django.utils import timezone

from members.inquiries import emails
from members.inquiries.notifications import tell_readers
from members.inquiries.permissions import SAFETY
from s4jr.audit.models import AccessLog
from s4jr.mail.services import queue_emails

Action = AccessLog.Action


def the_day():
    """When something was said: a day is enough. The hour would tell when somebody can write unseen."""
    return datetime.combine(timezone.now().date(), time.min, UTC)


class AnsweringQuerySet(models.QuerySet):
    """Each verb is for the one inquiry here. `seen` is the turn its reader saw: whoever comes second is told."""

    def answer(self, words, by, seen):
        """Say this, and write the email. False where somebody else has said something since."""
        states, today = self.model.State, timezone.now().date()
        with transaction.atomic():
            won = self.filter(turn=seen).update(
                state=states.ANSWERED, turn=seen + 1, last_word_on=today, flag_reason=""
            )
            if won:
                self._say(self.get(), words, by)
        return won == 1

    def _say(self, inquiry, words, by):
        inquiry.said.create(is_ours=True, by=by, words=words, at=the_day())
        self._note(by, inquiry, Action.SENT, "words")
        if inquiry.gets_emails:
            queue_emails([emails.answer(inquiry, words)])

    def close(self, by, seen):
        """It needs no answer. False where somebody has said something since, or it does not wait any more."""
        with transaction.atomic():
            waits = self.filter(turn=seen, state=self.model.State.OPEN)
            won = waits.update(state=self.model.State.CLOSED, flag_reason="")
            if won:
                self._note(by, self.get(), Action.DECIDED, "state")
        return won == 1

    def unflag(self, by):
        """A person wrote this: its readers are told, as if it had just been sent."""
        with transaction.atomic():
            won = self.exclude(flag_reason="").update(flag_reason="")
            if won:
                inquiry = self.get()
                self._note(by, inquiry, Action.CHANGED, "flag_reason")
                tell_readers(inquiry, but=by)
        return won == 1

    def hand_over(self, topic, by):
        """To those who read another topic. Never to or from safety or conduct: its writer chose who reads that."""
        with transaction.atomic():
            elsewhere = self.exclude(topic__in=[SAFETY, topic])
            won = topic != SAFETY and elsewhere.update(topic=topic)
            if won:
                inquiry = self.get()
                self._note(by, inquiry, Action.CHANGED, "topic")
                tell_readers(inquiry, but=by)
        return bool(won)

    def _note(self, by, inquiry, action, field_name):
        AccessLog.objects.note(who=by, action=action, records=[inquiry], field_names=[field_name])
