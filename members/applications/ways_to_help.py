"""The ways to help that people can check, their words, and who offered which."""

from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable
from s4jr.crypto.unreadable_text import is_unreadable

WAYS_TO_HELP = [
    ("meetings", _("Organizing meetings and skill shares")),
    ("policy", _("Policy advocacy")),
    ("stories", _("Survivor storytelling")),
    ("education", _("Political education")),
    ("media", _("Educational media campaigns")),
    ("place", _("Representing my state or province")),
    ("behind", _("Behind-the-scenes work")),
]
#: How many rows are in memory at a time. Each holds one encrypted value.
ROWS_AT_ONCE = 2_000


def ways_in_words(ways: str) -> str:
    """The labels of the ways to help that a member checked, given as their keys with spaces between."""
    words = dict(WAYS_TO_HELP)
    if is_unreadable(ways):
        return ways
    return ", ".join(str(words.get(way, way)) for way in ways.split())


@decrypts_unshown
def pks_offering(ways: set[str], members: MemberQuerySet) -> list[int]:
    """The primary keys of those `members` who offered at least one of `ways` (keys), in increasing order.

    Decrypts each member's answer, compares it and drops it: decision 0024 says why the database holds no index of it.
    The caller keeps `members` to what it may ask. A value that cannot be decrypted counts as no offer.
    """
    rows = members.order_by("pk").only("number", "ways_to_help")
    return [member.pk for member in rows.iterator(chunk_size=ROWS_AT_ONCE) if _offers(member, ways)]


def _offers(member: Member, ways: set[str]) -> bool:
    return not ways.isdisjoint(readable(member, "ways_to_help").split())
