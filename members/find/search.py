"""Finds one person by their address, their number or their status code.

This decrypts nothing: an address and a code are matched by their keyed hash, so half an address finds nobody. Names are
matched in `members.find.services`.
"""

import re

from members.querysets import MemberQuerySet
from s4jr.crypto.blind_index import blind_index
from s4jr.invisible_marks import plain_text
from s4jr.security.status_code import CHARACTERS, code_hash

#: A number with or without "No."; shorter than a status code.
NUMBER = re.compile(rf"(?:n[o°º]?\.?\s*)?([0-9a-f]{{1,{CHARACTERS - 1}}})", re.IGNORECASE)
#: The number of hex digits of every number.
DIGITS = 6


def is_number(term: str) -> bool:
    """Whether a term can only be a number. "Abe" is a name, although its letters are hex digits."""
    number = NUMBER.fullmatch(term.strip())
    return bool(number) and (len(number.group(1)) == DIGITS or number.group(1) != term.strip())


def names_one_person(term: str) -> bool:
    """Whether a term is an address or a code, and not a name."""
    return "@" in term or (sum(character.isalnum() for character in term) == CHARACTERS and any(map(str.isdigit, term)))


def find(members: MemberQuerySet, term: str) -> MemberQuerySet:
    """The members that a term names exactly, or none. One indexed query."""
    term = plain_text(term).strip()
    if "@" in term:
        return members.filter(email_index=blind_index(term))
    if number := NUMBER.fullmatch(term):
        return members.filter(number=number.group(1).upper())
    if sum(character.isalnum() for character in term) == CHARACTERS:
        return members.filter(code_hash=code_hash(term))
    return members.none()
