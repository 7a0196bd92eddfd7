"""Services for messages left unread for a week: the coalition takes them over, or their senders are notified."""

from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone

from chapters.models import RepresentativeMessage
from chapters.representative_messages import emails, notifications
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.content.live_texts import texts_by_language
from s4jr.conversations.services import log_step
from s4jr.crypto.fields import readable
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each


def escalate_unread(today: date | None = None) -> int:
    """Notifies the coalition of the number, and every sender that it may not answer. Once for each message.

    Returns how many messages are newly overdue.
    """
    today, messages = today or timezone.now().date(), RepresentativeMessage.objects
    with transaction.atomic():
        news = list(messages.unread_for_a_week(today).filter(coalition_told_on=None).select_for_update())
        messages.filter(pk__in=[message.pk for message in news]).update(coalition_told_on=today)
        can_take_over = any(readable(user, "address") for user in notifications.who_takes_over())
        left = [message for message in news if not (message.coalition_may_answer and can_take_over)]
        not_read = partial(emails.not_read, texts=texts_by_language())
        queue_emails(list(made_for_each((message for message in left if message.gets_emails), not_read)))
        if news:
            notifications.notify_of_unread(
                messages.unread_for_a_week(today).count(), messages.to_take_over(today).count(), today
            )
    return len(news)


def take_over(messages: RepresentativeMessageQuerySet, *, by: User) -> bool:
    """Takes one conversation over for the coalition. Returns False if someone read it or took it over first."""
    with transaction.atomic():
        today = timezone.now().date()
        won = messages.to_take_over(today).update(taken_over_on=today, taken_over_by=by, read_on=today)
        if won:
            log_step(messages.only("number"), by, AccessLog.Action.DECIDED, "taken_over_on")
    return won == 1
