"""The automatic answer to a reply."""

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from s4jr.content.live_texts import text_block
from s4jr.mail.emails import Email, write_from
from s4jr.mail.kinds import AUTO_REPLY
from s4jr.mail.models import OutgoingEmail


def automatic_answer(email: OutgoingEmail, to: str, in_reply_to: str | None) -> Email:
    """The answer to a reply to this email, in its language. It has no word of the reply."""
    with translation.override(email.language):
        link = settings.SITE_URL + reverse("contact")
    subject, body = write_from(text_block(f"emails/{AUTO_REPLY}", email.language), contact_link=link)
    return Email(
        to=to,
        subject=subject,
        body=body,
        kind=AUTO_REPLY,
        dedupe_key=f"{AUTO_REPLY}:{uuid.uuid4()}",
        about=email.about,
        language=email.language,
        in_reply_to=in_reply_to,
    )
