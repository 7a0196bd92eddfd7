"""Names of the cookies that this site sets; on https each belongs to this host alone."""

from django.conf import settings


def device_cookie() -> str:
    """The cookie of a browser in which somebody has signed in before."""
    return "__Host-device" if settings.SECURE else "device"


def challenge_cookie() -> str:
    """The cookie that holds the challenge of a passkey."""
    return "__Host-passkey" if settings.SECURE else "passkey"
