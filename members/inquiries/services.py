"""Everything that changes inquiries: submitting, taking, answering, closing, handing over, erasing."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chapters.models import Chapter
from members.inquiries import emails
from members.inquiries.notifications import notify_readers
from members.inquiries.querysets import InquiryQuerySet
from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conversations import services as conversations
from s4jr.conversations.kinds import ConversationKind
from s4jr.conversations.submissions import ThreadSubmission
from s4jr.erasure.erase import erase
from s4jr.mail.emails import Email

SAFETY: str = Inquiry.Topic.SAFETY
UNCLAIMED: dict[str, None] = {"claimed_by": None, "claimed_on": None}


@dataclass(frozen=True, kw_only=True)
class InquirySubmission(ThreadSubmission):
    """A valid form of /contact/. `readers` are set for safety or conduct only."""

    topic: str
    chapter: Chapter | None = None
    deadline: date | None = None
    readers: tuple[User, ...] = ()

    ANSWERS: ClassVar[tuple[str, ...]] = (*ThreadSubmission.ANSWERS, "topic", "chapter", "deadline")


class Inquiries(ConversationKind):
    """Conversations with the coalition. Readers are told about each change, because they may have read it."""

    model = Inquiry

    def untouched(self, thread: Inquiry) -> InquiryQuerySet:
        """Only if there is one message. The turn tells a reader who has the page open."""
        if thread.said.count() > 1:
            return Inquiry.objects.none()
        return Inquiry.objects.open().filter(pk=thread.pk, turn=thread.turn)

    def is_unchanged(self, said: InquirySubmission, thread: Inquiry) -> bool:
        """Whether the inquiry already has the same text and readers."""
        same_words = said.words in [message.words for message in thread.said.all()]
        return said.same_as(thread) and same_words and set(said.readers) == set(thread.readers.all())

    def amended_columns(self, thread: Inquiry) -> dict[str, Any]:
        """The sender may have chosen another topic or other readers, so it is free again."""
        return {"turn": thread.turn + 1, **UNCLAIMED}

    def answered_columns(self) -> dict[str, Any]:
        return {**UNCLAIMED}

    def closed_columns(self) -> dict[str, Any]:
        return {**UNCLAIMED}

    def unflagged_columns(self) -> dict[str, Any]:
        return {"turn": F("turn") + 1}

    def notify(self, thread: Inquiry, *, but: User | None = None) -> None:
        notify_readers(thread, but=but)

    def after_start(self, said: InquirySubmission, thread: Inquiry) -> None:
        """Sets the readers, then notifies them."""
        thread.readers.set(said.readers)
        self.notify(thread)

    def after_amend(self, said: InquirySubmission, thread: Inquiry) -> None:
        self.after_start(said, Inquiry.objects.get(pk=thread.pk))

    def answer_email(self, thread: Inquiry, words: str) -> Email:
        """The email with this answer.

        %%
        """
        return emails.answer(thread, words)


INQUIRIES = Inquiries()


# --- for senders


def submit_inquiry(said: InquirySubmission) -> None:
    """Saves the form; see `s4jr.conversations.services.submit`."""
    conversations.submit(INQUIRIES, said)


def add_message(inquiries: InquiryQuerySet, words: str, form_token: str) -> None:
    """Adds the sender's next message and reopens the inquiry."""
    conversations.add_message(INQUIRIES, inquiries, words, form_token)


def erase_inquiries(inquiries: InquiryQuerySet) -> int:
    """Erases these inquiries, their messages and their emails, including unsent ones. Returns how many."""
    return len(erase(inquiries).gone[Inquiry])


# --- for readers: each function takes a QuerySet of one inquiry, and `seen`, its turn as the reader saw it


def claim(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Notes that `by` answers it, also instead of someone else. False if it changed since `seen`, or doesn't wait."""
    with transaction.atomic():
        claimed = {"claimed_by": by, "claimed_on": timezone.now().date(), "turn": seen + 1}
        won = inquiries.waiting().filter(turn=seen).update(**claimed)
        if won:
            conversations.log_step(inquiries.only("number"), by, AccessLog.Action.CHANGED, "claimed_by")
    return won == 1


def unclaim(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Gives it back. False if it changed since `seen`, or if `by` does not have it."""
    with transaction.atomic():
        won = inquiries.filter(claimed_by=by, turn=seen).update(turn=seen + 1, **UNCLAIMED)
        if won:
            conversations.log_step(inquiries.only("number"), by, AccessLog.Action.CHANGED, "claimed_by")
    return won == 1


def answer(inquiries: InquiryQuerySet, words: str, *, by: User, seen: int) -> bool:
    """Answers, queues the email and ends the claim. False if it changed since `seen`."""
    return conversations.answer(INQUIRIES, inquiries, words, by=by, seen=seen)


def close(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Closes it without an answer and ends the claim. False if it changed since `seen`, or if it is not open."""
    return conversations.close(INQUIRIES, inquiries, by=by, seen=seen)


def reopen(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Undoes closing. False if it changed since `seen`, or if it is not closed."""
    return conversations.reopen(inquiries, by=by, seen=seen)


def unflag(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Marks it as not spam and tells its other readers. False if it changed since `seen`, or is not flagged."""
    return conversations.unflag(INQUIRIES, inquiries, by=by, seen=seen)


def hand_over(inquiries: InquiryQuerySet, topic: str, *, by: User, seen: int) -> bool:
    """Moves it to another topic, whose readers find it unclaimed. False if it changed since `seen`.

    Never to or from safety or conduct, whose readers the sender chose.
    """
    with transaction.atomic():
        elsewhere = inquiries.exclude(topic__in=[SAFETY, topic]).filter(turn=seen)
        won = topic != SAFETY and elsewhere.update(topic=topic, turn=seen + 1, **UNCLAIMED)
        if won:
            inquiry = inquiries.get()
            conversations.log_step([inquiry], by, AccessLog.Action.CHANGED, "topic")
            notify_readers(inquiry, but=by)
    return bool(won)
