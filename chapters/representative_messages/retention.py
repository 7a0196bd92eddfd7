"""Services that delete conversations: after the retention period, or at the sender's request."""

import secrets
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage
from chapters.representative_messages import emails
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from s4jr.content.live_texts import texts_by_language
from s4jr.conversations.choices import NOT_SPAM, Contact
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.row_by_row import made_for_each

#: The number of rows per transaction.
BATCH = 200
NO_SENDER = {"contact": Contact.NONE, "name": "", "email": "", "email_index": None}


def email_before_erasure(now: datetime) -> int:
    """Emails the senders of expired conversations, which `purge` deletes next. Returns how many emails.

    Conversations flagged as spam cause no email.
    """
    over = RepresentativeMessage.objects.over(now)
    ending = over.filter(flag_reason__in=NOT_SPAM).exclude(contact=Contact.NONE)
    return queue_emails(list(made_for_each(ending.iterator(BATCH), partial(emails.erased, texts=texts_by_language()))))


def erase_messages(messages: RepresentativeMessageQuerySet) -> int:
    """Deletes these conversations with their messages and emails, also unsent ones. Returns how many.

    A message that the representative reported stays until the report is settled, without name, address or other
    messages. Its status code stops working, so that the report is not disclosed.
    """
    with transaction.atomic():
        found = list(messages.select_for_update(of=("self",)).only("pk", "number"))
        pks = [message.pk for message in found]
        erase_emails(OutgoingEmail.objects.filter(about__in=[message.about for message in found]))
        _take_out_all_but_reports(pks)
        if found:
            remember(remembered(found), timezone.now().date())
    return len(found)


def _take_out_all_but_reports(pks: list[UUID]) -> None:
    said = ConversationMessage.objects.filter(conversation__in=pks)
    reports = said.waiting_reports().filter(is_answer=False)
    said.exclude(pk__in=reports.values("pk")).delete()
    messages = RepresentativeMessage.objects.filter(pk__in=pks)
    messages.filter(said=None).delete()
    messages.update(state=RepresentativeMessage.State.CLOSED, **NO_SENDER)
    _take_out_codes(messages.only("pk"))


def _take_out_codes(messages: RepresentativeMessageQuerySet) -> None:
    reported = list(messages)
    for message in reported:
        message.code_hash, message.form_token = secrets.token_hex(32), secrets.token_hex(32)
    RepresentativeMessage.objects.bulk_update(reported, ["code_hash", "form_token"])
