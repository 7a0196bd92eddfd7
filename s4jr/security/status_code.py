"""The status code, with which the sender of a form can look up its status.

It is derived from the form's token, so that the next page can show it without storing it; a keyed hash is stored.
"""

import base64

from s4jr.crypto.blind_index import keyed_hash
from s4jr.invisible_marks import plain_text

CHARACTERS = 12
#: Crockford's base 32: without I, L, O and U, which are easily misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FROM_RFC4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_AS_MEANT = str.maketrans("ILO", "110")


def code_of_form(form_token: str) -> str:
    """The code of a form: 12 characters (60 bits) in groups of three, as `4FK-9QX-2TM-7WP`."""
    digest = bytes.fromhex(keyed_hash("status-code", form_token))
    text = base64.b32encode(digest).decode().translate(_FROM_RFC4648)[:CHARACTERS]
    return "-".join(text[start : start + 3] for start in range(0, CHARACTERS, 3))


def code_hash(code: str) -> str:
    """The stored hash of a code, however it was typed: only letters and digits count, I and L are 1, O is 0."""
    plain = "".join(character for character in plain_text(code).upper() if character.isalnum()).translate(_AS_MEANT)
    return keyed_hash("status-code-hash", plain)
