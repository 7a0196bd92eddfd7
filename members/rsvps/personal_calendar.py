"""Creates, replaces, revokes and finds the secret URL of a personal calendar, stored as a keyed hash."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from members.applications.status_code import WELCOMED
from members.models import CredentialChange, Member, OwnCalendar
from s4jr.security.link_tokens import StoredLinks

CALENDAR_LINKS = StoredLinks("own-calendar")


def address_of(secret: str) -> str:
    """The URL of the feed. On the host of email links: calendar apps show the host, and others may see it."""
    return settings.EMAIL_LINK_URL + reverse("own_calendar", args=[secret])


def make_calendar(member: Member, shows: str) -> str:
    """Creates a calendar and replaces the one before. Returns the secret, which is not stored."""
    secret, hashed = CALENDAR_LINKS.new()
    hold_calendar(member.pk, hashed, shows)
    return secret


def hold_calendar(member_pk: int, hashed: str, shows: str) -> None:
    """Stores this hash of a secret as the member's calendar."""
    said = {"secret_hash": hashed, "shows": shows, "made_on": timezone.now().date()}
    OwnCalendar.objects.update_or_create(member_id=member_pk, defaults=said)


def revoke_calendar(member: Member) -> None:
    """Deletes the member's calendar. One that an email link alone created is a `CredentialChange`."""
    OwnCalendar.objects.filter(member=member).delete()


def find_calendar(secret: str) -> OwnCalendar | CredentialChange | None:
    """The calendar at this URL, or None if it was revoked or its owner is no longer a member.

    Also finds one that an email link alone created, next to the earlier one; the row is then that `CredentialChange`.
    """
    hashed = CALENDAR_LINKS.token_hash(secret)
    made_by_link = CredentialChange.objects.filter(kind=CredentialChange.Kind.CALENDAR, value_hash=hashed)
    return _open_first(OwnCalendar.objects.filter(secret_hash=hashed)) or _open_first(made_by_link)


def _open_first(found: QuerySet) -> OwnCalendar | CredentialChange | None:
    """The first row with the columns of its member that a feed needs."""
    found = found.select_related("member").filter(member__status__in=WELCOMED)
    return found.only("shows", "member__contact", "member__region", "member__country", "member__chapter").first()
