"""Services for messages to representatives, in four modules by topic.

Here: writing, reading, answering, closing. `moderation`: reports and blocks. `escalation`: messages left unread.
`retention`: deleting. Reading, answering and closing are about one conversation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chapters.models import Block, Representative, RepresentativeMessage
from chapters.representative_messages import emails
from chapters.representative_messages.answer_time import with_answer
from chapters.representative_messages.notifications import notify_representative
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from chapters.representatives.querysets import RepresentativeQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conversations import services as conversations
from s4jr.conversations.choices import FlagReason
from s4jr.conversations.kinds import ConversationKind
from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.conversations.submissions import ThreadSubmission
from s4jr.crypto.blind_index import keyed_hash
from s4jr.mail.emails import Email

SHOWN = ("name", "words")


@dataclass(frozen=True, kw_only=True)
class MessageSubmission(ThreadSubmission):
    """A submitted message. The representative is loaded with their user, which `notifications` needs."""

    representative: Representative
    coalition_may_answer: bool = False

    ANSWERS: ClassVar[tuple[str, ...]] = (*ThreadSubmission.ANSWERS, "coalition_may_answer")
    FIXED: ClassVar[tuple[str, ...]] = ("representative",)


def mark_for(representative: Representative, form_token: str) -> str:
    """The form token of a message to one representative; the same form sent to another one is another message."""
    return keyed_hash("message-form", f"{representative.pk} {form_token}")


class RepresentativeMessages(ConversationKind):
    """Conversations with a representative. Whether a message reaches them must not be disclosed."""

    model = RepresentativeMessage

    def load(self, threads: ThreadQuerySet[Any]) -> RepresentativeMessage:
        return threads.select_related("representative__user").get()

    def untouched(self, thread: RepresentativeMessage) -> RepresentativeMessageQuerySet:
        """Returns the thread while it is unread and has no other message."""
        return RepresentativeMessage.objects.open().filter(pk=thread.pk, turn=1, read_on=None)

    def flag_reason(self, said: MessageSubmission, earlier: str = "") -> str:
        """A blocked sender stays blocked, whatever other reasons there are."""
        sender = said.email_index or ""
        is_blocked = Block.objects.filter(user=said.representative.user_id, sender_index=sender).exists()
        blocked = FlagReason.BLOCKED.value
        return blocked if is_blocked or earlier == blocked else earlier or said.flag_reason

    def reopened_columns(self) -> dict[str, Any]:
        """Keeps both dates of an open thread, and clears them otherwise: the thread is unread again, and the coalition
        may be notified again."""
        was_open = {"state": RepresentativeMessage.State.OPEN}
        return {name: Case(When(**was_open, then=F(name))) for name in ("read_on", "coalition_told_on")}

    def answered_columns(self) -> dict[str, Any]:
        today = timezone.now().date()
        return {name: Coalesce(name, Value(today)) for name in ("read_on", "first_answer_on")}

    def notify(self, thread: RepresentativeMessage, *, but: User | None = None) -> None:
        notify_representative(thread)

    def after_answer(self, thread: RepresentativeMessage) -> None:
        """A first answer by the representative counts for the usual answer time."""
        answered_on = thread.first_answer_on
        if answered_on and thread.said.filter(is_answer=True).count() == 1 and not thread.taken_over_on:
            days = (answered_on - thread.received_on).days
            record_answer_time(Representative.objects.filter(pk=thread.representative_id), days)

    def answer_email(self, thread: RepresentativeMessage, words: str) -> Email:
        return emails.answer(thread, words)


MESSAGES = RepresentativeMessages()


# --- by senders


def submit_message(said: MessageSubmission) -> None:
    """Saves a message; see `s4jr.conversations.services.submit`."""
    conversations.submit(MESSAGES, said)


def add_message(messages: RepresentativeMessageQuerySet, words: str, form_token: str) -> None:
    """Adds a message of the sender. The thread is open again, and unread again if it was answered or closed."""
    conversations.add_message(MESSAGES, messages, words, form_token)


# --- by representatives, or the coalition for them


def mark_read(messages: RepresentativeMessageQuerySet, *, by: User) -> None:
    """Sets the day of the first reading, and logs every reading."""
    with transaction.atomic():
        messages.filter(read_on=None).update(read_on=timezone.now().date())
        conversations.log_step(messages.only("number"), by, AccessLog.Action.OPENED, *SHOWN)


def note_names_shown(messages: Iterable[RepresentativeMessage], *, by: User) -> None:
    """Logs that a list showed a representative the names of these senders. It reads no message."""
    conversations.log_step(messages, by, AccessLog.Action.OPENED, "name")


def answer(messages: RepresentativeMessageQuerySet, words: str, *, by: User, seen: int, form_token: str) -> bool:
    """Answers, and queues the email. Returns False if there is a newer message than turn `seen`."""
    return conversations.answer(MESSAGES, messages, words, by=by, seen=seen, form_token=form_token)


def close(messages: RepresentativeMessageQuerySet, *, by: User, seen: int) -> bool:
    """Closes without an answer. Returns False if it changed since turn `seen`, or is no longer open."""
    return conversations.close(MESSAGES, messages, by=by, seen=seen)


def reopen(messages: RepresentativeMessageQuerySet, *, by: User, seen: int) -> bool:
    """Undoes closing. Returns False if it changed since turn `seen`, or is not closed."""
    return conversations.reopen(messages, by=by, seen=seen)


def unflag(messages: RepresentativeMessageQuerySet, *, by: User, seen: int) -> bool:
    """Marks as not spam, and notifies the representative.

    Returns False if there is a newer message than turn `seen`, or it is no longer flagged.
    """
    return conversations.unflag(MESSAGES, messages, by=by, seen=seen)


def record_answer_time(terms: RepresentativeQuerySet, days: int) -> None:
    """Records for one term that a first answer took so many days."""
    for pk, known in terms.values_list("pk", "answer_days"):
        Representative.objects.filter(pk=pk, answer_days=known).update(answer_days=with_answer(known, days))
