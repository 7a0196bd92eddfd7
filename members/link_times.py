"""How long the links in emails to members work, and until when such an email may be sent (docs/email.md)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from s4jr.mail.kinds import OWNER_ASKS
from s4jr.mail.out_of_date import latest_sending

#: How long the link to cancel a request or leave works.
DETAILS_LINK_LASTS = timedelta(days=400)
#: How long a one-time link to a member's information works, from when its email is sent.
OPEN_LINK_LASTS = timedelta(minutes=20)
#: How long a link to confirm a new address works.
CHANGE_LINK_LASTS = timedelta(days=7)


def confirm_link_lasts() -> timedelta:
    """How long a link to confirm an application works, from when its email is written."""
    return timedelta(days=settings.CONFIRM_WITHIN_DAYS)


def not_after(kind: str) -> datetime | None:
    """Until when an email of this kind, written now, may be sent; None if its links don't run out."""
    if kind == "open-details":  # whoever asked for it waits; the time of its link starts when it is sent
        return timezone.now() + OPEN_LINK_LASTS
    if kind in ("confirm", "confirm-list"):
        return latest_sending(confirm_link_lasts())
    return latest_sending(CHANGE_LINK_LASTS) if kind in ("confirm-change", OWNER_ASKS) else None
