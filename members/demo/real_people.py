"""Checks for real people. The demo is never loaded next to them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from chapters.models import RepresentativeMessage, VolunteerOffer
from members.demo.people import FICTIONAL, NAMES
from members.demo.sign_ins import BEGINS
from members.models import Inquiry, Member, Rsvp
from s4jr.accounts.management.commands.invite_admin import FIRST_ADMIN
from s4jr.accounts.models import User

Writer = Member | Rsvp | Inquiry | VolunteerOffer | RepresentativeMessage


def count_real_people() -> int:
    """How many people may be real: everyone without a fictional address or a name from the demo."""
    writers = sum(_may_be_real(row.name, row.email) for row in _writers())
    return writers + sum(map(_may_sign_in_as_real, User.objects.only("username", "address")))


def _writers() -> Iterator[Writer]:
    """Everyone who left a name or an address. Lapsed applications have neither."""
    rows: list[QuerySet[Any]] = [
        Member.objects.exclude(status=Member.Status.LAPSED),
        Rsvp.objects.guests(),
        Inquiry.objects.all(),
        VolunteerOffer.objects.all(),
        RepresentativeMessage.objects.all(),
    ]
    for found in rows:
        yield from found.only("name", "email").iterator()


def _may_be_real(name: str, email: str) -> bool:
    return not email.endswith(FICTIONAL) if email else name not in NAMES


def _may_sign_in_as_real(user: User) -> bool:
    """The first admin of `./dev run` has no address."""
    if user.address:
        return not user.address.endswith(FICTIONAL)
    return user.username != FIRST_ADMIN and not user.username.startswith(BEGINS)
