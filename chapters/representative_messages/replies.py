"""At the desk: whose conversations somebody may read there, reading, answering, closing."""

from datetime import UTC, datetime, time

from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chapters.representative_messages import emails
from s4jr.audit.models import AccessLog
from s4jr.mail.services import queue_emails

Action = AccessLog.Action
SHOWN = ["name", "words"]


def the_day():
    """When something was said: a day is enough. The hour would tell when somebody can write unseen."""
    return datetime.combine(timezone.now().date(), time.min, UTC)


class AnsweringQuerySet(models.QuerySet):
    # --- questions

    def to(self, terms):
        """Those that the holders of these terms may read at the desk: not what they asked not to be passed on."""
        return self.filter(representative__in=terms, taken_over_on=None).exclude(flag_reason="blocked")

    def longest_waiting_first(self):
        """What waits, the oldest first; then what was answered or closed; last what was held."""
        waits = When(state=self.model.State.OPEN, then=0)
        shelf = Case(When(~Q(flag_reason=""), then=2), waits, default=1)
        return self.annotate(shelf=shelf).order_by("shelf", "received_on", "number")

    # --- verbs, each for the one conversation here

    def read(self, by):
        """Somebody reads it: the first time counts, every time is noted."""
        with transaction.atomic():
            self.filter(read_on=None).update(read_on=timezone.now().date())
            self._note(by, Action.OPENED, SHOWN)

    def answer(self, words, by, seen, form_token):
        """Say this, and write the email. False where something was said since `seen`, the turn its reader saw.

        Pressed twice, it is said once, and both presses hear that it is.
        """
        with transaction.atomic():
            won = self.filter(turn=seen).update(**self._answered(), turn=seen + 1)
            if won:
                self._say(self.get(), words, by, form_token)
        return won == 1 or self.filter(said__form_token=form_token).exists()

    def _answered(self):
        today = timezone.now().date()
        on_the_first_day = {name: Coalesce(name, Value(today)) for name in ("read_on", "first_answer_on")}
        return {"state": self.model.State.ANSWERED, "last_word_on": today, "flag_reason": "", **on_the_first_day}

    def _say(self, message, words, by, form_token):
        is_first = not message.said.filter(is_answer=True).exists()
        message.said.create(is_answer=True, by=by, words=words, at=the_day(), form_token=form_token)
        self._note(by, Action.SENT, ["words"])
        if is_first and not message.taken_over_on:
            self._note_how_long_it_took(message)
        if message.gets_emails:
            queue_emails([emails.answer(message, words)])

    def _note_how_long_it_took(self, message):
        from chapters.models import Representative

        days = (message.first_answer_on - message.received_on).days
        Representative.objects.filter(pk=message.representative_id).note_answer(days)

    def close(self, by, seen):
        """It needs no answer. False where something was said since, or it does not wait any more."""
        with transaction.atomic():
            waits = self.filter(turn=seen, state=self.model.State.OPEN)
            won = waits.update(state=self.model.State.CLOSED, flag_reason="")
            if won:
                self._note(by, Action.DECIDED, ["state"])
        return won == 1

    def _note(self, by, action, field_names):
        AccessLog.objects.note(who=by, action=action, records=self.only("number"), field_names=field_names)
