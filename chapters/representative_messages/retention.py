"""The end of a conversation: after its time, or when its sender wants it gone."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from chapters.representative_messages import emails
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.row_by_row import made_for_each

#: How many are told, or erased, in one transaction.
BATCH = 200
NO_SENDER = {"contact": "none", "name": "", "email": "", "email_index": None}


class EndingQuerySet(models.QuerySet):
    def over(self, now):
        """Those whose last word is so old that they are erased."""
        return self.filter(last_word_on__lte=now.date() - timedelta(days=settings.CONVERSATION_DAYS))

    def tell_of_the_end(self, now):
        """Write to the senders of what is over that it is erased: `purge` erases it next. Returns how many emails.

        What was held as a machine's work causes no email, to its end.
        """
        ending = self.over(now).filter(flag_reason__in=["", "blocked"]).exclude(contact="none")
        return queue_emails(list(made_for_each(ending.iterator(BATCH), emails.erased)))

    def erase(self):
        """Erase these conversations, their words and their emails. An email that waits never leaves. Returns how many.

        What the representative reported stays until somebody has looked, and nothing else of them: neither name nor
        address nor other words. The code no longer leads to it, so that nobody can tell.
        """
        with transaction.atomic():
            found = list(self.select_for_update(of=("self",)).only("pk", "number"))
            erase_emails(OutgoingEmail.objects.filter(about__in=[message.about for message in found]))
            self._take_out_all_but_reports([message.pk for message in found])
            self.model.objects.filter(pk__in=[message.pk for message in found], said=None).delete()
            if found:
                remember(remembered(found), timezone.now().date())
        return len(found)

    def _take_out_all_but_reports(self, pks):
        from chapters.models import ConversationMessage

        said = ConversationMessage.objects.filter(conversation__in=pks)
        reports = said.reports_that_wait().filter(is_answer=False)
        said.exclude(pk__in=reports.values("pk")).delete()
        for pk in pks:
            nobody = {"code_hash": secrets.token_hex(32), "form_token": secrets.token_hex(32), **NO_SENDER}
            self.model.objects.filter(pk=pk).update(state=self.model.State.CLOSED, **nobody)
