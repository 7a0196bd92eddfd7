"""Asks a user who is signed in to sign in again, before something that a stolen session must not do."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Redirects to this user's first reauthentication method.

    Drops the form values, because the session stores them unencrypted.
    """
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if not ways:
        raise PermissionDenied
    return redirect_to_login(request.path, ways[0]["url"])
