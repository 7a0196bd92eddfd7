"""Decodes uploaded CSV files: UTF-8, UTF-16, Windows-1252 (and its subset Latin-1) and Mac Roman.

A file that is not Unicode says nowhere which encoding it has. Its letters tell: in the wrong encoding, “Mélanie” has a
capital or a symbol in the middle of the word.
"""

import codecs
import re
from contextlib import suppress
from typing import NamedTuple

from django.utils.translation import gettext

LONGEST_BYTES = 1_000_000
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: What spreadsheets write for English, French and Spanish unless they write Unicode. The first one wins a tie.
ONE_BYTE_ENCODINGS = ("cp1252", "mac_roman")
#: The first bytes of workbooks: .xlsx and .ods are ZIP archives, .xls is an OLE file.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: What programs made for DOS write after the last line.
END_OF_FILE = "\x1a"
#: Small letters with accents of French and Spanish names, and of others that appear among them.
_SMALL = "àâäáãåæçèéêëíîïìñóôöòõøùúûüýÿß"
_CAPITALS = "ÀÂÄÁÅÆÇÈÉÊËÍÎÏÌÑÓÔÖÒØŒÙÚÛÜÝŸ"
#: What these languages have beyond ASCII, and where: letters in words, capitals at their beginning, signs beside them.
_EXPECTED = re.compile(
    rf"(?<=[A-Za-z{_SMALL}{_CAPITALS}])[{_SMALL}](?![A-Z])"
    rf"|\b(?:[éàâáíóúôöü]|ç(?=a)|ê(?=t)|î(?=l))|œ(?=[ui])"
    rf"|\b[{_CAPITALS}]|(?<=[A-Z])[{_CAPITALS}](?![a-z])"
    r"|(?<=\b[A-Za-z])’(?=\w)|(?<=\bqu)’|’(?=(?:s|t|re|ve|ll|d|m)\b)"
    r"|(?<=\s)[–—](?=\s)|(?<![^\s\"';,(|])[«“‘¿¡]|[»”’…](?![^\s\"';,.)|:?!])"
    r"|(?<=\d)[€°ºª]|(?<=\b[nN])[°º]|(?<=«)\xa0|\xa0(?=[»:;?!])"
)
_TOO_MANY_IN_A_ROW = re.compile(f"[{_SMALL}{_CAPITALS}]{{3}}")
#: With fewer ASCII characters it is no list of addresses in these languages.
ASCII_AT_LEAST = 0.6
#: With a smaller part of the other characters where they are expected, the encoding is another one.
EXPECTED_AT_LEAST = 0.75


class UnreadableTableError(Exception):
    """The file is no table that we can read. The message tells the admin what to do."""


class DecodedText(NamedTuple):
    """The text of a file, and the Python name of its encoding."""

    text: str
    encoding: str


def decode_table(raw: bytes, *, longest_bytes: int = LONGEST_BYTES) -> DecodedText:
    """Returns the text of an uploaded file. Raises UnreadableTableError, whose message says what to do.

    The limit is for the text in UTF-8 too, because pages carry it.
    """
    if raw.startswith(WORKBOOKS):
        raise UnreadableTableError(
            gettext("We can’t read this file, because it is a workbook. Open it and save it as “CSV UTF-8”.")
        )
    found = _decode_unicode(raw) or max(_decode_bytes(raw), key=_count_expected, default=None)
    if len(raw) > longest_bytes * 2 or (found and len(found.text.encode()) > longest_bytes):
        raise UnreadableTableError(gettext("This file is too big. Split it into files of at most 1 MB."))
    if found is None or "\0" in found.text or not _is_plausible(found):
        raise UnreadableTableError(gettext("We can’t read this file. Save it as “CSV UTF-8” in your spreadsheet."))
    return found._replace(text=found.text.removesuffix(END_OF_FILE))


def _decode_unicode(raw: bytes) -> DecodedText | None:
    encoding = _find_utf_16(raw)
    with suppress(UnicodeDecodeError):
        return DecodedText(
            raw.decode(encoding or "utf-8-sig").removeprefix("\ufeff"), "utf-16" if encoding else "utf-8"
        )
    return None


def _find_utf_16(raw: bytes) -> str | None:
    """Without a byte order mark: every other byte of a text in Latin letters is zero."""
    if raw.startswith(UTF_16_MARKS):
        return "utf-16"
    half = len(raw) // 2
    few = raw[:1000]
    if half < 4 or few.count(0) < len(few) / 3:
        return None
    return "utf-16-le" if few[1::2].count(0) > few[::2].count(0) else "utf-16-be"


def _decode_bytes(raw: bytes) -> list[DecodedText]:
    found = []
    for encoding in ONE_BYTE_ENCODINGS:
        with suppress(UnicodeDecodeError):
            found.append(DecodedText(raw.decode(encoding), encoding))
    return found


def _count_expected(found: DecodedText) -> int:
    return len(_EXPECTED.findall(found.text))


def _is_plausible(found: DecodedText) -> bool:
    """Whether a text that is not Unicode has mostly what the languages have where they have it."""
    if found.encoding not in ONE_BYTE_ENCODINGS:
        return True
    beyond = sum(character > "\x7f" for character in found.text)
    is_mostly_ascii = beyond <= len(found.text) * (1 - ASCII_AT_LEAST)
    is_expected = _count_expected(found) >= beyond * EXPECTED_AT_LEAST
    return is_mostly_ascii and is_expected and not _TOO_MANY_IN_A_ROW.search(found.text)
