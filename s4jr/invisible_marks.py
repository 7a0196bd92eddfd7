"""What people paste brings characters along that do not show: from phones, chats and word processors."""

import re
import unicodedata

#: Invisible characters that are not of the category Cf: joiners, fillers, the Braille blank and variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing and takes no room: zero-width, bidirectional, soft hyphen, byte order mark."""
    return unicodedata.category(character) == "Cf" or _UNSEEN.match(character) is not None


def without_marks(text: str) -> str:
    """The text without characters that do not show."""
    return text if text.isascii() else "".join(character for character in text if not is_invisible(character))


def plain_text(text: str) -> str:
    """The same with full-width letters and digits as their plain forms, for a code or a word that is compared."""
    return without_marks(unicodedata.normalize("NFKC", without_marks(text)))
