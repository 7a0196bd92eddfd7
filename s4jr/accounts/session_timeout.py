"""How long a sign-in lasts: while idle, and in total. Pages of records allow less idle time than others.

A session stores when it began, when it was last active (written at most once a minute) and its longest idle time. A
page opens only if no idle time of this sign-in was longer than the page allows, so no one who finds an idle screen
reaches records by way of a page that allows more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from s4jr.security import form_recovery

HOURS_IN_ALL = 8
MINUTES = 60
MINUTES_FOR_RECORDS = 15
APPS_WITH_RECORDS = {"accounts", "audit", "chapters", "mail", "members"}  # their pages in the admin
OPEN_WHATEVER_IS_BROKEN = {"exit", "healthz", "readyz"}  # they do not look up the user in the database
BEGAN, SEEN, LONGEST_PAUSE = "signed_in_at", "last_seen_at", "longest_pause"
WRITE_EVERY_SECONDS = 60


def idle(*, minutes: int) -> Callable[[Any], Any]:
    """Mark a view as for signed-in users only, with the idle minutes after which it asks for a new sign-in."""

    def decorate(view):
        view.idle_minutes = minutes
        return view

    return decorate


def without_session(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as the same for everyone. No session is read for it, so its response has no `Vary: Cookie`."""
    view.without_session = True  # type: ignore[attr-defined]
    return view


def minutes_for(view: Callable[..., Any], match: ResolverMatch) -> int:
    """The idle minutes a view allows: its own setting, or the default for its kind of page."""
    app = (match.url_name or "").partition("_")[0]
    is_of_records = "admin" in match.app_names and app in APPS_WITH_RECORDS
    by_kind = MINUTES_FOR_RECORDS if is_of_records else MINUTES
    return getattr(view, "idle_minutes", by_kind)


def is_for_those_who_sign_in(view: Callable[..., Any], match: ResolverMatch) -> bool:
    return "admin" in match.app_names or hasattr(view, "idle_minutes")


def begin_visit(request: HttpRequest) -> None:
    """Start the clocks of a new sign-in."""
    now = int(time.time())
    request.session.update({BEGAN: now, SEEN: now, LONGEST_PAUSE: 0})
    form_recovery.forget_what_others_typed(request)


def note_visit(session: SessionBase) -> None:
    """Record activity in the session."""
    now = int(time.time())
    pause = now - session[SEEN]
    if pause >= WRITE_EVERY_SECONDS:
        session.update({SEEN: now, LONGEST_PAUSE: max(pause, session[LONGEST_PAUSE])})


def seconds_left(session: SessionBase, minutes: int) -> int:
    """How many more seconds a page that allows `minutes` of idle time stays open; 0 if its time is over."""
    now, limit = int(time.time()), minutes * 60
    in_all = session[BEGAN] + HOURS_IN_ALL * 3600 - now
    in_this_pause = session[SEEN] + limit - now
    return max(0, min(in_all, in_this_pause)) if session[LONGEST_PAUSE] < limit else 0


@dataclass(frozen=True)
class Stay:
    """For the warning on a page: the idle minutes it allows, and the seconds left."""

    minutes: int
    seconds: int


class IdleMiddleware:
    """Ends expired sign-ins and saves what was typed into the form that was submitted too late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name in OPEN_WHATEVER_IS_BROKEN or hasattr(view, "without_session"):
            return None
        if request.user.is_authenticated and self._goes_on(request, minutes_for(view, match)):
            return None
        return self._answer_signed_out(request) if is_for_those_who_sign_in(view, match) else None

    def _goes_on(self, request, minutes):
        if BEGAN not in request.session:
            begin_visit(request)
        if not seconds_left(request.session, minutes):
            sign_out(request)
            return False
        note_visit(request.session)
        form_recovery.forget_if_sent(request)
        request.stay = Stay(minutes, seconds_left(request.session, minutes))
        return True

    def _answer_signed_out(self, request):
        """Redirect to signing in, and from there back to the requested page or to what was typed."""
        if form_recovery.who_left(request) is None:
            return None
        if request.method == "POST":
            form_recovery.keep(request)
        back = request.get_full_path() if request.method == "GET" else reverse("account_typed")
        return redirect_to_login(back, reverse("account_login"))


def sign_out(request: HttpRequest) -> None:
    """End this sign-in; the browser's new session only remembers whose it was."""
    user = request.user
    logout(request)
    form_recovery.note_who_left(request, user)
    messages.info(request, _("You were signed out after some time, to keep you safe. Sign in again."))
