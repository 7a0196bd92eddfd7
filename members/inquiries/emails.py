"""The email that brings an answer, or says that one waits."""

from django.conf import settings

from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link, in_both_forms, in_columns, write_from

ANSWER = "inquiry-answer"
#: Filled in last: an answer keeps its own paragraphs and lines.
PLACE = "{answer}"


@decrypts_unshown
def answer(inquiry, words):
    """An answer, in the email itself; whoever asked us to be discreet is told only that one waits."""

    def write(discreet):
        subject, body = write_from(
            text_block(f"emails/{ANSWER}-discreet" if discreet else f"emails/{ANSWER}", inquiry.language),
            answer=PLACE,
            answer_link=email_link("contact_answer", inquiry.language),
            days=settings.INQUIRY_DAYS,
        )
        return subject, body.replace(PLACE, "\n".join(in_columns(line) for line in words.splitlines()))

    return Email(
        to=inquiry.email,
        **in_both_forms(write, discreet=inquiry.is_discreet),
        kind=ANSWER,
        dedupe_key=f"{ANSWER}:{inquiry.number}:{inquiry.turn}",
        about=inquiry.about,
        language=inquiry.language,
    )
