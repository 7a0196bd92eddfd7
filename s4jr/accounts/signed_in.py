"""The signed-in user of a request, with the type of our own model."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from s4jr.accounts.models import User


def signed_in_user(request: HttpRequest) -> "User":
    """Return `request.user` in a view that only signed-in users reach."""
    return cast("User", request.user)
