"""Domain names, as they are in the DNS: lower case, ASCII, no dot at the end."""

from collections.abc import Iterator

import idna

#: RFC 9989, 4.10 (DNS Tree Walk): no more names are looked up above a domain.
MOST_PARENTS = 7


def domain_of(address: str) -> str:
    """The domain of an email address in ASCII (UTS 46); empty if it can't be one."""
    return wire_name(address.strip().rpartition("@")[2])


def wire_name(name: str) -> str:
    """A domain name in ASCII (UTS 46); empty if it can't be one. Names of records may have underscores."""
    if name.isascii():
        return name.rstrip(".").lower()
    try:
        return idna.encode(name.rstrip("."), uts46=True).decode()
    except idna.IDNAError:
        return ""


def parents_of(domain: str) -> Iterator[str]:
    """The domains above this one, the nearest first, except top-level domains."""
    labels = domain.split(".")
    for start in range(1, min(len(labels) - 1, MOST_PARENTS)):
        yield ".".join(labels[start:])


def is_within(domain: str, parent: str) -> bool:
    """Whether they are the same or one below the other."""
    return domain == parent or domain.endswith(f".{parent}")


def common_parent(one: str, other: str) -> str:
    """The nearest domain that both are within, with two labels or more; empty if there is none."""
    return next((above for above in (one, *parents_of(one)) if is_within(other, above)), "")
