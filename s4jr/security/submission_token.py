"""The token of a public form: it makes a double submission count once, and detects submissions by bots.

A cookie names the form last submitted from this browser, until the browser is closed or Exit is selected. For half an
hour a corrected submission after the browser's Back replaces that form, and the next page can show its status code,
once. The join form's cookie is read for `members.applications.services.SAME_BROWSER_SECONDS`, seven days: correcting an
address also finds and deletes what the same browser sent before with the old one (decision 15).
"""

import secrets
import uuid
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase

REMEMBERED_SECONDS = 30 * 60
FASTEST_HUMAN_SECONDS = 3
SHOWN = "shown"


class SubmissionToken(NamedTuple):
    """`previous` is the form this browser submitted before, or ""; `is_ours` is False for a token we did not sign."""

    value: str
    previous: str = ""
    is_ours: bool = True
    is_too_fast: bool = False

    @property
    def new_pk(self) -> uuid.UUID:
        """The primary key of the row that the form creates: submitted again, it finds this row and creates no other."""
        return uuid.UUID(hex=self.value)


class SentForm(NamedTuple):
    """The form this browser submitted last, within the requested time, or ""; whether its code has been shown."""

    token: str = ""
    code_was_shown: bool = False


class FormKind:
    """Forms of one kind: tokens and cookies of other kinds are invalid. `salt` is a literal that never changes."""

    #: The cookies of all kinds; Exit deletes them.
    cookies: ClassVar[list[str]] = []

    def __init__(self, salt: str, cookie: str) -> None:
        self.cookie = f"{'__Host-' if settings.SECURE else ''}{cookie}"
        self.cookies.append(self.cookie)
        self._signer = TimestampSigner(salt=salt)

    def new_token(self, request: HttpRequest) -> str:
        """A signed token for a new form, linked to the one this browser submitted recently, if any."""
        return self._signer.sign(f"{secrets.token_hex(16)}.{self.sent_last(request).token}")

    def read_token(self, text: str) -> SubmissionToken:
        """The SubmissionToken in a submitted form; a new one if it holds none of ours."""
        try:
            value, _, previous = self._signer.unsign(text).partition(".")
        except BadSignature:
            return SubmissionToken(secrets.token_hex(16), is_ours=False)
        return SubmissionToken(value, previous, is_too_fast=self._is_younger_than(text, FASTEST_HUMAN_SECONDS))

    def remember(self, response: HttpResponseBase, token: str, *, code_was_shown: bool = False) -> None:
        """Store in this browser, until it is closed, which form it submitted last and whether its code was shown."""
        text = f"{token}.{SHOWN}" if code_was_shown else token
        response.set_cookie(
            self.cookie, self._signer.sign(text), secure=settings.SECURE, httponly=True, samesite="Strict"
        )

    def sent_last(self, request: HttpRequest, within: int | None = None) -> SentForm:
        """The content of the cookie of `remember`, if the form was submitted within so many seconds or half an hour."""
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
