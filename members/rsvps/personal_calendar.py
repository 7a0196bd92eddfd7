"""The secret address of a member's own calendar: made, replaced, revoked and found. It is kept as a keyed hash."""

import secrets

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from members.applications.status_code import WELCOMED
from members.models import CredentialChange, Member, OwnCalendar
from s4jr.crypto.blind_index import keyed_hash

SECRET_BYTES = 24


def secret_hash(secret: str) -> str:
    """What is kept of the secret: 64 hex digits under INDEX_KEY."""
    return keyed_hash("own-calendar", secret)


def address_of(secret: str) -> str:
    """Where an app reads it. On the host of emails: apps show the host, and somebody may look at them."""
    return settings.EMAIL_LINK_URL + reverse("own_calendar", args=[secret])


def new_secret() -> str:
    """A fresh secret. Only its hash is kept, and for ten minutes the session of who made it has it encrypted."""
    return secrets.token_urlsafe(SECRET_BYTES)


def make_calendar(member: Member, shows: str) -> str:
    """A fresh secret for a member; the one before stops working. Returns it: nothing keeps it."""
    secret = new_secret()
    hold_calendar(member.pk, secret_hash(secret), shows)
    return secret


def hold_calendar(member_pk: int, hashed: str, shows: str) -> None:
    """This hash of a secret is the member's from now on."""
    said = {"secret_hash": hashed, "shows": shows, "made_on": timezone.now().date()}
    OwnCalendar.objects.update_or_create(member_id=member_pk, defaults=said)


def revoke_calendar(member: Member) -> None:
    """The address they have works no more. One that an email link alone has made is a `CredentialChange`."""
    OwnCalendar.objects.filter(member=member).delete()


def find_calendar(secret: str) -> OwnCalendar | CredentialChange | None:
    """The calendar at this address, or None: it was revoked, or whose it was is no member any more.

    Also one that an email link alone has made, beside the earlier one: the row then is that `CredentialChange`.
    """
    hashed = secret_hash(secret)
    made_by_link = CredentialChange.objects.filter(kind=CredentialChange.Kind.CALENDAR, value_hash=hashed)
    return _open_first(OwnCalendar.objects.filter(secret_hash=hashed)) or _open_first(made_by_link)


def _open_first(found: QuerySet) -> OwnCalendar | CredentialChange | None:
    """The first of these with whatever a feed needs of its member, where that is one."""
    found = found.select_related("member").filter(member__status__in=WELCOMED)
    return found.only("shows", "member__contact", "member__region", "member__country", "member__chapter").first()
