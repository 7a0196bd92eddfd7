"""The signed links in emails about a meeting. They are not stored.

One link confirms or cancels, the other opens the meeting; neither can be derived from the other. Both stop working when
the RSVP is deleted.
"""

import uuid

from django.core.signing import BadSignature, Signer

from members.models import Rsvp
from s4jr.mail.emails import email_link

_to_come = Signer(salt="meeting: come or cancel", sep=".")
_way_in = Signer(salt="meeting: way in", sep=".")


def rsvp_link(row: Rsvp) -> str:
    """The URL to confirm or cancel an RSVP."""
    return email_link("rsvp_link", row.speaks, token=_to_come.sign(row.pk.hex))


def way_in_link(row: Rsvp) -> str:
    """The URL that redirects to the meeting while it is open."""
    return email_link("way_in", row.speaks, token=way_in_token(row))


def way_in_token(row: Rsvp) -> str:
    return _way_in.sign(row.pk.hex)


def read_rsvp(token: str) -> uuid.UUID | None:
    """The primary key of an RSVP, or None for an invalid token."""
    return _read_token(_to_come, token)


def read_way_in(token: str) -> uuid.UUID | None:
    """The same for the token of a meeting link."""
    return _read_token(_way_in, token)


def _read_token(signer: Signer, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=signer.unsign(token))
    except (BadSignature, ValueError):
        return None
