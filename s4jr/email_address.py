"""An email address as people paste it, as they read it, and as mail servers do.

The domain follows IDNA 2008 with the mapping of UTS 46, non-transitional: `straße.example` is not `strasse.example`.
People see and we keep its Unicode form; its ASCII form exists on the wire and in blind indexes only.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from s4jr.idn import domain_on_wire, without_joiners
from s4jr.invisible_marks import is_invisible

#: The longest address and local part that mail servers take, in octets (RFC 5321, 4.5.3.1).
LONGEST, LONGEST_LOCAL = 254, 64
#: An address needs no more characters than this, with a name beside it. More text is not read.
LONGEST_TYPED = 1000

#: What phones and keyboards write for a full stop, an apostrophe and a hyphen. No address can have these themselves.
_PLAIN = str.maketrans("\u3002\uff0e\uff61\ufe52\u2018\u2019\u02bc\u2010\u2011", "....'''--")
#: Compatibility forms that look like their plain letters: full width, half width, small, mathematical.
_SAME_LETTERS = ("<wide>", "<narrow>", "<small>", "<font>")
_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
#: Invisible, but letters of Persian and Indic domains have different meanings with and without them.
_JOINERS = "\u200c\u200d"
_WHITE_SPACE = re.compile(r"\s")
_IN_BRACKETS = re.compile(r"([^<>]*)<([^<>]*)>")
_QUOTES = {"“": "”", "«": "»", '"': '"', "'": "'", "(": ")"}


def bare_address(typed: str) -> str:
    """The address in what was typed or pasted: without invisible marks and what may be around it.

    `Ana <mailto:ana@mailbox.example>.` is `ana@mailbox.example`. Text that may be read in two ways stays as it is.
    """
    text = _visible(typed)
    while (bare := _visible(_unwrapped(text))) != text:
        text = bare
    return text


def _visible(text):
    if text.isascii():
        return _WHITE_SPACE.sub(" ", text)
    plain = "".join(map(_plain_letter, text.translate(_PLAIN)))
    composed = unicodedata.normalize("NFC", plain)
    local, at, domain = composed.rpartition("@")
    return without_joiners(local) + at + domain.strip(_JOINERS)


def _plain_letter(character):
    if character in _JOINERS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Zs", "Zl", "Zp") or character.isspace():
        return " "
    if is_invisible(character):
        return ""
    is_same = unicodedata.decomposition(character).startswith(_SAME_LETTERS) or character in _LIGATURES
    return unicodedata.normalize("NFKC", character) if is_same else character


def _unwrapped(text):
    """The text without one layer around it; the same text if there is none."""
    text = text.strip().rstrip(".,;:").rstrip()
    if text[:7].lower() == "mailto:":
        return unquote(text[7:].removeprefix("//").partition("?")[0])  # some write it like a web address
    if text[:1] in _QUOTES and text[1:].endswith(_QUOTES[text[0]]):
        return text[1:-1]
    if found := _IN_BRACKETS.fullmatch(text):
        before, inside = found.groups()
        is_same = inside.lower().removeprefix("mailto:") == before.strip().lower()
        return inside if "@" not in before or is_same else text
    return text


def address_on_wire(address: str) -> str:
    """An address for SMTP: its domain in ASCII, its local part unchanged. Raises UnicodeError if impossible."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain_on_wire(domain)}"


def one_spelling(address: str) -> str:
    """The same for all spellings of an address: without case, its domain in ASCII if possible."""
    local, at, domain = bare_address(address).rpartition("@")
    try:
        domain = domain_on_wire(domain)
    except UnicodeError:
        domain = _folded(without_joiners(domain))
    return f"{_folded(local)}{at}{domain}"


def _folded(text):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def addresses_among(text: str) -> Iterator[str]:
    """Each part of a text that may be meant as an address."""
    return (found[0] for found in re.finditer(r"[^\s,;<>|/]+@[^\s,;<>|/@]+(?=[\s,;<>|/]|$)", text))
