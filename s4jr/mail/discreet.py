"""Can a character of ours arrive without telling on its reader?"""

import unicodedata

from django.conf import settings

from s4jr.form_fields.links import as_seen


def coalition_words_in(text):
    """Those of COALITION_WORDS that stand in a text: in any case, across line ends, in full-width characters too, with
    or without their accents, and with signs between their emails that show nothing."""
    folded = _folded(text)
    return [word for word in settings.COALITION_WORDS if _folded(word) in folded]


def _folded(text):
    apart = unicodedata.normalize("NFKD", as_seen(text)).casefold()
    return " ".join("".join(character for character in apart if not unicodedata.combining(character)).split())


def can_be_discreet():
    """True where neither the sender nor the host that emails point to holds a word of the coalition's."""
    return not coalition_words_in(f"{settings.EMAIL_LINK_URL} {settings.MAIL_FROM}")
