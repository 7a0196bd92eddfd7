"""Permissions for representative pages: users with a current term, for the place or chapter of that term only.

These pages look up everything through this module. Another user's record gives the same queries and the same answer as
one that does not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chapters.models import Representative
from chapters.representatives.querysets import RepresentativeQuerySet
from s4jr.accounts import two_step
from s4jr.accounts.models import User
from s4jr.accounts.session_timeout import idle

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

#: Idle minutes until a representative page asks to sign in again. The form input is restored afterwards.
MINUTES = 60
#: Admins with one of these see the pages for all representatives.
OF_THE_GROUP = ("chapters.change_representative", "content.change_textblock")
View = Callable[..., HttpResponseBase]


def terms_of(user: User) -> RepresentativeQuerySet:
    """The current terms of a user, the oldest first."""
    return Representative.objects.serving().filter(user=user).select_related("chapter", "user").order_by("begins_on")


def term_of(user: User, pk: UUID) -> Representative:
    """One of the current terms of a user. Raises Http404 for any other, whether it exists or not."""
    found = terms_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def for_representatives(view: View) -> View:
    """A representative page: requires a recent sign-in with a second step, as for staff."""

    @idle(minutes=MINUTES)
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _step_before(request) or view(request, *args, **kwargs)

    return wrapper


def of_one_term(view: View) -> View:
    """A representative page about one term, whose primary key is in the URL: `view(request, term, …)`."""

    @for_representatives
    @wraps(view)
    def wrapper(request: "SignedInRequest", term: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, term_of(request.user, term), *args, **kwargs)

    return wrapper


def for_the_group(view: View) -> View:
    """A page for all who serve now, and for admins who appoint them or edit texts."""

    @for_representatives
    @wraps(view)
    def wrapper(request: "SignedInRequest", *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_group(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def may_see_group(user: User) -> bool:
    return (user.is_staff and any(user.has_perm(right) for right in OF_THE_GROUP)) or terms_of(user).exists()


def _step_before(request: HttpRequest) -> HttpResponseBase | None:
    """A redirect to the next step of signing in; None if it is complete."""
    address = request.get_full_path()
    if not request.user.is_authenticated:
        return redirect_to_login(address, reverse("account_login"))
    if not settings.STAFF_SECOND_FACTOR or two_step.was_given(request):
        return None
    if two_step.is_enrolled(request.user):
        return two_step.ask_for_it(request, address)
    return redirect("mfa_activate_totp")
