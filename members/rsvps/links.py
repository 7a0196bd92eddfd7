"""The signed links in emails about a meeting. They are not stored.

One link confirms or cancels, the other opens the meeting; neither can be derived from the other. Both stop working when
the RSVP is deleted.
"""

import uuid

from members.models import Rsvp
from s4jr.mail.emails import email_link
from s4jr.security.link_tokens import SignedLinks

_RSVP_LINKS = SignedLinks("meeting: come or cancel")
_MEETING_LINKS = SignedLinks("meeting: way in")


def rsvp_link(row: Rsvp) -> str:
    """The URL to confirm or cancel an RSVP."""
    return email_link("rsvp_link", row.speaks, token=_RSVP_LINKS.token_of(row.pk.hex))


def way_in_link(row: Rsvp) -> str:
    """The URL that redirects to the meeting while it is open."""
    return email_link("way_in", row.speaks, token=way_in_token(row))


def way_in_token(row: Rsvp) -> str:
    return _MEETING_LINKS.token_of(row.pk.hex)


def read_rsvp(token: str) -> uuid.UUID | None:
    """The primary key of an RSVP, or None for an invalid token."""
    return _key_in(_RSVP_LINKS.read(token))


def read_way_in(token: str) -> uuid.UUID | None:
    """The same for the token of a meeting link."""
    return _key_in(_MEETING_LINKS.read(token))


def _key_in(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(hex=value) if value else None
