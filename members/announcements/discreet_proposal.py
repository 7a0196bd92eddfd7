"""Proposes the discreet version of an announcement from the plain one.

A paragraph is kept only if it has none of COALITION_WORDS and no address: a link can name us by the page behind it. The
subject is never taken over. What is left out is counted, so that the author reads the rest with that in mind.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from s4jr.form_fields.links import addresses_in
from s4jr.mail.discreet import coalition_words_in

_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Proposal:
    """A discreet subject and body, and how many paragraphs of the plain one were left out. The body may be empty."""

    subject: str
    body: str
    left_out: int


def propose(body: str) -> Proposal:
    """The Proposal for a plain body. Paragraphs are divided by empty lines."""
    paragraphs = [part.strip() for part in _EMPTY_LINES.split("\n".join(body.splitlines())) if part.strip()]
    kept = [part for part in paragraphs if _is_neutral(part)]
    text = "\n\n".join(kept)
    # Words may meet where a paragraph was left out: the whole is checked again.
    is_safe = _is_neutral(text) if text else False
    return Proposal(gettext("News for you"), text if is_safe else "", len(paragraphs) - len(kept))


def _is_neutral(text: str) -> bool:
    return not coalition_words_in(text) and not addresses_in(text)
