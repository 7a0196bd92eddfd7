"""Recovers what a user typed into a form when their sign-in ended, once they have signed in again.

It is stored encrypted in the session of the same browser, for the same user and for an hour. It is shown to them, and
submitted only if they choose to. Passwords, codes and files are not stored.
"""

import json
import time
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest

from s4jr.crypto.fields import DecryptionError, decrypt, encrypt

CONTEXT = "session.typed"
KEPT, WHO_LEFT = "typed", "who_left"
KEPT_SECONDS = 60 * 60
NEVER_KEPT = {"csrfmiddlewaretoken", "credential", "code"}


@dataclass(frozen=True)
class Typed:
    """`fields` are (name, value), in order; `address` is the path they were submitted to."""

    user: str
    at: int
    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What the user typed, without the page's own fields."""
        return [(name, value) for name, value in self.fields if value and not _is_the_pages_own(name)]


def _is_the_pages_own(name):
    return name.startswith(("_", "initial-")) or name.endswith("_FORMS")


def note_who_left(request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> None:
    request.session[WHO_LEFT] = str(user.pk)


def who_left(request: HttpRequest) -> str | None:
    """The primary key, as text, of the user who was signed out in this browser and is not back yet; or None."""
    return None if request.user.is_authenticated else request.session.get(WHO_LEFT)


def keep(request: HttpRequest) -> None:
    """Store the submitted fields for the user who was signed out here."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NEVER_KEPT and "password" not in name
    ]
    if fields:
        said = [who_left(request), int(time.time()), request.get_full_path(), fields, bool(request.FILES)]
        request.session[KEPT] = encrypt(json.dumps(said), CONTEXT)


def kept_for(request: HttpRequest) -> Typed | None:
    """What the signed-in user typed before, or None."""
    try:
        kept = Typed(*json.loads(decrypt(request.session.get(KEPT, ""), CONTEXT)))
    except DecryptionError:
        return None
    is_theirs = request.user.is_authenticated and kept.user == str(request.user.pk)
    return kept if is_theirs and time.time() < kept.at + KEPT_SECONDS else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)


def forget_what_others_typed(request: HttpRequest) -> None:
    """After a sign-in: discard what another user typed."""
    request.session.pop(WHO_LEFT, None)
    if KEPT in request.session and kept_for(request) is None:
        forget(request)


def forget_if_sent(request: HttpRequest) -> None:
    """Discard the stored form once it is submitted to its page."""
    if request.method == "POST" and KEPT in request.session:
        kept = kept_for(request)
        if kept is None or kept.address == request.get_full_path():
            forget(request)
