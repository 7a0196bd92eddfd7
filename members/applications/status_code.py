"""What a status code shows. A code alone shows nothing that was written.

Who asks must never be able to tell an application for a known address from any other unproved one: both read the same
words.
"""

from typing import Any

#: How each status reads to the person it is about. A decision that can still be undone does not show.
PUBLIC_STATUSES = {
    "unconfirmed": "asked",
    "duplicate_address": "being_read",
    "waiting": "being_read",
    "on_hold": "being_read",
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


def public_status(member: Any) -> str:
    """The status as a word that a page has a paragraph for. Who asked twice hears of the one that was kept."""
    return PUBLIC_STATUSES[(member.same_as or member).status]


def may_ask_again(member: Any) -> bool:
    return public_status(member) in ("not_now", "left", "lapsed")
