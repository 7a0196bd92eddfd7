"""The mark of one join form: it makes a form that is sent twice one application, and tells one that no hand filled in.

A session cookie remembers the form sent last from this browser for half an hour, so that Back, mend, Send mends it.
"""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

COOKIE = f"{'__Host-' if settings.SECURE else ''}form"
REMEMBERED_SECONDS = 30 * 60
FASTEST_HUMAN_SECONDS = 3
_signer = TimestampSigner(salt="join form")


class FormToken(NamedTuple):
    """`previous` is the form this browser sent before, or ""; `is_ours` is False for a token that we did not sign."""

    value: str
    previous: str = ""
    is_ours: bool = True
    is_too_fast: bool = False


def new_token(request):
    """A signed token for a fresh form, tied to the one this browser sent last, if that was lately."""
    return _signer.sign(f"{secrets.token_hex(16)}.{_sent_last(request)}")


def read_token(text):
    """The FormToken in what a form sent back; a fresh one where it holds none of ours."""
    try:
        value, _, previous = _signer.unsign(text).partition(".")
    except BadSignature:
        return FormToken(secrets.token_hex(16), is_ours=False)
    return FormToken(value, previous, is_too_fast=_is_younger_than(text, FASTEST_HUMAN_SECONDS))


def remember(response, token):
    """Let this browser know, until it is closed, which form it sent last."""
    response.set_cookie(COOKIE, _signer.sign(token), secure=settings.SECURE, httponly=True, samesite="Strict")


def _is_younger_than(text, seconds):
    try:
        _signer.unsign(text, max_age=seconds)
    except SignatureExpired:
        return False
    return True


def _sent_last(request):
    try:
        return _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=REMEMBERED_SECONDS)
    except BadSignature:
        return ""
