"""A browser in which somebody has signed in before. A stranger who knows their name cannot use up its tries.

The cookie ends with the browser, as all of ours do: one that stayed would tell whoever finds it that its owner signs in
here. It names nobody and opens nothing; it only has tries of its own.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from s4jr.crypto.blind_index import keyed_hash
from s4jr.security.cookies import device_cookie

SECONDS = 30 * 24 * 60 * 60


def remember_device(response, username: str) -> None:
    """Let this browser know that `username` has signed in here, until it is closed."""
    value = f"{secrets.token_hex(16)}.{_owner(username)}"
    response.set_cookie(
        device_cookie(), _signer().sign(value), secure=settings.SECURE, httponly=True, samesite="Strict"
    )


def known_device(request, username: str) -> str:
    """The random name of this browser where `username` has signed in in it within thirty days, else ""."""
    device, owner = _read(request)
    return device if owner == _owner(username) else ""


def any_known_device(request) -> str:
    """The random name of this browser where anybody has signed in in it, else ""."""
    return _read(request)[0]


def _read(request):
    try:
        device, _, owner = _signer().unsign(request.COOKIES.get(device_cookie(), ""), max_age=SECONDS).partition(".")
    except BadSignature:
        return "", ""
    return device, owner


def folded(username: str) -> str:
    """A sign-in name as the database compares it, where `ı` is `I` too: no spelling of one has tries of its own."""
    return username.strip().upper().casefold()


def _owner(username):
    return keyed_hash("device of", folded(username))


def _signer():
    return TimestampSigner(salt="known device")
