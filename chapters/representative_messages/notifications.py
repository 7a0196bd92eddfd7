"""Short notifications about messages, for representatives and admins. They contain nothing of a message."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from chapters.models import RepresentativeMessage
from s4jr.accounts.models import User
from s4jr.accounts.permissions import staff_with_perm
from s4jr.content.live_texts import text_block
from s4jr.crypto.fields import readable
from s4jr.mail.emails import Email, write_from
from s4jr.mail.services import queue_emails

#: Emails to admins are in English, as the admin is.
LANGUAGE = "en"


def notify_representative(message: RepresentativeMessage) -> int:
    """Notifies a representative of a message, at most once an hour. A flagged message notifies no one."""
    representative = message.representative
    if message.flag_reason or message.taken_over_on or representative is None or not representative.is_serving:
        return 0
    user, language = representative.user, representative.language
    with translation.override(language):
        link = settings.SITE_URL + reverse("representative_inbox")
    return _queue_for([user], "admin-message-waits", _this_hour(), language=language, link=link)


def notify_of_report() -> int:
    """Notifies those who settle reports, at most once an hour."""
    link = settings.SITE_URL + reverse("admin:chapters_conversationmessage_changelist")
    return _queue_for(_holders_of("chapters.settle_reports"), "admin-message-report", _this_hour(), link=link)


def notify_of_unread(count: int, to_take_over: int, today: date) -> int:
    """Notifies those who may take over of the number of messages unread for a week, once a day."""
    link = settings.SITE_URL + reverse("admin:chapters_representativemessage_changelist")
    values = {"count": count, "mine": to_take_over, "link": link}
    return _queue_for(who_takes_over(), "admin-message-unread", today.isoformat(), **values)


def who_takes_over() -> list[User]:
    """The admins who may take over unread messages."""
    return _holders_of("chapters.take_over")


def _holders_of(right: str) -> list[User]:
    return list(staff_with_perm(right))


def _this_hour() -> str:
    return timezone.now().strftime("%Y-%m-%dT%H")


def _queue_for(users: list[User], kind: str, event: str, *, language: str = LANGUAGE, **values: Any) -> int:
    subject, body = write_from(text_block(f"emails/{kind}", language), **values)
    return queue_emails(
        Email(
            to=readable(user, "address"),
            subject=subject,
            body=body,
            kind=kind,
            dedupe_key=f"{kind}:{event}:{user.pk}",
            language=language,
        )
        for user in users
    )
