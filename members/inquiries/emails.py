"""The email that brings an answer, or says that one waits."""

from django.conf import settings

from members.models import Inquiry
from s4jr.conversations.emails import email_to_sender
from s4jr.mail.emails import Email, email_link

ANSWER = "inquiry-answer"


def answer(inquiry: Inquiry, words: str) -> Email:
    """An answer, in the email itself; whoever asked us to be discreet is told only that one waits."""
    return email_to_sender(
        inquiry,
        ANSWER,
        f"{inquiry.number}:{inquiry.turn}",
        words=words,
        answer_link=email_link("contact_answer", inquiry.language),
        days=settings.INQUIRY_DAYS,
    )
