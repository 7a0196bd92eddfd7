"""Tokens of links in emails and of other secret URLs. No other module draws, hashes, signs, reads or ages one.

Of a stored link, a row holds a keyed hash, and the row says how long and how often the link works. A signed link has no
row: its token contains what it is for. Decision 23 says which kind fits.
"""

import secrets
from datetime import timedelta
from functools import partial

from django.core.signing import BadSignature, Signer, TimestampSigner

from s4jr.crypto.blind_index import keyed_hash

TOKEN_BYTES = 16


class StoredLinks:
    """Stored links of one purpose, a literal that never changes. Their tokens are 128 random bits each."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose

    def new(self) -> tuple[str, str]:
        """A new token, as it appears in the link, and its hash, as the row holds it."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        return token, self.token_hash(token)

    def token_hash(self, token: str) -> str:
        """64 hex digits, keyed with INDEX_KEY. Of one token, the hashes for two purposes are unrelated."""
        return keyed_hash(self._purpose, token)


class SignedLinks:
    """Signed links of one purpose, a literal that never changes. They work for `lasts`, or forever without it.

    Anyone with the link can read the value in its token, and no one can change it.
    """

    def __init__(self, purpose: str, lasts: timedelta | None = None) -> None:
        if lasts is None:
            signer = Signer(salt=purpose)
            self._unsign = signer.unsign
        else:
            signer = TimestampSigner(salt=purpose)
            self._unsign = partial(signer.unsign, max_age=lasts)
        self._sign = signer.sign

    def token_of(self, value: str) -> str:
        """The token with this value, as it appears in the link."""
        return self._sign(value)

    def read(self, token: str) -> str | None:
        """The value in a token; None if it is expired, changed or of another purpose."""
        try:
            return self._unsign(token)
        except (BadSignature, ValueError):  # ValueError: text that UTF-8 cannot encode
            return None
