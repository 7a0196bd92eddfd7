"""Everything that changes inquiries: submitting, answering, closing, handing over, erasing."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import transaction

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
        return {"turn": thread.turn + 1}

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


# --- for readers: each function takes a QuerySet of one inquiry


def answer(inquiries: InquiryQuerySet, words: str, *, by: User, seen: int) -> bool:
    """Answers and queues the email. False if there is a newer message than `seen`, the turn the reader saw."""
    return conversations.answer(INQUIRIES, inquiries, words, by=by, seen=seen)


def close(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """Closes it without an answer. False if there is a newer message than `seen`, or if it is not open."""
    return conversations.close(inquiries, by=by, seen=seen)


def unflag(inquiries: InquiryQuerySet, *, by: User) -> bool:
    """Marks it as not spam and tells its other readers. False if it is not flagged."""
    return conversations.unflag(INQUIRIES, inquiries, by=by)


def hand_over(inquiries: InquiryQuerySet, topic: str, *, by: User) -> bool:
    """Moves it to another topic. Never to or from safety or conduct, whose readers the sender chose."""
    with transaction.atomic():
        elsewhere = inquiries.exclude(topic__in=[SAFETY, topic])
        won = topic != SAFETY and elsewhere.update(topic=topic)
        if won:
            inquiry = inquiries.get()
            conversations.log_step([inquiry], by, AccessLog.Action.CHANGED, "topic")
            notify_readers(inquiry, but=by)
    return bool(won)
