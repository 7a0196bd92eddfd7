"""Types for requests whose user is signed in. They check nothing: the view is behind a login or permission check."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request as views get it behind `AdminSite.admin_view`, `login_required` or a check of a permission."""

    user: "User"


def signed_in_user(request: HttpRequest) -> "User":
    """Return `request.user` in a view that only signed-in users reach."""
    return cast("User", request.user)
