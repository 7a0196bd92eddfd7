"""Tokens of one-time links: 128 random bits each. The database stores only a keyed hash."""

import secrets

from s4jr.crypto.blind_index import keyed_hash

TOKEN_BYTES = 16


def new_token() -> str:
    """A new token, as it appears in a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """The hash that is stored for a token: 64 hex digits, keyed with INDEX_KEY."""
    return keyed_hash("member-link", token)
