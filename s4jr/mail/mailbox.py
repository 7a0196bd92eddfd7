"""Which mailbox an address leads to: `ada+news@…` and `ada@…` fill the same one, so limits on emails count it once."""

from s4jr.privacy.blind_index import keyed_hash, normalised

#: Providers that deliver whatever dots are in the name, by the domain their mailboxes are counted under.
IGNORES_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mailbox_of(address: str) -> str:
    """The address without its +tag; without its dots too where the provider is known to ignore them.

    Some servers treat the + as any other letter: there two mailboxes share one limit. So limits may count by this, but
    nothing is ever sent to it, and no person or application is found by it.
    """
    local, at, domain = normalised(address).rpartition("@")
    name = local.partition("+")[0] or local
    if domain in IGNORES_DOTS:
        name, domain = name.replace(".", "") or name, IGNORES_DOTS[domain]
    return f"{name}{at}{domain}"


def mailbox_index(address: str) -> str:
    """A keyed hash of the mailbox, 64 hex digits, for counting. `blind_index` identifies people; this does not."""
    return keyed_hash("mailbox", mailbox_of(address))
