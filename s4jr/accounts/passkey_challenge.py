"""The challenge of a passkey for somebody who has not signed in: in a signed cookie, so that no stranger makes rows.

allauth keeps it in the session, and each one that was asked for was a row of the database for a day. Here it is put
into the session of one request, which is not saved, only while the answer to it is checked. An answer counts once.
"""

from django.conf import settings
from django.core import signing

from s4jr.security.cookies import challenge_cookie
from s4jr.security.ratelimit import use_once

SALT = "passkey challenge"
SECONDS = 5 * 60


def keep_challenge(response, state: dict) -> None:
    response.set_cookie(
        challenge_cookie(), signing.dumps(state, salt=SALT), secure=settings.SECURE, httponly=True, samesite="Strict"
    )


def kept_challenge(request) -> dict | None:
    """The state in this browser's cookie, if it is ours and no older than five minutes."""
    try:
        return signing.loads(request.COOKIES.get(challenge_cookie(), ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None


def use_challenge(state: dict) -> bool:
    """Whether it is the first answer to this challenge that was right."""
    return use_once("passkey challenge", state["challenge"], SECONDS)
