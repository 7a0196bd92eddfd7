"""The email with an answer, or with the notice that one is waiting."""

from django.conf import settings

from members.models import Inquiry
from s4jr.conversations.emails import email_to_sender
from s4jr.mail.emails import Email, email_link

ANSWER = "inquiry-answer"


def answer(inquiry: Inquiry, words: str) -> Email:
    """The email with the answer, or, for discreet emails, only the notice that one is waiting."""
    return email_to_sender(
        inquiry,
        ANSWER,
        f"{inquiry.number}:{inquiry.turn}",
        words=words,
        answer_link=email_link("contact_answer", inquiry.language),
        days=settings.INQUIRY_DAYS,
    )
