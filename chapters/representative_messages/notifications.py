"""Short emails to those who read and look after messages: that something waits, or how much, and nothing of it."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone, translation

from s4jr.content.live_texts import text_block
from s4jr.crypto.fields import readable
from s4jr.mail.emails import Email, write_from
from s4jr.mail.services import queue_emails

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Emails to admins are in English, as the admin is.
LANGUAGE = "en"


def tell_representative(message):
    """Something waits for them at their desk: once an hour at most, whoever wrote. What is held is silent."""
    representative = message.representative
    if message.flag_reason or message.taken_over_on or representative is None or not representative.is_serving:
        return 0
    user, language = representative.user, representative.language
    with translation.override(language):
        link = settings.SITE_URL + reverse("representative_inbox")
    return _tell([user], "admin-message-waits", _hour(), language=language, link=link)


def tell_of_a_report():
    """A report waits for those who settle them: once an hour at most."""
    link = settings.SITE_URL + reverse("admin:chapters_conversationmessage_changelist")
    return _tell(_holders_of("chapters.settle_reports"), "admin-message-report", _hour(), link=link)


def tell_of_unread(count, to_take_over, today):
    """How many messages nobody has read for a week: a number, once a day."""
    link = settings.SITE_URL + reverse("admin:chapters_representativemessage_changelist")
    values = {"count": count, "mine": to_take_over, "link": link}
    return _tell(who_takes_over(), "admin-message-unread", today.isoformat(), **values)


def who_takes_over():
    """Those who may take over what was left unread."""
    return _holders_of("chapters.take_over")


def _holders_of(right):
    return list(get_user_model().objects.with_perm(right, backend=MODEL_BACKEND).filter(is_staff=True))


def _hour():
    return timezone.now().strftime("%Y-%m-%dT%H")


def _tell(users, kind, event, *, language=LANGUAGE, **values):
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
