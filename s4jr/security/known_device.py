"""A browser in which a user has signed in before. Someone who knows their name cannot use up its sign-in attempts.

The cookie ends with the browser, as all of ours do: a permanent one would reveal that its owner signs in here. It names
no one and grants no access; it only has attempts of its own.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from s4jr.crypto.blind_index import keyed_hash
from s4jr.security.cookies import device_cookie

SECONDS = 30 * 24 * 60 * 60


def remember_device(response: HttpResponseBase, username: str) -> None:
    """Remember in this browser that `username` has signed in, until it is closed."""
    value = f"{secrets.token_hex(16)}.{_owner(username)}"
    response.set_cookie(
        device_cookie(), _signer().sign(value), secure=settings.SECURE, httponly=True, samesite="Strict"
    )


def known_device(request: HttpRequest, username: str) -> str:
    """The random ID of this browser if `username` has signed in with it within thirty days, else ""."""
    device, owner = _read(request)
    return device if owner == _owner(username) else ""


def any_known_device(request: HttpRequest) -> str:
    """The random ID of this browser if any user has signed in with it, else ""."""
    return _read(request)[0]


def _read(request):
    try:
        device, _, owner = _signer().unsign(request.COOKIES.get(device_cookie(), ""), max_age=SECONDS).partition(".")
    except BadSignature:
        return "", ""
    return device, owner


def folded(username: str) -> str:
    """A sign-in name as the database compares it, where `ı` is also `I`: no spelling has attempts of its own."""
    return username.strip().upper().casefold()


def _owner(username):
    return keyed_hash("device of", folded(username))


def _signer():
    return TimestampSigner(salt="known device")
