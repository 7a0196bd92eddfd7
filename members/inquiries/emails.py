"""The email that brings an answer, or says that one waits."""

from django.conf import settings

from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link, in_both_forms, in_columns, write_from

ANSWER = "enquiry-answer"
#: Filled in last: an answer keeps its own paragraphs and lines.
PLACE = "{answer}"


@decrypts_unshown
def answer(enquiry, words):
    """An answer, in the email itself; whoever asked us to be discreet is told only that one waits."""

    def write(discreet):
        subject, body = write_from(
            text_block(f"emails/{ANSWER}-discreet" if discreet else f"emails/{ANSWER}", enquiry.language),
            answer=PLACE,
            answer_link=email_link("contact_answer", enquiry.language),
            days=settings.ENQUIRY_DAYS,
        )
        return subject, body.replace(PLACE, "\n".join(in_columns(line) for line in words.splitlines()))

    return Email(
        to=enquiry.email,
        **in_both_forms(write, discreet=enquiry.is_discreet),
        kind=ANSWER,
        dedupe_key=f"{ANSWER}:{enquiry.number}:{enquiry.turn}",
        about=enquiry.about,
        language=enquiry.language,
    )
