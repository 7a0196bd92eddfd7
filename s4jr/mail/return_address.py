"""The return address of an email (RFC 5321, 3.3). A mail server that can't deliver the email reports it there.

It carries a random token of this one email, of which only a keyed hash is kept. No one who hasn't seen the email can
guess it, so a report without it changes nothing. It's in base32, because a mail server may change case.
"""

import re
import secrets
from base64 import b32encode
from datetime import timedelta

from django.conf import settings

from s4jr.crypto.blind_index import keyed_hash
from s4jr.email_address import address_on_wire
from s4jr.mail.kinds import AUTO_REPLY
from s4jr.mail.models import OutgoingEmail

TOKEN_BYTES = 16
#: For how long after sending a report is believed. Mail servers give up after five days (RFC 5321, 4.5.4.1).
VALID_FOR = timedelta(days=14)
_TOKEN = re.compile(r"[a-z2-7]{26}")


def assign_return_address(email: OutgoingEmail) -> str:
    """The return address for this attempt to send it. `begin_commit` stores the hash of its token.

    "" for an automatic answer: no one answers the empty address (RFC 3834, 3.3). MAIL_FROM without BOUNCE_ADDRESS.
    """
    email.return_token_hash = None
    if email.kind == AUTO_REPLY:
        return ""
    if not settings.BOUNCE_ADDRESS:
        return address_on_wire(settings.MAIL_FROM)
    token = b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().rstrip("=").lower()
    email.return_token_hash = token_hash(token)
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{token}@{domain}"


def token_hash(token: str) -> str:
    return keyed_hash("return address", token)


def token_in(address: str) -> str:
    """The token in a return address of ours; "" if this is another address."""
    local, _, domain = settings.BOUNCE_ADDRESS.casefold().rpartition("@")
    name, _, token = address.strip().casefold().removesuffix(f"@{domain}").partition("+")
    is_ours = bool(domain) and name == local and _TOKEN.fullmatch(token)
    return token if is_ours else ""
