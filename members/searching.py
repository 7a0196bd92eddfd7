"""Finding one person by what they themselves would name: their address, their number or their status code.

Nothing sealed is opened for it. An address and a code go through their keyed hash, so that half an address finds
nobody, and there is no way to look for a name.
"""

import re

from s4jr.privacy.blind_index import blind_index
from s4jr.privacy.status_code import CHARACTERS, code_hash

#: As it is shown, or without its "No."; shorter than a code.
NUMBER = re.compile(rf"(?:n[o°º]?\.?\s*)?([0-9a-f]{{1,{CHARACTERS - 1}}})", re.IGNORECASE)


def find(members, term):
    """Those of `members` (a QuerySet) that a term names exactly; none for any other term. One query, on an index."""
    term = term.strip()
    if "@" in term:
        return members.filter(email_index=blind_index(term))
    if number := NUMBER.fullmatch(term):
        return members.filter(number=number.group(1).upper())
    if sum(character.isalnum() for character in term) == CHARACTERS:
        return members.filter(code_hash=code_hash(term))
    return members.none()
