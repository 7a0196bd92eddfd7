"""The emails of an announcement, in both versions: the author's text, followed by how to stop these emails."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from members.announcements.audience import Recipient
from members.models import Announcement
from s4jr.content.live_texts import LiveTexts, Text, texts_by_language
from s4jr.content.validators import PlainPreview
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import Email, in_both_forms, in_columns, stop_link, write_from
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.template_validation import sample_values

FOOT = "emails/announcement-foot"


def emails(announcement: Announcement, recipients: Iterable[Recipient]) -> list[Email]:
    """One email for each recipient. The dedupe key includes the address, so no address gets it twice."""
    words = {discreet: words_of(announcement, discreet) for discreet in (True, False)}
    texts = texts_by_language()
    return [_email(announcement, each, words, texts(each.language)) for each in recipients]


def words_of(announcement: Announcement, discreet: bool) -> tuple[str, str]:
    """(subject, body) by the author, wrapped at 72 columns. Keeps the line ends that were typed."""
    subject = announcement.discreet_subject if discreet else announcement.subject
    body = announcement.discreet_body if discreet else announcement.body
    return subject, "\n".join(in_columns(line) for line in body.strip().splitlines())


def _email(
    announcement: Announcement, recipient: Recipient, words: dict[bool, tuple[str, str]], texts: LiveTexts
) -> Email:
    index = blind_index(recipient.to)
    link = stop_link(index, TO_MANY, recipient.language)

    def write(discreet: bool) -> tuple[str, str]:
        subject, body = words[discreet]
        return subject, f"{body}\n\n{_foot(texts, discreet, stop_link=link)}"

    return Email(
        to=recipient.to,
        **in_both_forms(write, discreet=recipient.is_discreet),
        kind=TO_MANY,
        dedupe_key=f"announcement:{announcement.pk.hex[:16]}:{index}",
        about=recipient.about,
        batch=announcement.batch,
        language=recipient.language,
    )


def _foot(texts: LiveTexts, discreet: bool, **values: Any) -> str:
    return write_from(_foot_text(texts, discreet), **values)[1]


def _foot_text(texts: LiveTexts, discreet: bool) -> Text:
    return texts.text(f"{FOOT}-discreet" if discreet else FOOT)


def preview(announcement: Announcement, discreet: bool, heading: str) -> PlainPreview:
    """One version of the email as a `s4jr.content.validators.PlainPreview`, with sample links."""
    texts = LiveTexts(announcement.language or settings.LANGUAGE_CODE)
    subject, body = words_of(announcement, discreet)
    foot = _foot(texts, discreet, **sample_values(_foot_text(texts, discreet)))
    return PlainPreview(heading, subject, f"{body}\n\n{foot}")


def trial_emails(announcement: Announcement, to: str, language: str, event: uuid.UUID) -> Iterator[Email]:
    """Both versions, as test emails to the author. `event` makes the dedupe key unique."""
    index, texts = blind_index(to), LiveTexts(language)
    link = stop_link(index, "test", language)
    for discreet in (False, True):
        subject, body = words_of(announcement, discreet)
        yield Email(
            to=to,
            subject=subject,
            body=f"{body}\n\n{_foot(texts, discreet, stop_link=link)}",
            kind="test",
            dedupe_key=f"test:{event}:{discreet}",
            language=language,
        )
