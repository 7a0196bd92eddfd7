"""Finds what a mail program turns into a link, or a reader takes for one: the rule for email texts and for names."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

_ADDRESS = re.compile(
    r"""
    (?<![a-z0-9+.-]) [a-z][a-z0-9+.-]* :/+ \S*           # a scheme: https://
    | \b (?:mailto|tel|sms|data|javascript) : \S*         # schemes that need no slash
    | www\. \S*
    | \S{0,64} @ \S*                                     # an email address, or an account
    | (?<![\w-]) (?<![\w-]\.) [\w-]+ (?:\.[\w-]+)* \.[^\W\d_]{2,} (?:[:/?\#]\S*)?   # a bare domain: elsewhere.example
    | (?<![\w.]) \d{1,3} (?:\.\d{1,3}){3} \b \S*         # four numbers
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: A bare domain and what may follow it.
_DOMAIN = re.compile(r"[\w-]+((?:\.[\w-]+)*\.[^\W\d_]{2,})(?:[:/?#]\S*)?")
#: A mail program may end a link before letters of another script.
_LATIN = re.compile(r"[a-z\u00aa-\u024f]+")
#: Characters that an address may contain in place of a full stop (UTS 46).
_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")
#: Categories of combining marks: no pattern matches a character together with its marks.
_MARKS = ("Mn", "Mc", "Me")
#: Invisible characters that are neither Cf nor Cn: a joiner, fillers, and variation selectors
#: (Default_Ignorable_Code_Point of Unicode).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
#: Longer than any name field accepts: the rest is not read.
_LONGEST_NAME = 500
#: IANA's list as shipped with Hypothesis: https://data.iana.org/TLD/tlds-alpha-by-domain.txt
_ENDINGS_FILE = Path(__file__).with_name("top_level_domains.txt")
#: Endings that are not on the list and still resolve, or stand for one that does (RFC 6761, 7686). "xn" begins a
#: punycode ending.
_SPECIAL_ENDINGS = {"example", "invalid", "localhost", "onion", "test", "xn"}


def addresses_in(text: str) -> list[str]:
    """Each part of a text that could be an address: two words with a full stop between, without combining marks."""
    return [address for reading in _readings(text) for address in _ADDRESS.findall(reading)]


def links_in_name(name: str) -> list[str]:
    """The same for a name, where no space needs to follow a full stop: "J.R.Smith", "St.John" are no addresses."""
    return [address for address in addresses_in(name[:_LONGEST_NAME]) if not _is_dotted_name(address)]


def as_seen(text: str) -> str:
    """Full-width letters as their plain forms, without invisible characters."""
    return "".join(sign for sign in _plain(text) if not _shows_nothing(sign))


def _readings(text):
    """The text as a reader sees it, and as a program reads it that ends a link at an invisible character.

    A combining mark after a plain Latin character ends a link, too. In other scripts it belongs to the word.
    """
    plain = _plain(text)
    after_latin = {mark for character, mark in pairwise(plain) if character.isascii() and _is_mark(mark)}
    ends = {sign for sign in plain if _shows_nothing(sign)} | after_latin
    for end in ("", *sorted(ends)):
        kept = (" " if sign == end else sign for sign in plain if sign == end or not _shows_nothing(sign))
        yield _without(_MARKS, "".join(kept))


def _plain(text):
    return unicodedata.normalize("NFKC", text.translate(_STOPS)).translate(_STOPS)


def _shows_nothing(sign):
    return unicodedata.category(sign) in ("Cf", "Cn") or _UNSEEN.match(sign) is not None


def _is_mark(sign):
    return unicodedata.category(sign) in _MARKS


def _without(categories: tuple[str, ...], text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in categories)


def _is_dotted_name(address: str) -> bool:
    """Whether it is words with full stops between, none of which ends an existing domain."""
    domain = _DOMAIN.fullmatch(address)
    return bool(domain) and not any(map(_ends_a_domain, domain[1].casefold().split(".")[1:]))


def _ends_a_domain(label: str) -> bool:
    latin = _LATIN.match(label)
    return label in _domain_endings() or (latin is not None and latin[0] in _domain_endings())


@cache
def _domain_endings() -> frozenset[str]:
    lines = _ENDINGS_FILE.read_text().lower().splitlines()
    names = {name.removeprefix("xn--").encode().decode("punycode") if "--" in name else name for name in lines[1:]}
    return frozenset(_without(_MARKS, name) for name in names | _SPECIAL_ENDINGS)
