"""One sign-in for each role, and one for a representative."""

import secrets
from typing import NamedTuple

from django.contrib.auth.models import Group

from members.demo.people import FICTIONAL
from s4jr.accounts.models import User
from s4jr.accounts.roles import GROUPS

#: The username of everybody whom the demo lets sign in begins so.
BEGINS = "demo-"
COORDINATOR = "Coordinator"
REPRESENTATIVE = f"{BEGINS}representative"
DISPLAY_NAMES = {
    "Reader": "Rhea Fiction", "Editor": "Edda Fiction", "Care": "Carys Fiction", "Press": "Priya Fiction",
    COORDINATOR: "Cora Fiction",
}  # fmt: skip


class SignIn(NamedTuple):
    """What somebody signs in with. The password is printed once and kept nowhere."""

    username: str
    password: str


def is_loaded() -> bool:
    """Whether the demo is here: its coordinator is the mark."""
    return User.objects.filter(username=username_of(COORDINATOR)).exists()


def username_of(role: str) -> str:
    return f"{BEGINS}{role.lower()}"


def staff(role: str) -> User:
    """Who has this role in the demo."""
    return User.objects.get(username=username_of(role))


def new_password() -> str:
    return secrets.token_urlsafe(12)


def add_staff() -> list[SignIn]:
    """Somebody of the staff for each role. Returns what each signs in with."""
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
