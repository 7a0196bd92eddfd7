"""What a page says about the street address or dial-in of a meeting: the text itself, or when it will be there."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chapters.meetings.timezones import in_full
from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps.venue import SHOWN_BEFORE, is_shown, may_know_venue, venue_for

#: In place of the venue, for a member whose session has one proof only.
MEMBER_NEEDS_PROOF = gettext_lazy(
    "We don’t show the street address or phone number with only a sign-in link or only your code. "
    "Open this page with both, or with your secret word."
)
#: In place of the venue, for a guest who came with the link in an email.
GUEST_NEEDS_CODE = gettext_lazy(
    "We don’t show the street address or phone number with only the link in our email. Use your code."
)


def venue_context(meeting: Meeting, row: Rsvp | None, *, missing: str | Promise = "") -> dict[str, Any]:
    """Template context: `venue`, the text, and `venue_words`, a sentence in its place. Both are "" if there is nothing.

    `missing` says which proof this visit lacks. Then the venue is not read at all.
    """
    if meeting.is_canceled or meeting.is_over:
        return {"venue": "", "venue_words": ""}
    now = timezone.now()
    venue = venue_for(row, now) if row and not missing else ""
    is_silent = bool(venue) or meeting.format == Meeting.Format.ONLINE
    return {"venue": venue, "venue_words": "" if is_silent else _words_for(meeting, row, now, missing)}


def _words_for(meeting: Meeting, row: Rsvp | None, now: datetime, missing: str | Promise) -> str:
    if row is None or row.state != Rsvp.State.GOING:
        return _("People who are going see the street address or phone number here from 24 hours before the meeting.")
    if _is_a_guest(row) and not may_know_venue(row):
        return _(
            "The host decides which guests see the street address or phone number. If the host lets you, you’ll "
            "see it with your code from 24 hours before the meeting."
        )
    if is_shown(meeting, now):
        return str(missing) or _("There’s no street address or phone number here yet. Look again before the meeting.")
    return _("You’ll see the street address or phone number here from %(when)s until the meeting ends.") % {
        "when": in_full(meeting.zone, meeting.starts_at - SHOWN_BEFORE)
    }


def _is_a_guest(row: Rsvp) -> bool:
    return row.member_id is None and row.user_id is None
