"""Which inbox an address leads to: `ada+news@…` and `ada@…` fill the same one.

Limits on emails count by `limit_key`: an address without a +tag by itself, its tagged spellings together. So no one
uses up the owner's emails by typing her address with tags, and an inbox gets at most twice what an address gets.
"""

from typing import NamedTuple

from s4jr.crypto.blind_index import blind_index, keyed_hash
from s4jr.email_address import one_spelling

#: Providers that ignore dots in the local part, with the domain their inboxes are counted under.
IGNORES_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
#: Providers that document + as a tag and allow no name with one: every spelling is the same person's.
TAGS_ARE_ONE_PERSONS = {
    "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "mac.com", "proton.me",
    "protonmail.com", "fastmail.com",
}  # fmt: skip


class Mailbox(NamedTuple):
    """The keyed hashes by which an address is counted and found: itself, its untagged spelling, all tagged ones."""

    to_index: str
    untagged: str
    tagged: str


def mailbox_of(address: str) -> str:
    """The address without its +tag, and without dots if its provider ignores them.

    Some servers treat + like any other character: there two inboxes share one limit. So limits may count by this, but
    nothing is ever sent to it, and no person or application is found by it.
    """
    name, domain = _split(address)
    return f"{name.partition('+')[0] or name}{domain}"


def mailbox_indexes(address: str) -> Mailbox:
    mailbox = mailbox_of(address)
    return Mailbox(blind_index(address), blind_index(mailbox), mailbox_index(address))


def mailbox_index(address: str) -> str:
    """A keyed hash of the inbox, 64 hex digits, for counting. `blind_index` identifies people; this does not."""
    return keyed_hash("mailbox", mailbox_of(address))


def limit_index(address: str) -> str | None:
    """What the limits on emails to this address count by, if that is not its own blind index.

    For a tagged address it is shared by all tagged spellings; for `a.d.a@gmail.com` it is the index of `ada@gmail.com`.
    """
    name, domain = _split(address)
    if mailbox_of(address) != f"{name}{domain}":
        return mailbox_index(address)
    return None if one_spelling(address) == f"{name}{domain}" else blind_index(f"{name}{domain}")


def limit_key(address: str) -> str:
    """What a limit on emails to a typed address counts by."""
    return limit_index(address) or blind_index(address)


def is_tagged(address: str) -> bool:
    return limit_index(address) == mailbox_index(address)


def is_one_persons(address: str) -> bool:
    """Whether all spellings of this inbox certainly belong to the same person."""
    return mailbox_of(address).rpartition("@")[2] in TAGS_ARE_ONE_PERSONS


def _split(address):
    """The local part, with its +tag, and "@domain" as the provider reads them."""
    local, at, domain = one_spelling(address).rpartition("@")
    if domain in IGNORES_DOTS:
        name, plus, tag = local.partition("+")
        local, domain = f"{name.replace('.', '') or name}{plus}{tag}", IGNORES_DOTS[domain]
    return local, f"{at}{domain}"
