"""Whether an email can arrive without revealing anything about its reader."""

import unicodedata

from django.conf import settings

from s4jr.form_fields.links import as_seen
from s4jr.idn import readable_email, readable_url


def coalition_words_in(text: str) -> list[str]:
    """The COALITION_WORDS in a text: in any case, across line ends, in full-width letters, with or without accents.

    Invisible characters between their letters are ignored.
    """
    folded = _folded(text)
    return [word for word in settings.COALITION_WORDS if _folded(word) in folded]


def _folded(text):
    apart = unicodedata.normalize("NFKD", as_seen(text)).casefold()
    return " ".join("".join(character for character in apart if not unicodedata.combining(character)).split())


def can_be_discreet() -> bool:
    """Whether sender, return address and host of email links, in their own script, have none of COALITION_WORDS."""
    seen = (readable_url(settings.EMAIL_LINK_URL), *map(readable_email, (settings.MAIL_FROM, settings.BOUNCE_ADDRESS)))
    return not coalition_words_in(" ".join(seen))
