"""Finds one person by their address, their number or their status code.

This decrypts nothing: an address and a code are matched by their keyed hash, so half an address finds nobody. Names are
matched in memory among the newest people, and few are shown: see `by_name`.
"""

import re
from itertools import islice

from members.models import Member
from members.querysets import MemberQuerySet
from members.review.duplicates import plain
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import unshown
from s4jr.crypto.fields import readable
from s4jr.security.status_code import CHARACTERS, code_hash

#: A number with or without "No."; shorter than a status code.
NUMBER = re.compile(rf"(?:n[o°º]?\.?\s*)?([0-9a-f]{{1,{CHARACTERS - 1}}})", re.IGNORECASE)


#: A shorter part of a name would match almost anyone.
NAME_AT_LEAST = 3
#: How many names are shown, and how many of the newest people are searched.
SHOWN_AT_MOST, LOOKED_AT = 5, 5000


def is_number(term: str) -> bool:
    return bool(NUMBER.fullmatch(term.strip()))


def names_one_person(term: str) -> bool:
    """Whether a term is an address or a code, and not part of a name."""
    return "@" in term or (sum(character.isalnum() for character in term) == CHARACTERS and any(map(str.isdigit, term)))


def by_name(members: MemberQuerySet, term: str) -> list[Member]:
    """The newest `members` whose name contains `term`: one more than may be shown, if there are more.

    Decrypts and compares names in memory.
    """
    part = plain(term)
    if len(part) < NAME_AT_LEAST:
        return []
    newest = members.only("number", "name", "status", "received_on").order_by("-received_on", "-pk")[:LOOKED_AT]
    with unshown():
        return list(islice((member for member in newest if part in plain(readable(member, "name"))), SHOWN_AT_MOST + 1))


def find(members: MemberQuerySet, term: str) -> MemberQuerySet:
    """The members that a term names exactly, or none. One indexed query."""
    term = term.strip()
    if "@" in term:
        return members.filter(email_index=blind_index(term))
    if number := NUMBER.fullmatch(term):
        return members.filter(number=number.group(1).upper())
    if sum(character.isalnum() for character in term) == CHARACTERS:
        return members.filter(code_hash=code_hash(term))
    return members.none()
