"""Short emails to the readers of inquiries: that one is waiting, without its content."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from members.inquiries.permissions import readers_now
from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.content.live_texts import text_block
from s4jr.mail.emails import Email, write_from
from s4jr.mail.services import queue_emails

LANGUAGE = "en"


def notify_readers(inquiry: Inquiry, *, but: User | None = None) -> int:
    """Emails the readers of this inquiry who have an address, once per hour and topic; none if it is flagged.

    Returns how many were queued.
    """
    if inquiry.flag_reason:
        return 0
    hour = timezone.now().strftime("%Y-%m-%dT%H")
    link = settings.SITE_URL + reverse("admin:index")
    subject, body = write_from(text_block("emails/admin-inquiry", LANGUAGE), link=link)
    return queue_emails(
        Email(
            to=user.address,
            subject=subject,
            body=body,
            kind="admin-inquiry",
            dedupe_key=f"admin-inquiry:{inquiry.topic}:{hour}:{user.pk}",
            about=inquiry.about,
            language=LANGUAGE,
        )
        for user in readers_now(inquiry)
        if user != but
    )
