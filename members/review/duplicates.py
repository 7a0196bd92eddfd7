"""Perhaps the same person: names and places compared in memory, kept nowhere."""

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
#: So many names are opened for it at most, the newest: a second form mostly follows the first within days.
LOOKED_AT = 500
#: So many are named at most: each is a row of the access log, and anybody may send a form very many times.
NAMED_AT_MOST = 10


def like(member: Member) -> list[Member]:
    """The members among those undecided, and those of the last 60 days, who may be the same person, oldest first.

    Where these are very many, the newest LOOKED_AT of the same country, or of none, are looked at.
    """
    since = timezone.now().date() - LOOK_BACK
    unproved = Q(status__in=[*Member.UNPROVED, Member.Status.DUPLICATE_ADDRESS, Member.Status.CLOSED])
    others = Member.objects.filter(Q(status__in=Member.UNDECIDED) | Q(received_on__gte=since)).exclude(unproved)
    if member.country:
        others = others.filter(country__in=["", member.country])
    names = others.exclude(pk=member.pk).only("number", "name", "country", "region", "received_on", "status")
    newest = names.order_by("-received_on", "-pk")[:LOOKED_AT]
    with unshown():  # names are compared and dropped: what is shown of the others is their number
        return [other for other in reversed(newest) if _alike(member, other)]


def _alike(member: Member, other: Member) -> bool:
    name, others_name = readable(member, "name"), readable(other, "name")
    return bool(others_name) and _likeness(name, others_name) >= LIKE_ENOUGH


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, plain(one), plain(other)).ratio()


def plain(name: str) -> str:
    """A name as it is compared: without case, accents and more than one blank."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
