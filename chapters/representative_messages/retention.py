"""The services about the end of a conversation: after its time, or when its sender wants it gone."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage
from chapters.representative_messages import emails
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from s4jr.conversations.choices import NOT_SPAM, Contact
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.row_by_row import made_for_each

#: How many are told, or erased, in one transaction.
BATCH = 200
NO_SENDER = {"contact": Contact.NONE, "name": "", "email": "", "email_index": None}


def email_before_erasure(now: datetime) -> int:
    """Write to the senders of what is over that it is erased: `purge` erases it next. Returns how many emails.

    What was held as a machine's work causes no email, to its end.
    """
    over = RepresentativeMessage.objects.over(now)
    ending = over.filter(flag_reason__in=NOT_SPAM).exclude(contact=Contact.NONE)
    return queue_emails(list(made_for_each(ending.iterator(BATCH), emails.erased)))


def erase_messages(messages: RepresentativeMessageQuerySet) -> int:
    """Erase these conversations, their words and their emails. An email that waits never leaves. Returns how many.

    What the representative reported stays until somebody has looked, and nothing else of them: neither name nor
    address nor other words. The code no longer leads to it, so that nobody can tell.
    """
    with transaction.atomic():
        found = list(messages.select_for_update(of=("self",)).only("pk", "number"))
        pks = [message.pk for message in found]
        erase_emails(OutgoingEmail.objects.filter(about__in=[message.about for message in found]))
        _take_out_all_but_reports(pks)
        RepresentativeMessage.objects.filter(pk__in=pks, said=None).delete()
        if found:
            remember(remembered(found), timezone.now().date())
    return len(found)


def _take_out_all_but_reports(pks: list) -> None:
    said = ConversationMessage.objects.filter(conversation__in=pks)
    reports = said.reports_that_wait().filter(is_answer=False)
    said.exclude(pk__in=reports.values("pk")).delete()
    for pk in pks:
        nobody = {"code_hash": secrets.token_hex(32), "form_token": secrets.token_hex(32), **NO_SENDER}
        RepresentativeMessage.objects.filter(pk=pk).update(state=RepresentativeMessage.State.CLOSED, **nobody)
