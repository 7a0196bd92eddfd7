"""The status code: what tells somebody who holds it where what they sent stands. It is made from the form that was
sent, so that the page after can show it without anything of it being kept, and is stored as a keyed hash."""

import base64

from s4jr.crypto.blind_index import keyed_hash

CHARACTERS = 12
#: Crockford's base 32: without I, L, O and U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FROM_RFC4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_AS_MEANT = str.maketrans("ILO", "110")


def code_of_form(form_token):
    """The code of what a form became: 12 characters (60 bits) in threes, as `4FK-9QX-2TM-7WP`."""
    digest = bytes.fromhex(keyed_hash("status-code", form_token))
    text = base64.b32encode(digest).decode().translate(_FROM_RFC4648)[:CHARACTERS]
    return "-".join(text[start : start + 3] for start in range(0, CHARACTERS, 3))


def code_hash(code):
    """What is kept of a code, however it was typed: without dashes and spaces, in any case, I and L as 1, O as 0."""
    plain = "".join(character for character in code.upper() if character.isalnum()).translate(_AS_MEANT)
    return keyed_hash("status-code-hash", plain)
