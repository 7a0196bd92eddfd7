"""One sign-in for each staff role, and one for a representative."""

import secrets
from typing import NamedTuple

from django.contrib.auth.models import Group

from members.demo.people import FICTIONAL
from s4jr.accounts.models import User
from s4jr.accounts.roles import GROUPS

#: The prefix of all usernames of the demo.
BEGINS = "demo-"
COORDINATOR = "Coordinator"
REPRESENTATIVE = f"{BEGINS}representative"
DISPLAY_NAMES = {
    "Reader": "Rhea Fiction", "Editor": "Edda Fiction", "Care": "Carys Fiction", "Press": "Priya Fiction",
    COORDINATOR: "Cora Fiction",
}  # fmt: skip


class SignIn(NamedTuple):
    """A username and a password, which is printed once and not stored."""

    username: str
    password: str


def is_loaded() -> bool:
    """Whether the demo is loaded, which its coordinator's account marks."""
    return User.objects.filter(username=username_of(COORDINATOR)).exists()


def username_of(role: str) -> str:
    return f"{BEGINS}{role.lower()}"


def staff(role: str) -> User:
    """The demo user with this role."""
    return User.objects.get(username=username_of(role))


def new_password() -> str:
    return secrets.token_urlsafe(12)


def add_staff() -> list[SignIn]:
    """Adds one staff user for each role. Returns their sign-ins."""
    return [_add_to_role(role) for role in GROUPS]


def _add_to_role(role: str) -> SignIn:
    sign_in = SignIn(username_of(role), new_password())
    display_name = DISPLAY_NAMES.get(role, f"{role} Fiction")
    user = User.objects.create_user(
        sign_in.username,
        password=sign_in.password,
        is_staff=True,
        address=f"{role.lower()}@staff{FICTIONAL}",
        display_name=display_name,
    )
    user.groups.add(Group.objects.get(name=role))
    return sign_in
