"""Finding an encrypted address without decrypting any: by a keyed hash, the same for all spellings of the address."""

import hashlib
import hmac
import unicodedata
from contextlib import suppress

from django.conf import settings

from s4jr.crypto.unreadable_text import is_unreadable


def normalised(address: str) -> str:
    """One spelling of an email address: NFKC, case folded, its domain in IDNA (RFC 3490) if possible."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address.strip()).casefold())
    local, at, domain = folded.rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local}{at}{domain}"


def blind_index(address: str) -> str:
    """HMAC-SHA256 of an address under INDEX_KEY, 64 hex digits. The key never changes: with another, no one is found.

    "", which matches no row, for an address that cannot be decrypted.
    """
    return "" if is_unreadable(address) else keyed_hash("address", normalised(address))


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 of a text under INDEX_KEY, 64 hex digits; hashes for different purposes are unrelated."""
    return hmac.new(settings.INDEX_KEY.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
