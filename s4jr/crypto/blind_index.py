"""Finding an encrypted address without decrypting any: by a keyed hash, the same for all spellings of the address."""

import hashlib
import hmac

from django.conf import settings

from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.email_address import one_spelling


def blind_index(address: str) -> str:
    """HMAC-SHA256 of an address under INDEX_KEY, 64 hex digits. The key never changes: with another, no one is found.

    "", which matches no row, for an address that cannot be decrypted.
    """
    return "" if is_unreadable(address) else keyed_hash("address", one_spelling(address))


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 of a text under INDEX_KEY, 64 hex digits; hashes for different purposes are unrelated."""
    return hmac.new(settings.INDEX_KEY.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
