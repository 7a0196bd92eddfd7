"""What a representative leaves unread for a week: the coalition takes it over, or its sender is told."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from chapters.representative_messages import emails, notifications
from s4jr.audit.models import AccessLog
from s4jr.crypto.fields import readable
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

UNREAD_AFTER = timedelta(days=7)


class UnreadQuerySet(models.QuerySet):
    # --- questions

    def unread_for_a_week(self, today):
        """Nobody read these within a week of their last word. What a machine may have sent is not counted; what was
        blocked is."""
        unread = self.filter(state=self.model.State.OPEN, read_on=None, last_word_on__lte=today - UNREAD_AFTER)
        return unread.filter(flag_reason__in=["", "blocked"], taken_over_on=None)

    def to_take_over(self, today=None):
        """Those of them whose senders agreed that the coalition takes them."""
        return self.unread_for_a_week(today or timezone.now().date()).filter(coalition_may_answer=True)

    def flagged(self):
        """Flagged as possible spam, and read by nobody. Its representative got no email about it."""
        flagged = self.exclude(flag_reason__in=["", "blocked"])
        return flagged.filter(state=self.model.State.OPEN, read_on=None, taken_over_on=None)

    def taken_over(self):
        return self.filter(taken_over_on__isnull=False)

    # --- verbs

    def mind_the_unread(self, today=None):
        """Tell the coalition how many wait, and every sender who did not agree to be answered by it. Once for each.

        Returns how many are newly unread.
        """
        today = today or timezone.now().date()
        with transaction.atomic():
            news = list(self.unread_for_a_week(today).filter(coalition_told_on=None).select_for_update())
            self.model.objects.filter(pk__in=[one.pk for one in news]).update(coalition_told_on=today)
            somebody = any(readable(user, "address") for user in notifications.who_takes_over())
            left = [one for one in news if not (one.coalition_may_answer and somebody)]
            queue_emails(list(made_for_each((one for one in left if one.gets_emails), emails.not_read)))
            if news:
                notifications.tell_of_unread(
                    self.unread_for_a_week(today).count(), self.to_take_over(today).count(), today
                )
        return len(news)

    def unflag(self, by):
        """A person wrote this: its representative is told, as if it had just been sent. False where it is not held."""
        with transaction.atomic():
            won = self.flagged().update(flag_reason="")
            if won:
                self._note_of(by, AccessLog.Action.CHANGED, "flag_reason")
                notifications.tell_representative(self.select_related("representative__user").get())
        return won == 1

    def take_over(self, by):
        """The coalition answers the one conversation here instead. False where somebody read it, or took it, first."""
        with transaction.atomic():
            today = timezone.now().date()
            won = self.to_take_over(today).update(taken_over_on=today, taken_over_by=by, read_on=today)
            if won:
                self._note_of(by, AccessLog.Action.DECIDED, "taken_over_on")
        return won == 1

    def _note_of(self, by, action, field_name):
        AccessLog.objects.note(who=by, action=action, records=self.only("number"), field_names=[field_name])
