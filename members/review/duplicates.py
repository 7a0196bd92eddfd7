"""Finds possible duplicates: names and places are compared in memory and never stored."""

import unicodedata
from datetime import timedelta
from difflib import SequenceMatcher

from django.db.models import Q
from django.utils import timezone

from members.models import Member
from s4jr.crypto.decryption_guard import unshown
from s4jr.crypto.fields import readable

LIKE_ENOUGH = 0.85
LOOK_BACK = timedelta(days=60)
#: How many names are compared, newest first: a second application mostly follows within days.
LOOKED_AT = 500
#: How many are shown: each is a row of the access log, and anyone can send the form many times.
NAMED_AT_MOST = 10


def like(member: Member) -> list[Member]:
    """Returns possible duplicates among the undecided and the last 60 days, oldest first.

    Compares at most the newest LOOKED_AT of the same country, or of none.
    """
    since = timezone.now().date() - LOOK_BACK
    unproved = Q(status__in=[*Member.UNPROVED, Member.Status.DUPLICATE_ADDRESS, Member.Status.CLOSED])
    others = Member.objects.filter(Q(status__in=Member.UNDECIDED) | Q(received_on__gte=since)).exclude(unproved)
    if member.country:
        others = others.filter(country__in=["", member.country])
    names = others.exclude(pk=member.pk).only("number", "name", "country", "region", "received_on", "status")
    newest = names.order_by("-received_on", "-pk")[:LOOKED_AT]
    with unshown():  # names are only compared: the page shows the numbers
        return [other for other in reversed(newest) if _alike(member, other)]


def _alike(member: Member, other: Member) -> bool:
    name, others_name = readable(member, "name"), readable(other, "name")
    return bool(others_name) and _likeness(name, others_name) >= LIKE_ENOUGH


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, plain(one), plain(other)).ratio()


def plain(name: str) -> str:
    """A name for comparison: without case, accents and repeated spaces."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
