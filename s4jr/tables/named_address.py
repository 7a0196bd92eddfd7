"""Splits the cells of lists that hold a name and an address: `Ana Madeup <ana@mailbox.example>`."""

import re
from typing import NamedTuple

_NAMED = re.compile(r'\s*"?([^"<>@]*?)"?\s*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>\s*', re.IGNORECASE)


class NamedAddress(NamedTuple):
    name: str
    address: str


def split_address(cell: str) -> NamedAddress:
    """The name and the address of a cell. The name is "" if the cell holds only an address."""
    found = _NAMED.fullmatch(cell)
    return NamedAddress(found[1].strip(), found[2]) if found else NamedAddress("", cell.strip())
