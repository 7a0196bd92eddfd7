"""Finding an encrypted address without opening any: a keyed hash of it, in one form for all its spellings."""

import hashlib
import hmac
import unicodedata
from contextlib import suppress

from django.conf import settings

from s4jr.crypto.unreadable_text import is_unreadable


def normalised(address):
    """One spelling of an e-mail address: NFKC, case folded, its domain in IDNA (RFC 3490) where that is possible."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address.strip()).casefold())
    local, at, domain = folded.rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local}{at}{domain}"


def blind_index(address):
    """HMAC-SHA256 of an address under INDEX_KEY, 64 hex digits. The key is for life: with another, nobody is found.

    "", which equals none, for an address that cannot be decrypted.
    """
    return "" if is_unreadable(address) else keyed_hash("address", normalised(address))


def keyed_hash(purpose, text):
    """HMAC-SHA256 of a text under INDEX_KEY, 64 hex digits; a purpose's hashes say nothing about another's."""
    return hmac.new(settings.INDEX_KEY.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
