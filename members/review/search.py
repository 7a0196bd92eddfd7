"""Finding one person by what they themselves would name: their address, their number or their status code.

Nothing encrypted is opened for it. An address and a code go through their keyed hash, so that half an address finds
nobody. A name is looked for in memory, among the newest people, and few are ever shown: see `by_name`.
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

#: As it is shown, or without its "No."; shorter than a code.
NUMBER = re.compile(rf"(?:n[o°º]?\.?\s*)?([0-9a-f]{{1,{CHARACTERS - 1}}})", re.IGNORECASE)


#: A part of a name shorter than this would find anybody.
NAME_AT_LEAST = 3
#: So many names are shown at most, and so many of the newest people are looked at.
SHOWN_AT_MOST, LOOKED_AT = 5, 5000


def is_number(term: str) -> bool:
    return bool(NUMBER.fullmatch(term.strip()))


def names_one_person(term: str) -> bool:
    """Whether a term is an address or a code, and not part of a name."""
    return "@" in term or (sum(character.isalnum() for character in term) == CHARACTERS and any(map(str.isdigit, term)))


def by_name(members: MemberQuerySet, term: str) -> list[Member]:
    """The first of the newest `members` whose name has `term` in it: one more than may be shown, if there are more.

    Names are decrypted and compared here, and none is kept in a row.
    """
    part = plain(term)
    if len(part) < NAME_AT_LEAST:
        return []
    newest = members.only("number", "name", "status", "received_on").order_by("-received_on", "-pk")[:LOOKED_AT]
    with unshown():
        return list(islice((member for member in newest if part in plain(readable(member, "name"))), SHOWN_AT_MOST + 1))


def find(members: MemberQuerySet, term: str) -> MemberQuerySet:
    """Those of `members` (a QuerySet) that a term names exactly; none for any other term. One query, on an index."""
    term = term.strip()
    if "@" in term:
        return members.filter(email_index=blind_index(term))
    if number := NUMBER.fullmatch(term):
        return members.filter(number=number.group(1).upper())
    if sum(character.isalnum() for character in term) == CHARACTERS:
        return members.filter(code_hash=code_hash(term))
    return members.none()
