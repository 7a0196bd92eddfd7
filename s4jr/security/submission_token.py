"""The mark of one form that anybody may send: it makes a form that is sent twice one thing, and tells one that no hand
filled in.

A cookie names the form sent last from this browser, until the browser is closed or Exit is selected. For half an hour
Back, correct, Send corrects that form, and the page after it can show its status code, once. The join form's cookie is
read for `members.applications.services.SAME_BROWSER_SECONDS`, seven days: correcting an address also finds, and
deletes, what the same browser sent before with the old one (decision 15).
"""

import secrets
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

REMEMBERED_SECONDS = 30 * 60
FASTEST_HUMAN_SECONDS = 3
SHOWN = "shown"


class SubmissionToken(NamedTuple):
    """`previous` is the form this browser sent before, or ""; `is_ours` is False for a token that we did not sign."""

    value: str
    previous: str = ""
    is_ours: bool = True
    is_too_fast: bool = False


class SentForm(NamedTuple):
    """The form this browser sent last, within the time that was asked for, or ""; whether its code has been shown."""

    token: str = ""
    code_was_shown: bool = False


class FormKind:
    """Forms of one kind: a mark or a cookie of another kind's is none of theirs. `salt` is a literal fixed for ever."""

    #: The cookies of all kinds; Exit takes them along.
    cookies: ClassVar[list[str]] = []

    def __init__(self, salt, cookie):
        self.cookie = f"{'__Host-' if settings.SECURE else ''}{cookie}"
        self.cookies.append(self.cookie)
        self._signer = TimestampSigner(salt=salt)

    def new_token(self, request):
        """A signed token for a fresh form, tied to the one this browser sent last, if that was lately."""
        return self._signer.sign(f"{secrets.token_hex(16)}.{self.sent_last(request).token}")

    def read_token(self, text):
        """The SubmissionToken in what a form sent back; a fresh one where it holds none of ours."""
        try:
            value, _, previous = self._signer.unsign(text).partition(".")
        except BadSignature:
            return SubmissionToken(secrets.token_hex(16), is_ours=False)
        return SubmissionToken(value, previous, is_too_fast=self._is_younger_than(text, FASTEST_HUMAN_SECONDS))

    def remember(self, response, token, *, code_was_shown=False):
        """Let this browser know, until it is closed, which form it sent last, and whether its code has been shown."""
        text = f"{token}.{SHOWN}" if code_was_shown else token
        response.set_cookie(
            self.cookie, self._signer.sign(text), secure=settings.SECURE, httponly=True, samesite="Strict"
        )

    def sent_last(self, request, within=None):
        """What the cookie of `remember` says, where the form was sent within so many seconds, or half an hour."""
        within = REMEMBERED_SECONDS if within is None else within
        try:
            text = self._signer.unsign(request.COOKIES.get(self.cookie, ""), max_age=within)
        except BadSignature:
            return SentForm()
        token, _, shown = text.partition(".")
        return SentForm(token, shown == SHOWN)

    def _is_younger_than(self, text, seconds):
        try:
            self._signer.unsign(text, max_age=seconds)
        except SignatureExpired:
            return False
        return True
