"""The words of an announcement, in both forms: what its author wrote, and below it how to stop such emails."""

from django.conf import settings

from s4jr.content.live_texts import LiveTexts, texts_by_language
from s4jr.content.validators import PlainPreview
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import Email, in_both_forms, in_columns, stop_link, write_from
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.template_validation import sample_values

FOOT = "emails/announcement-foot"


def emails(announcement, recipients):
    """One email for each recipient. Its dedupe key names the address: nobody has the same email twice."""
    words = {discreet: words_of(announcement, discreet) for discreet in (True, False)}
    texts = texts_by_language()
    return [_email(announcement, each, words, texts(each.language)) for each in recipients]


def words_of(announcement, discreet):
    """(subject, body) as its author wrote them, at 72 columns; the ends of lines stay where they were typed."""
    subject = announcement.discreet_subject if discreet else announcement.subject
    body = announcement.discreet_body if discreet else announcement.body
    return subject, "\n".join(in_columns(line) for line in body.strip().splitlines())


def _email(announcement, recipient, words, texts):
    index = blind_index(recipient.to)
    link = stop_link(index, TO_MANY, recipient.language)

    def write(discreet):
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


def _foot(texts, discreet, **values):
    return write_from(_foot_text(texts, discreet), **values)[1]


def _foot_text(texts, discreet):
    return texts.text(f"{FOOT}-discreet" if discreet else FOOT)


def preview(announcement, discreet, heading):
    """How one form of it reads, as a `s4jr.content.validators.PlainPreview`; the link is made up."""
    texts = LiveTexts(announcement.language or settings.LANGUAGE_CODE)
    subject, body = words_of(announcement, discreet)
    foot = _foot(texts, discreet, **sample_values(_foot_text(texts, discreet)))
    return PlainPreview(heading, subject, f"{body}\n\n{foot}")


def trial_emails(announcement, to, language, event):
    """Both forms of it for who wrote it, to see how they arrive; `event` names the press."""
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
