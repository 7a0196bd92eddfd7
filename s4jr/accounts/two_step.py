"""Whether a user has a second factor, and whether this session presented it.

allauth records each step of a sign-in in the session, and keeps the record when the factor is removed later; so a
record counts only while the authenticator it names still exists.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from s4jr.accounts.requests import signed_in_user

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
View = Callable[..., HttpResponse]


def is_enrolled(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether `user` has a second factor. Recovery codes alone are none."""
    return is_mfa_enabled(cast(AbstractBaseUser, user), FACTORS)  # allauth accepts AnonymousUser


def was_given(request: HttpRequest) -> bool:
    """Whether this session presented a second factor, or a recovery code for it, that the user still has."""
    owned = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    records = get_authentication_records(request, signed_in_user(request))
    given = {record.get("id") for record in records if record["method"] == "mfa"}
    return not owned.keys().isdisjoint(given) and not set(FACTORS).isdisjoint(owned.values())


def second_factor_first(view: View) -> View:
    """Require the second factor in this session of users who have one: a password is not enough.

    Visitors are redirected to sign in from here: allauth would first store in a session where they came from.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_enrolled(request.user) and not was_given(request):
            return ask_for_it(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapper


def ask_for_it(request: HttpRequest, next_address: str) -> HttpResponse:
    """Redirect to the page where the user presents their second factor: a passkey if they have one, or a code."""
    return redirect_to_login(
        next_address, get_adapter().get_reauthentication_methods(signed_in_user(request))[0]["url"]
    )


def is_the_last(authenticator: Authenticator) -> bool:
    """Whether this is the only second factor of its owner."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
    return authenticator.type in FACTORS and not others.exists()


def one_change_at_a_time(view: View) -> View:
    """Serialize changes to a user's factors: of two requests at once, the second sees what the first left."""

    @wraps(view)
    @transaction.atomic
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        list(get_user_model().objects.select_for_update().filter(pk=request.user.pk))
        return view(request, *args, **kwargs)

    return wrapper
