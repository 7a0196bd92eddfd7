"""Places and chapters with so few members that a topic without a name may still tell whose it is."""

from django.db.models import Q

from members.models import Member
from members.self_service.sharing import Audience, audiences_of
from s4jr.mail.kinds import TOLD_FROM


def small_audiences_of(member: Member) -> list[Audience]:
    """Those audiences of a member that have fewer than five members."""
    return [audience for audience in audiences_of(member) if _has_few(audience)]


def _has_few(audience: Audience) -> bool:
    place = Q(region=audience.region) | Q(region="", country=audience.region)
    there = Member.objects.welcomed().filter(Q(chapter=audience.chapter) if audience.chapter else place)
    return there.values("pk")[:TOLD_FROM].count() < TOLD_FROM
