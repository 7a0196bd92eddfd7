"""The challenge of a passkey, in a signed cookie, so that visitors create no rows: to sign in, or to accept a link.

allauth keeps the challenge in the session, so every request for one would leave a database row for a day. Here it is in
the session of one request, which is not saved, only while the answer is checked. An answer counts once.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from s4jr.security.cookies import challenge_cookie
from s4jr.security.ratelimit import use_once

SALT = "passkey challenge"
SECONDS = 5 * 60
#: A page on which someone creates a passkey is read first. Its link works once, so an answer can't count twice.
CREATION_SECONDS = 60 * 60


def keep_challenge(response: HttpResponseBase, state: dict[str, Any]) -> None:
    response.set_cookie(
        challenge_cookie(), signing.dumps(state, salt=SALT), secure=settings.SECURE, httponly=True, samesite="Strict"
    )


def kept_challenge(request: HttpRequest, *, seconds: int = SECONDS) -> dict[str, Any] | None:
    """The state in this browser's cookie, if we signed it within the last `seconds`."""
    try:
        return signing.loads(request.COOKIES.get(challenge_cookie(), ""), salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return None


def use_challenge(state: dict[str, Any]) -> bool:
    """Whether this is the first correct answer to the challenge."""
    return use_once("passkey challenge", state["challenge"], SECONDS)
