"""The mark of one form: it makes a form that is sent twice one offer, and tells one that no hand filled in.

A cookie that ends with the browser says which form was sent last, so that the page after it can show its code, once.
"""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

COOKIE = f"{'__Host-' if settings.SECURE else ''}offered"
REMEMBERED_SECONDS = 30 * 60
FASTEST_HUMAN_SECONDS = 3
SHOWN = "shown"
_signer = TimestampSigner(salt="offer form")


class Mark(NamedTuple):
    """`is_ours` is False for a mark that we did not sign."""

    value: str
    is_ours: bool = True
    is_too_fast: bool = False


def new_mark():
    return _signer.sign(secrets.token_hex(16))


def read_mark(text):
    """The Mark in what a form sent back; a fresh one where it holds none of ours."""
    try:
        value = _signer.unsign(text)
    except BadSignature:
        return Mark(secrets.token_hex(16), is_ours=False)
    return Mark(value, is_too_fast=_is_younger_than(text, FASTEST_HUMAN_SECONDS))


def remember(response, value, *, code_was_shown=False):
    """Let this browser know, until it is closed, which form it sent last, and whether its code has been shown."""
    text = f"{value}.{SHOWN}" if code_was_shown else value
    response.set_cookie(COOKIE, _signer.sign(text), secure=settings.SECURE, httponly=True, samesite="Strict")


def sent_last(request):
    """(mark, whether its code has been shown) of the last half hour; ("", False) where there is none."""
    try:
        text = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=REMEMBERED_SECONDS)
    except BadSignature:
        return "", False
    value, _, shown = text.partition(".")
    return value, shown == SHOWN


def _is_younger_than(text, seconds):
    try:
        _signer.unsign(text, max_age=seconds)
    except SignatureExpired:
        return False
    return True
