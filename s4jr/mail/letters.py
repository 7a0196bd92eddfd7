"""A letter before it is in the outbox, and its words from a passage."""

import re
import textwrap
from dataclasses import dataclass, field

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone, translation

from s4jr.privacy.blind_index import blind_index

COLUMNS = 72
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_unsubscribe = Signer(salt="unsubscribe")


@dataclass(frozen=True)
class Letter:
    """One letter: plain text, to one address. `dedupe_key` names the event it tells of; it is written once for it."""

    to: str
    subject: str
    body: str
    kind: str
    dedupe_key: str
    about: str = ""
    language: str = "en"
    to_index: str = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "to_index", blind_index(self.to))

    def row(self, model):
        """This letter as an unsaved row of the outbox, due now."""
        now = timezone.now()
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return model(**values, created_at=now, next_attempt_at=now)


def write_from(text, **values):
    """(subject, body) of a passage (`s4jr.words.texts.Text`) with its `{placeholders}` filled in, at 72 columns.

    Raises KeyError for a placeholder without a value: a letter with a hole in it never leaves.
    """
    return _fill(text.title, values), "\n\n".join(_wrapped(part, values) for part in text.markdown.split("\n\n")) + "\n"


def _fill(text, values):
    return PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), text)


def _wrapped(paragraph, values):
    text = _fill(" ".join(paragraph.split()), values)
    return textwrap.fill(text, COLUMNS, break_long_words=False, break_on_hyphens=False)


def letter_link(name, language, **kwargs):
    """The full address on LETTER_URL of a named page, in a language."""
    with translation.override(language):
        return settings.LETTER_URL + reverse(name, kwargs=kwargs)


def unsubscribe_token(to_index):
    """What proves to `/unsubscribe/<token>/` that its reader had a letter of ours."""
    return _unsubscribe.sign(to_index)


def unsubscribe_index(token):
    """The blind index in such a token, or None."""
    try:
        return _unsubscribe.unsign(token)
    except BadSignature:
        return None
