"""The address of an email as mail servers take it."""

import re

from s4jr.email_address import address_on_wire
from s4jr.mail.transports.errors import RefusedForGood

#: Quoted local parts and encoded words: header parsers extract other addresses from them. No form takes them.
_AMBIGUOUS = re.compile(r'["\\\s\x00-\x1f\x7f]|=\?|\?=')
UNWRITABLE = "the address cannot be written to"


def wire_address(address: str) -> str:
    """The address for SMTP: its domain in ASCII, its local part unchanged. Raises RefusedForGood if impossible."""
    if _AMBIGUOUS.search(address):
        raise RefusedForGood(UNWRITABLE)
    try:
        return address_on_wire(address)
    except UnicodeError:
        raise RefusedForGood(UNWRITABLE) from None
