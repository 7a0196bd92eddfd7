"""How long a sign-in lasts: while nothing happens, and in all. Pages of records allow a shorter pause than others.

A session notes when it began, when it last did something (written at most once a minute) and its longest pause. A page
opens while no pause of this sign-in was longer than the page allows, so nobody who finds an idle screen comes to the
records by way of a page that allows more.
"""

import time
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.translation import gettext as _

from s4jr.security import form_recovery

HOURS_IN_ALL = 8
MINUTES = 60
MINUTES_FOR_RECORDS = 15
APPS_WITH_RECORDS = {"accounts", "audit", "chapters", "mail", "members"}  # their pages in the admin
OPEN_WHATEVER_IS_BROKEN = {"exit", "healthz", "readyz"}  # they ask the database nothing about who is there
BEGAN, SEEN, LONGEST_PAUSE = "signed_in_at", "last_seen_at", "longest_pause"
WRITE_EVERY_SECONDS = 60


def idle(*, minutes):
    """A view for those who sign in only, and the pause in minutes after which it asks for a new sign-in."""

    def decorate(view):
        view.idle_minutes = minutes
        return view

    return decorate


def minutes_for(view, match):
    """The pause that what answers here allows: its own word, else by whether it is an admin page of records."""
    app = (match.url_name or "").partition("_")[0]
    is_of_records = "admin" in match.app_names and app in APPS_WITH_RECORDS
    by_kind = MINUTES_FOR_RECORDS if is_of_records else MINUTES
    return getattr(view, "idle_minutes", by_kind)


def is_for_those_who_sign_in(view, match):
    return "admin" in match.app_names or hasattr(view, "idle_minutes")


def begin_visit(request):
    """Somebody has just signed in."""
    now = int(time.time())
    request.session.update({BEGAN: now, SEEN: now, LONGEST_PAUSE: 0})
    form_recovery.forget_what_others_typed(request)


def note_visit(session):
    """Somebody did something."""
    now = int(time.time())
    pause = now - session[SEEN]
    if pause >= WRITE_EVERY_SECONDS:
        session.update({SEEN: now, LONGEST_PAUSE: max(pause, session[LONGEST_PAUSE])})


def seconds_left(session, minutes):
    """For how many more seconds a page that allows a pause of so many minutes stays open; 0 when it is over."""
    now, limit = int(time.time()), minutes * 60
    in_all = session[BEGAN] + HOURS_IN_ALL * 3600 - now
    in_this_pause = session[SEEN] + limit - now
    return max(0, min(in_all, in_this_pause)) if session[LONGEST_PAUSE] < limit else 0


@dataclass(frozen=True)
class Stay:
    """For the warning on a page: the pause in minutes that it allows, and the seconds left."""

    minutes: int
    seconds: int


class IdleMiddleware:
    """Ends a sign-in whose time is over, and keeps what was typed into the page that met its end."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.url_name in OPEN_WHATEVER_IS_BROKEN:
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
        """To signing in and back: to the page that was asked for, or to what was typed into it."""
        if form_recovery.who_left(request) is None:
            return None
        if request.method == "POST":
            form_recovery.keep(request)
        back = request.get_full_path() if request.method == "GET" else reverse("account_typed")
        return redirect_to_login(back, reverse("account_login"))


def sign_out(request):
    """End this sign-in; the browser's new session knows only whose it was."""
    user = request.user
    logout(request)
    form_recovery.note_who_left(request, user)
    messages.info(request, _("You were signed out after some time, to keep you safe. Sign in again."))
