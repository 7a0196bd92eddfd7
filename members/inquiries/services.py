"""Everything that changes inquiries: what their writers send, answering, closing, handing over, deleting."""

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
from s4jr.conversations.submissions import Submission
from s4jr.erasure.erase import erase
from s4jr.mail.emails import Email

SAFETY = Inquiry.Topic.SAFETY


@dataclass(frozen=True, kw_only=True)
class InquirySubmission(Submission):
    """What the form of /contact/ says. `readers` are people, for safety or conduct only."""

    topic: str
    chapter: Chapter | None = None
    deadline: date | None = None
    readers: tuple[User, ...] = ()

    ANSWERS: ClassVar[tuple[str, ...]] = (*Submission.ANSWERS, "topic", "chapter", "deadline")


class Inquiries(ConversationKind):
    """Conversations with the coalition. Their readers are told of each amendment, since they may have read it."""

    model = Inquiry

    def untouched(self, thread: Inquiry) -> InquiryQuerySet:
        """While nothing else was said. Whoever reads it now is told by the turn."""
        if thread.said.count() > 1:
            return Inquiry.objects.none()
        return Inquiry.objects.open().filter(pk=thread.pk, turn=thread.turn)

    def is_unchanged(self, said: InquirySubmission, thread: Inquiry) -> bool:
        """Whether this is in the inquiry already, word for word and for the same readers."""
        same_words = said.words in [message.words for message in thread.said.all()]
        return said.same_as(thread) and same_words and set(said.readers) == set(thread.readers.all())

    def amended_columns(self, thread: Inquiry) -> dict[str, Any]:
        return {"turn": thread.turn + 1}

    def notify(self, thread: Inquiry, *, but: User | None = None) -> None:
        notify_readers(thread, but=but)

    def after_start(self, said: InquirySubmission, thread: Inquiry) -> None:
        """In the hands of those who may read it, and nobody else's."""
        thread.readers.set(said.readers)
        self.notify(thread)

    def after_amend(self, said: InquirySubmission, thread: Inquiry) -> None:
        self.after_start(said, Inquiry.objects.get(pk=thread.pk))

    def answer_email(self, thread: Inquiry, words: str) -> Email:
        return emails.answer(thread, words)


INQUIRIES = Inquiries()


# --- what their writers do


def submit_inquiry(said: InquirySubmission) -> None:
    """Keep what the form says; see `s4jr.conversations.services.submit`."""
    conversations.submit(INQUIRIES, said)


def add_message(inquiries: InquiryQuerySet, words: str, form_token: str) -> None:
    """Their own next words: it waits again."""
    conversations.add_message(INQUIRIES, inquiries, words, form_token)


def erase_inquiries(inquiries: InquiryQuerySet) -> int:
    """Erase these inquiries, their words and their emails. An email that waits never leaves. Returns how many."""
    return len(erase(inquiries).gone[Inquiry])


# --- what their readers do, each about the one inquiry given


def answer(inquiries: InquiryQuerySet, words: str, *, by: User, seen: int) -> bool:
    """Say this, and write the email. False where somebody has said something since `seen`, the turn its reader saw."""
    return conversations.answer(INQUIRIES, inquiries, words, by=by, seen=seen)


def close(inquiries: InquiryQuerySet, *, by: User, seen: int) -> bool:
    """It needs no answer. False where somebody has said something since, or it does not wait any more."""
    return conversations.close(inquiries, by=by, seen=seen)


def unflag(inquiries: InquiryQuerySet, *, by: User) -> bool:
    """A person wrote this: its other readers are told. False where it is not flagged any more."""
    return conversations.unflag(INQUIRIES, inquiries, by=by)


def hand_over(inquiries: InquiryQuerySet, topic: str, *, by: User) -> bool:
    """To those who read another topic. Never to or from safety or conduct: its writer chose who reads that."""
    with transaction.atomic():
        elsewhere = inquiries.exclude(topic__in=[SAFETY, topic])
        won = topic != SAFETY and elsewhere.update(topic=topic)
        if won:
            inquiry = inquiries.get()
            conversations.log_step([inquiry], by, AccessLog.Action.CHANGED, "topic")
            notify_readers(inquiry, but=by)
    return bool(won)
