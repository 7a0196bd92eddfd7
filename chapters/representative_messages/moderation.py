"""Services for reports of messages, and for blocked senders."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chapters.models import Block, ConversationMessage, RepresentativeMessage
from chapters.representative_messages.notifications import notify_of_report
from chapters.representative_messages.querysets import ConversationMessageQuerySet, RepresentativeMessageQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conversations.choices import FlagReason
from s4jr.conversations.services import log_step


def report(messages: RepresentativeMessageQuerySet, word: int, why: str, *, answers: bool) -> bool:
    """Reports one message of a conversation to the coalition: an answer or a sender's message. Once per message."""
    said = ConversationMessage.objects.filter(pk=word, conversation__in=messages, is_answer=answers, reported_on=None)
    with transaction.atomic():
        won = said.update(reported_on=timezone.now().date(), report=why)
        if won:
            notify_of_report()
    return won == 1


def settle_reports(words: ConversationMessageQuerySet, *, by: User) -> int:
    """Marks these reports as settled. Returns how many."""
    won = 0
    with transaction.atomic():
        for word in words.waiting_reports().select_related("conversation"):
            mine = ConversationMessage.objects.filter(pk=word.pk, settled_on=None)
            if mine.update(settled_on=timezone.now().date(), settled_by=by):
                log_step([word.conversation], by, AccessLog.Action.DECIDED, "report")
                won += 1
    return won


def unsettle_reports(words: ConversationMessageQuerySet, *, by: User) -> int:
    """Undoes settling these reports. Returns how many are waiting again."""
    won = 0
    with transaction.atomic():
        for word in words.reported().exclude(settled_on=None).select_related("conversation"):
            settled = ConversationMessage.objects.filter(pk=word.pk, settled_on=word.settled_on)
            if settled.update(settled_on=None, settled_by=None):
                log_step([word.conversation], by, AccessLog.Action.CHANGED, "report")
                won += 1
    return won


def block_senders(messages: RepresentativeMessageQuerySet, *, by: User) -> None:
    """Blocks the senders of these conversations for this user, in all their terms."""
    today = timezone.now().date()
    with transaction.atomic():
        blocks = [Block(user=by, sender_index=message.sender_index, since=today) for message in messages]
        Block.objects.bulk_create(blocks, ignore_conflicts=True)
        same_senders = Q(email_index__in=[block.sender_index for block in blocks]) | Q(
            pk__in=[message.pk for message in messages]
        )
        theirs = RepresentativeMessage.objects.filter(same_senders, representative__user=by)
        theirs.update(flag_reason=FlagReason.BLOCKED)


def unblock_sender(block: int, *, by: User) -> int:
    """Removes a block and shows the user what the sender wrote in the meantime. Returns how many conversations."""
    with transaction.atomic():
        found = Block.objects.filter(user=by, pk=block)
        senders = set(found.values_list("sender_index", flat=True))
        found.delete()
        blocked = RepresentativeMessage.objects.filter(representative__user=by, flag_reason=FlagReason.BLOCKED)
        theirs = [message.pk for message in blocked.only("pk", "email_index") if message.sender_index in senders]
        return RepresentativeMessage.objects.filter(pk__in=theirs).update(flag_reason="")
