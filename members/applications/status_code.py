"""What a status code shows. A code alone shows nothing that was written.

An application for a known address must look the same as any other unproved one: both show the same text.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.models import Member

#: How each status appears to its member. A decision that can still be undone does not show.
PUBLIC_STATUSES = {
    "unconfirmed": "asked",
    "duplicate_address": "being_read",
    "waiting": "being_read",
    "on_hold": "being_read",
    "approving": "being_read",
    "declining": "being_read",
    "approved": "welcomed",
    "ending_membership": "welcomed",
    "declined": "not_now",
    "membership_ended": "not_now",
    "closed": "not_now",
    "left": "left",
    "lapsed": "lapsed",
}
#: The statuses of members, whether or not the end of their membership can still be undone.
WELCOMED = [status for status, shown in PUBLIC_STATUSES.items() if shown == "welcomed"]


def public_status(member: "Member") -> str:
    """The status as a key that pages have a paragraph for. A duplicate shows the status of the one that was kept."""
    return PUBLIC_STATUSES[(member.same_as or member).status]


def may_ask_again(member: "Member") -> bool:
    return public_status(member) in ("not_now", "left", "lapsed")
