"""Adds many members at once, for load tests."""

import secrets
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from chapters.regions import country_of
from members.applications.application import Application
from members.demo.people import FICTIONAL
from members.models import Member
from s4jr.accounts.models import User
from s4jr.erasure.record_numbers import free_numbers

BATCH = 500
#: The prefix of their form tokens. The number after it tells where to continue.
NUMBERED = "demo-person-"
PLACES = ("CA-ON", "US-OR", "CA-QC", "US-OH", "DE", "CA-BC", "MX", "US-NY", "GH", "NZ")
LANGUAGES = ("en", "en", "fr-ca", "en", "es")
DAYS = 700


def add_people(count: int, by: User) -> None:
    """Adds `count` approved members, starting at "Demo Person 1" or after the last one."""
    first, now = _last_number() + 1, timezone.now()
    numbers = zip(range(first, first + count), free_numbers(Member, count), strict=True)
    people = (_person(n, number, now, by) for n, number in numbers)
    while batch := list(islice(people, BATCH)):
        Member.objects.bulk_create(batch)


def _last_number() -> int:
    tokens = Member.objects.filter(form_token__startswith=NUMBERED).values_list("form_token", flat=True)
    return max((int(token.removeprefix(NUMBERED).partition("-")[0]) for token in tokens), default=0)


def _person(n: int, number: str, now: datetime, by: User) -> Member:
    """An unsaved member, approved three days after applying, within the last DAYS days."""
    applied_at = now - timedelta(days=n % DAYS + 3)
    token = f"{NUMBERED}{n}-{secrets.token_hex(16)}"
    row = _application(n, token).new_row(
        number,
        status=Member.Status.APPROVED,
        decided_at=applied_at + timedelta(days=3),
        decided_by=by,
        received_on=applied_at.date(),
        agreed_at=applied_at,
        emptied_on=now.date(),
    )
    return Member(**row)


def _application(n: int, token: str) -> Application:
    place = PLACES[n % len(PLACES)]
    return Application(
        name=f"Demo Person {n}",
        contact="discreet" if n % 10 == 0 else "yes",
        email=f"demo.person.{n}@people{FICTIONAL}",
        country=country_of(place),
        region=place if "-" in place else "",
        language=LANGUAGES[n % len(LANGUAGES)],
        newsletter=n % 3 == 0,
        form_token=token,
    )
