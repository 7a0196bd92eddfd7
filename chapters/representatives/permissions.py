"""Who may be at the desk, and of what: whoever serves, of the place or chapter of their own term, and of nothing else.

Everything the desk shows or changes is found through here. What is somebody else's is found exactly as what does not
exist: with the same queries, and with the same answer.
"""

from collections.abc import Callable
from functools import wraps
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

#: The pause after which a desk page asks for a new sign-in; what was typed comes back after it.
MINUTES = 60
View = Callable[..., HttpResponseBase]


def terms_of(user: User) -> RepresentativeQuerySet:
    """The terms that somebody serves today, the oldest first."""
    return Representative.objects.serving().filter(user=user).select_related("chapter", "user").order_by("begins_on")


def term_of(user: User, pk: UUID) -> Representative:
    """One of the terms that somebody serves today. Http404 for anything else, whether it is there or not."""
    found = terms_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def for_representatives(view: View) -> View:
    """A page of the desk: for who has signed in as staff do, with a second step, and lately."""

    @idle(minutes=MINUTES)
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return _step_before(request) or view(request, *args, **kwargs)

    return wrapper


def of_one_term(view: View) -> View:
    """A page of the desk about one term: `view(request, term, …)`, where the address has the term's key."""

    @for_representatives
    @wraps(view)
    def wrapper(request, term, *args, **kwargs):
        return view(request, term_of(request.user, term), *args, **kwargs)

    return wrapper


def _step_before(request: HttpRequest) -> HttpResponseBase | None:
    """Where somebody goes who has not signed in all the way; None for who has."""
    address = request.get_full_path()
    if not request.user.is_authenticated:
        return redirect_to_login(address, reverse("account_login"))
    if not settings.STAFF_SECOND_FACTOR or two_step.was_given(request):
        return None
    if two_step.is_enrolled(request.user):
        return two_step.ask_for_it(request, address)
    return redirect("mfa_activate_totp")
