"""Whether somebody has a second factor, and whether this session gave it.

allauth notes each step of a sign-in in the session, and keeps the note when the factor is taken away later; so a note
counts only while the very authenticator it names is still there.
"""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.db import transaction

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_enrolled(user):
    """Whether `user` has a second factor. Recovery codes alone are none."""
    return is_mfa_enabled(user, FACTORS)


def was_given(request):
    """Whether this session gave a second factor, or a recovery code for it, that the signed-in person still has."""
    owned = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    records = get_authentication_records(request, request.user)
    given = {record.get("id") for record in records if record["method"] == "mfa"}
    return not owned.keys().isdisjoint(given) and not set(FACTORS).isdisjoint(owned.values())


def second_factor_first(view):
    """A view that whoever has a second factor sees only in a session that gave it: a password is not enough.

    Who is not signed in goes to sign in from here: allauth would first note in a session where they came from.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_enrolled(request.user) and not was_given(request):
            return ask_for_it(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapper


def ask_for_it(request, next_address):
    """To the page where the signed-in person gives their second factor: a passkey, if they have one, or a code."""
    return redirect_to_login(next_address, get_adapter().get_reauthentication_methods(request.user)[0]["url"])


def is_the_last(authenticator):
    """Whether without this one its owner would have no second factor."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
    return authenticator.type in FACTORS and not others.exists()


def one_change_at_a_time(view):
    """A view that changes somebody's factors: of two presses at once, the second sees what the first left."""

    @wraps(view)
    @transaction.atomic
    def wrapper(request, *args, **kwargs):
        list(get_user_model().objects.select_for_update().filter(pk=request.user.pk))
        return view(request, *args, **kwargs)

    return wrapper
