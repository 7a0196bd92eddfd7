"""Tokens of one-time links: 128 random bits each. The database has nothing but a keyed hash."""

import secrets

from s4jr.crypto.blind_index import keyed_hash

TOKEN_BYTES = 16


def new_token() -> str:
    """A fresh token, as it stands in a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a link's token: 64 hex digits under INDEX_KEY."""
    return keyed_hash("member-link", token)
