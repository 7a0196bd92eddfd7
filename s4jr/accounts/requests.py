"""The type of a request whose user is known to be signed in, for annotations."""

from django.http import HttpRequest

from s4jr.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request as views get it behind `AdminSite.admin_view`, `login_required` or a check of a permission."""

    user: User
