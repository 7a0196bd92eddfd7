"""What somebody typed into a page when their sign-in was over: it comes back once they have signed in again.

It waits encrypted, in the session of the same browser, for the same person and for an hour. It is shown to them, and
sent only by their press. Passwords, codes and files are not kept.
"""

import json
import time
from dataclasses import dataclass

from s4jr.crypto.fields import DecryptionError, decrypt, encrypt

CONTEXT = "session.typed"
KEPT, WHO_LEFT = "typed", "who_left"
KEPT_SECONDS = 60 * 60
NEVER_KEPT = {"csrfmiddlewaretoken", "credential", "code"}


@dataclass(frozen=True)
class Typed:
    """`fields` are (name, value), in their order; `address` is where they were going."""

    user: str
    at: int
    address: str
    fields: list
    had_files: bool

    @property
    def shown(self):
        """What a person typed, without what the page itself carried along."""
        return [(name, value) for name, value in self.fields if value and not _is_the_pages_own(name)]


def _is_the_pages_own(name):
    return name.startswith(("_", "initial-")) or name.endswith("_FORMS")


def note_who_left(request, user):
    request.session[WHO_LEFT] = str(user.pk)


def who_left(request):
    """The primary key, as text, of whoever was signed out in this browser and is not back yet; None if nobody was."""
    return None if request.user.is_authenticated else request.session.get(WHO_LEFT)


def keep(request):
    """Keep what this request carries, for whoever was signed out here."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NEVER_KEPT and "password" not in name
    ]
    if fields:
        said = [who_left(request), int(time.time()), request.get_full_path(), fields, bool(request.FILES)]
        request.session[KEPT] = encrypt(json.dumps(said), CONTEXT)


def kept_for(request):
    """What the signed-in person typed before, or None."""
    try:
        kept = Typed(*json.loads(decrypt(request.session.get(KEPT, ""), CONTEXT)))
    except DecryptionError:
        return None
    is_theirs = request.user.is_authenticated and kept.user == str(request.user.pk)
    return kept if is_theirs and time.time() < kept.at + KEPT_SECONDS else None


def forget(request):
    request.session.pop(KEPT, None)


def forget_what_others_typed(request):
    """Somebody has just signed in; who they are may differ from who left."""
    request.session.pop(WHO_LEFT, None)
    if KEPT in request.session and kept_for(request) is None:
        forget(request)


def forget_if_sent(request):
    """The very form that was kept is on its way: from here on it is the page's own."""
    if request.method == "POST" and KEPT in request.session:
        kept = kept_for(request)
        if kept is None or kept.address == request.get_full_path():
            forget(request)
