"""Validates edited email texts, and previews both forms of an email."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from s4jr.content.files import file_for
from s4jr.content.live_texts import LiveTexts, Text, UnknownText, split
from s4jr.content.validators import PlainPreview
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.emails import PLACEHOLDER, has_stray_braces, write_from
from s4jr.mail.link_rules import link_problems

PREFIX = "emails/"
DISCREET = "-discreet"
HINT = _(
    "The first line, after #, is the subject. An empty line starts a new paragraph. Long lines "
    "wrap automatically. Emails are plain text: asterisks and square brackets stay as you type "
    "them. Leave the box empty to go back to the original text."
)
SAMPLES = {"name": "Rosalind", "days": "7", "count": "3", "limit": "30"}
SAMPLE_TOKEN = "0123456789-sample-only"  # noqa: S105 (as long as a real token)


def problems(key: str, language: str, text: str) -> list[str]:
    """Sentences that say why an email text must not be saved.

    It would reveal something about its reader, arrive with a gap, or lead a link of its reader elsewhere.
    """
    subject, body = split(text)
    return [
        *telling_words(gettext("in the subject, which others may see"), subject),
        *(telling_words(gettext("in the discreet version of an email"), body) if key.endswith(DISCREET) else []),
        *_names_in_subject(subject, file_for(key, language)),
        *_stray_braces(text),
        *link_problems(text),
    ]


def telling_words(where: str, text: str) -> Iterator[str]:
    """A sentence that names the COALITION_WORDS in a text; none if there are none."""
    found = coalition_words_in(text)
    if found:
        said = ngettext(
            "Don’t use this word %(where)s: %(words)s.",
            "Don’t use these words %(where)s: %(words)s.",
            len(found),
        )
        yield said % {"where": where, "words": ", ".join(found)}


def _names_in_subject(subject, file):
    """The subject may show on a locked phone: only placeholders of the original subject are allowed."""
    meant = PLACEHOLDER.findall(split(file.text)[0]) if file else []
    if set(PLACEHOLDER.findall(subject)) - set(meant):
        yield gettext("Keep words in curly brackets out of the subject. Others may see it.")


def _stray_braces(text):
    if has_stray_braces(text):
        yield gettext("Readers would see a curly bracket here. Write {name}, with one pair of brackets and no spaces.")


def previews(key: str, language: str, text: str) -> list[PlainPreview]:
    """Both forms of an email as they will read, with `text` as the edited one."""
    plain = key.removesuffix(DISCREET)
    forms = {plain: gettext("The email"), f"{plain}{DISCREET}": gettext("The same email, discreet version")}
    texts, found = LiveTexts(language), []
    for form, heading in forms.items():
        try:
            words = texts.preview(form, text if form == key else "")
        except UnknownText:
            continue
        found.append(PlainPreview(heading, *write_from(words, **sample_values(words))))
    return found


def sample_values(words: Text) -> dict[str, str]:
    """A made-up value for each `{placeholder}` of a text, as long as a real one."""
    return {name: _sample(name) for name in PLACEHOLDER.findall(f"{words.title} {words.markdown}")}


def _sample(name):
    if name.endswith("link"):
        return f"{settings.EMAIL_LINK_URL}/{name.replace('_', '-')}/{SAMPLE_TOKEN}/"
    return SAMPLES.get(name) or name.replace("_", " ")
