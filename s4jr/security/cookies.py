"""Names of the cookies of this site; on https each belongs to this host alone."""

from django.conf import settings
from django.http.response import HttpResponseBase


def device_cookie() -> str:
    """The cookie of a browser in which a user has signed in before."""
    return "__Host-device" if settings.SECURE else "device"


def challenge_cookie() -> str:
    """The cookie with the challenge of a passkey sign-in."""
    return "__Host-passkey" if settings.SECURE else "passkey"


def delete_cookie(response: HttpResponseBase, name: str, *, samesite: str) -> None:
    """Delete a cookie under the `SameSite` value it was set with."""
    response.delete_cookie(name, samesite=samesite)  # pyright: ignore[reportCallIssue]  the stubs lack `samesite`
