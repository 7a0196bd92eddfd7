"""The links that emails about a meeting lead to. They are signed, so that nothing of them is kept.

One is for confirming and canceling, the other for the way in; neither can be made of the other. Both end with the row.
"""

import uuid

from django.core.signing import BadSignature, Signer

from members.models import Rsvp
from s4jr.mail.emails import email_link

_to_come = Signer(salt="meeting: come or cancel", sep=".")
_way_in = Signer(salt="meeting: way in", sep=".")


def rsvp_link(row: Rsvp) -> str:
    """The address at which somebody confirms that they come, and cancels."""
    return email_link("rsvp_link", row.speaks, token=_to_come.sign(row.pk.hex))


def way_in_link(row: Rsvp) -> str:
    """The address that leads straight to the meeting while its door is open."""
    return email_link("way_in", row.speaks, token=way_in_token(row))


def way_in_token(row: Rsvp) -> str:
    return _way_in.sign(row.pk.hex)


def read_rsvp(token: str) -> uuid.UUID | None:
    """The primary key of an RSVP, or None where it is no token of ours."""
    return _read_token(_to_come, token)


def read_way_in(token: str) -> uuid.UUID | None:
    return _read_token(_way_in, token)


def _read_token(signer: Signer, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=signer.unsign(token))
    except (BadSignature, ValueError):
        return None
