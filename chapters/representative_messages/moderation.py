"""Reporting what was said, and not being passed somebody's words any more."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from chapters.representative_messages.notifications import tell_of_a_report
from s4jr.audit.models import AccessLog


class ReportedQuerySet(models.QuerySet):
    """Questions and verbs of single things that were said."""

    def reports_that_wait(self):
        return self.filter(reported_on__isnull=False, settled_on=None)

    def reported(self):
        return self.filter(reported_on__isnull=False)

    def waiting_first(self):
        return self.order_by(F("settled_on").asc(nulls_first=True), "reported_on", "pk")

    def settle(self, by):
        """Somebody has looked into these reports. Returns how many they settled."""
        won = 0
        with transaction.atomic():
            for word in self.reports_that_wait().select_related("conversation"):
                mine = self.model.objects.filter(pk=word.pk, settled_on=None)
                if mine.update(settled_on=timezone.now().date(), settled_by=by):
                    AccessLog.objects.note(
                        who=by,
                        action=AccessLog.Action.DECIDED,
                        records=[word.conversation],
                        field_names=["report"],
                    )
                    won += 1
        return won


class ReportingQuerySet(models.QuerySet):
    """What the QuerySet of conversations knows of reports and blocks."""

    def report(self, word, why, *, answers):
        """Report one thing that was said here to the coalition: an answer, or something the sender said. Once."""
        from chapters.models import ConversationMessage

        said = ConversationMessage.objects.filter(pk=word, conversation__in=self, is_answer=answers, reported_on=None)
        with transaction.atomic():
            won = said.update(reported_on=timezone.now().date(), report=why)
            if won:
                tell_of_a_report()
        return won == 1

    def block(self, user):
        """This person is not passed the words of these conversations' senders any more, in whichever term."""
        from chapters.models import Block, FlagReason

        today = timezone.now().date()
        with transaction.atomic():
            blocks = [Block(user=user, sender_index=one.sender_index, since=today) for one in self]
            Block.objects.bulk_create(blocks, ignore_conflicts=True)
            same_senders = Q(email_index__in=[block.sender_index for block in blocks]) | Q(
                pk__in=[one.pk for one in self]
            )
            self.model.objects.filter(same_senders, representative__user=user).update(flag_reason=FlagReason.BLOCKED)

    def unblock(self, user, block):
        """They take it back: what this sender wrote meanwhile is passed on to them."""
        with transaction.atomic():
            found = user.blocks.filter(pk=block)
            senders = set(found.values_list("sender_index", flat=True))
            found.delete()
            blocked = self.model.objects.filter(representative__user=user, flag_reason="blocked")
            theirs = [one.pk for one in blocked.only("pk", "email_index") if one.sender_index in senders]
            return self.model.objects.filter(pk__in=theirs).update(flag_reason="")
