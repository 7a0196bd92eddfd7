"""Which admin has which application open in a review session, so that two admins read different ones.

A name of an admin and a time on the application, and nothing about the applicant. A decision and Skip clear them, and
the retention run clears what nobody cleared.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.crypto.decryption_guard import decrypts_unshown

#: How long an application counts as open after its page was last shown.
OPEN_FOR = timedelta(minutes=5)
NOBODY = {"handed_to": None, "handed_at": None}


def hand_out(members: MemberQuerySet, *, to: User) -> int:
    """Note that `to` has these open, unless another admin has. Returns how many they have open."""
    return members.exclude(_open_with_others(to)).update(handed_to=to, handed_at=timezone.now())


def give_back(members: MemberQuerySet, *, by: User) -> int:
    """Note that `by` no longer has these open. Returns how many."""
    return members.filter(handed_to=by).update(**NOBODY)


def free_for(members: MemberQuerySet, user: User) -> MemberQuerySet:
    """Those of `members` that no other admin has open."""
    return members.exclude(_open_with_others(user))


def open_with_another(member: Member, user: User) -> User | None:
    """The other admin who has this application open, or None. Reads nothing encrypted of the applicant."""
    held = member.row.filter(_open_with_others(user)).select_related("handed_to")
    found = held.only("handed_to__username", "handed_to__display_name").first()
    return found.handed_to if found else None


@decrypts_unshown
def name_of_holder(member: Member, user: User) -> str:
    """The name by which the other admins know who else has it open; "" if no one has."""
    held = open_with_another(member, user)
    return held.shown_name if held else ""


def forget_handouts(members: MemberQuerySet, now: datetime) -> int:
    """Clear what nobody cleared, as when an admin closed the browser. Returns how many."""
    return members.filter(handed_at__lte=now - OPEN_FOR).update(**NOBODY)


def _open_with_others(user: User) -> Q:
    lately = Q(handed_at__gt=timezone.now() - OPEN_FOR, handed_to__isnull=False)
    return lately & ~Q(handed_to=user)
