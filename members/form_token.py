"""The mark of one join form: it makes a form that is sent twice one application, and tells one that no hand filled in.

A session cookie remembers the form sent last from this browser for half an hour, so that Back, mend, Send mends it, and
so that the page after it can show its status code, once.
"""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

COOKIE = f"{'__Host-' if settings.SECURE else ''}form"
REMEMBERED_SECONDS = 30 * 60
FASTEST_HUMAN_SECONDS = 3
SHOWN = "shown"
_signer = TimestampSigner(salt="join form")


class FormToken(NamedTuple):
    """`previous` is the form this browser sent before, or ""; `is_ours` is False for a token that we did not sign."""

    value: str
    previous: str = ""
    is_ours: bool = True
    is_too_fast: bool = False


class SentForm(NamedTuple):
    """The form this browser sent last, within half an hour, or ""; whether its code has been shown."""

    token: str = ""
    code_was_shown: bool = False


def new_token(request):
    """A signed token for a fresh form, tied to the one this browser sent last, if that was lately."""
    return _signer.sign(f"{secrets.token_hex(16)}.{sent_last(request).token}")


def read_token(text):
    """The FormToken in what a form sent back; a fresh one where it holds none of ours."""
    try:
        value, _, previous = _signer.unsign(text).partition(".")
    except BadSignature:
        return FormToken(secrets.token_hex(16), is_ours=False)
    return FormToken(value, previous, is_too_fast=_is_younger_than(text, FASTEST_HUMAN_SECONDS))


def remember(response, token, *, code_was_shown=False):
    """Let this browser know, until it is closed, which form it sent last, and whether its code has been shown."""
    text = f"{token}.{SHOWN}" if code_was_shown else token
    response.set_cookie(COOKIE, _signer.sign(text), secure=settings.SECURE, httponly=True, samesite="Strict")


def sent_last(request):
    """What the cookie of `remember` says."""
    try:
        text = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=REMEMBERED_SECONDS)
    except BadSignature:
        return SentForm()
    token, _, shown = text.partition(".")
    return SentForm(token, shown == SHOWN)


def _is_younger_than(text, seconds):
    try:
        _signer.unsign(text, max_age=seconds)
    except SignatureExpired:
        return False
    return True
