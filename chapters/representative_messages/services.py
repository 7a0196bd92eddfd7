"""Everything that changes messages to representatives, in four modules by topic.

Here: writing, reading, answering, closing. `moderation`: reports and blocks. `escalation`: what a representative leaves
unread. `retention`: deleting. Reading, answering and closing are about the one conversation given.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chapters.models import Block, Representative, RepresentativeMessage
from chapters.representative_messages import emails
from chapters.representative_messages.answer_time import with_answer
from chapters.representative_messages.notifications import notify_representative
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conversations import services as conversations
from s4jr.conversations.choices import FlagReason
from s4jr.conversations.kinds import ConversationKind
from s4jr.conversations.submissions import Submission
from s4jr.crypto.blind_index import keyed_hash
from s4jr.mail.emails import Email

SHOWN = ("name", "words")


@dataclass(frozen=True, kw_only=True)
class MessageSubmission(Submission):
    """What the form says, and to whom. Their user comes along: see `notifications`."""

    representative: Representative
    coalition_may_answer: bool = False

    ANSWERS: ClassVar[tuple[str, ...]] = (*Submission.ANSWERS, "coalition_may_answer")
    FIXED: ClassVar[tuple[str, ...]] = ("representative",)


def mark_for(representative: Representative, form_token: str) -> str:
    """The mark of one form as it was sent to one representative: sent to another, it is another message."""
    return keyed_hash("message-form", f"{representative.pk} {form_token}")


class RepresentativeMessages(ConversationKind):
    """Conversations with a representative. Whether a message reaches them must not show."""

    model = RepresentativeMessage

    def load(self, threads: RepresentativeMessageQuerySet) -> RepresentativeMessage:
        return threads.select_related("representative__user").get()

    def untouched(self, thread: RepresentativeMessage) -> RepresentativeMessageQuerySet:
        """While nobody has read it and nothing else was said."""
        return RepresentativeMessage.objects.open().filter(pk=thread.pk, turn=1, read_on=None)

    def flag_reason(self, said: MessageSubmission, earlier: str = "") -> str:
        """Whom the representative asked not to be passed stays away from them, whatever else stands out."""
        sender = said.answers()["email_index"] or ""
        is_blocked = Block.objects.filter(user=said.representative.user_id, sender_index=sender).exists()
        return FlagReason.BLOCKED if is_blocked or earlier == FlagReason.BLOCKED else earlier or said.flag_reason

    def reopened_columns(self) -> dict[str, Any]:
        """Both days as they are while it is open, and none once it was answered or closed: then it is unread again,
        and may be told of again when nobody reads it."""
        was_open = {"state": RepresentativeMessage.State.OPEN}
        return {name: Case(When(**was_open, then=F(name))) for name in ("read_on", "coalition_told_on")}

    def answered_columns(self) -> dict[str, Any]:
        today = timezone.now().date()
        return {name: Coalesce(name, Value(today)) for name in ("read_on", "first_answer_on")}

    def notify(self, thread: RepresentativeMessage, *, but: User | None = None) -> None:
        notify_representative(thread)

    def after_answer(self, thread: RepresentativeMessage) -> None:
        """A first answer counts for the usual time, where the representative gave it."""
        if thread.said.filter(is_answer=True).count() == 1 and not thread.taken_over_on:
            days = (thread.first_answer_on - thread.received_on).days
            record_answer_time(Representative.objects.filter(pk=thread.representative_id), days)

    def answer_email(self, thread: RepresentativeMessage, words: str) -> Email:
        return emails.answer(thread, words)


MESSAGES = RepresentativeMessages()


# --- what their senders do


def submit_message(said: MessageSubmission) -> None:
    """Keep what the form says; see `s4jr.conversations.services.submit`."""
    conversations.submit(MESSAGES, said)


def add_message(messages: RepresentativeMessageQuerySet, words: str, form_token: str) -> None:
    """The sender's next words: it waits again, and is unread again where it was answered or closed."""
    conversations.add_message(MESSAGES, messages, words, form_token)


# --- what representatives do, or the coalition for them


def mark_read(messages: RepresentativeMessageQuerySet, *, by: User) -> None:
    """Somebody reads it: the first time counts, every time is noted."""
    with transaction.atomic():
        messages.filter(read_on=None).update(read_on=timezone.now().date())
        conversations.log_step(messages.only("number"), by, AccessLog.Action.OPENED, *SHOWN)


def answer(messages: RepresentativeMessageQuerySet, words: str, *, by: User, seen: int, form_token: str) -> bool:
    """Say this, and write the email. False where something was said since `seen`, the turn its reader saw."""
    return conversations.answer(MESSAGES, messages, words, by=by, seen=seen, form_token=form_token)


def close(messages: RepresentativeMessageQuerySet, *, by: User, seen: int) -> bool:
    """It needs no answer. False where something was said since, or it does not wait any more."""
    return conversations.close(messages, by=by, seen=seen)


def unflag(messages: RepresentativeMessageQuerySet, *, by: User) -> bool:
    """A person wrote this: its representative is told. False where it is not flagged any more."""
    return conversations.unflag(MESSAGES, messages, by=by)


def record_answer_time(terms: QuerySet, days: int) -> None:
    """The representative of the one term given gave a first answer after so many days."""
    for pk, known in terms.values_list("pk", "answer_days"):
        Representative.objects.filter(pk=pk, answer_days=known).update(answer_days=with_answer(known, days))
