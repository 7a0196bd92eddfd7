"""Which email addresses the site takes, and what is wrong with another one.

Refused, because the email would be lost without anyone hearing of it: local parts outside ASCII (each server on the way
would need SMTPUTF8, RFC 6531), quoted local parts, address literals, and names that no mail reaches.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from s4jr.email_address import (
    LONGEST,
    LONGEST_LOCAL,
    LONGEST_TYPED,
    address_on_wire,
    addresses_among,
    bare_address,
    one_spelling,
)
from s4jr.idn import LONGEST_LABEL, domain_for_people, domain_on_wire

#: Endings that are not in the public DNS, so no email gets there (RFC 6761, 6762, 7686, 9476; ICANN for `internal`).
#: `example` is reserved as well and allowed: the demonstration and the tests write to it.
UNREACHABLE = {"alt", "internal", "invalid", "local", "localdomain", "localhost", "onion", "test"}
#: A letter of one of these alphabets may look like a letter of another.
_LOOK_ALIKE = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN"}
#: RFC 5322, 3.2.3. What is not here could only be in a quoted local part.
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_ENCODED_WORD = re.compile(r"=\?|\?=")
#: Decompositions that look different from the letters that UTS 46 makes of them: ª is a key, and not a.
_OTHER_SIGNS = ("<super>", "<sub>", "<circle>", "<square>", "<fraction>")
_ENDING = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")


class Problem(NamedTuple):
    """What is wrong: a code of `s4jr.form_fields.email`, and the character or word that its message names."""

    code: str
    named: str = ""


class UnusableAddress(ValueError):
    """An address that the site does not take. `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def usable_address(typed: str) -> str:
    """The address in what was typed, its domain in its own script; "" for none. Raises UnusableAddress."""
    if len(typed) > LONGEST_TYPED:
        raise UnusableAddress(Problem("too_long"))
    if not (address := bare_address(typed)):
        return ""
    if problem := next(_problems_in(address), None):
        raise UnusableAddress(problem)
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain_for_people(domain)}"


def _problems_in(address: str) -> Iterator[Problem]:
    """The problems, the one to name first. Each may rely on the earlier ones not being there."""
    local, at, domain = address.rpartition("@")
    if not at:
        yield Problem("missing_at")
    yield from _problems_of_several(address)
    if " " in address:
        yield Problem("space")
    if any(unicodedata.category(character)[0] == "C" and character not in "\u200c\u200d" for character in address):
        yield Problem("unseen")
    if not local or not domain:
        yield Problem("missing_domain" if local else "missing_name")
    yield from _problems_before(local)
    yield from _problems_after(domain)
    if len(address_on_wire(address)) > LONGEST:
        yield Problem("too_long")


def _problems_of_several(address):
    if len({one_spelling(found) for found in addresses_among(address)}) > 1:
        yield Problem("several")
    if address.count("@") > 1:
        yield Problem("several_at")


def _problems_before(local: str) -> Iterator[Problem]:
    if wrong := _stranger_in(local):
        yield Problem("mixed", wrong)
    if wrong := next((character for character in local if not _ATOM.match(character)), ""):
        yield Problem("character_before" if wrong.isascii() or not wrong.isalpha() else "letter_before", wrong)
    if found := _ENCODED_WORD.search(local):
        yield Problem("character_before", found[0])
    if ".." in local:
        yield Problem("two_periods")
    if local.strip(".") != local:
        yield Problem("period_before")
    if len(local) > LONGEST_LOCAL:
        yield Problem("too_long_before")


def _problems_after(domain: str) -> Iterator[Problem]:
    if domain.startswith("[") or domain.replace(".", "").isdecimal():
        yield Problem("number")
    if wrong := next(filter(_is_wrong_after, domain), ""):
        yield Problem("character_after", wrong)
    if ".." in domain or domain.startswith("."):
        yield Problem("two_periods" if ".." in domain else "period_after")
    yield from _problems_of_labels(domain)
    ending = domain_on_wire(domain).rpartition(".")[2]
    if ending in UNREACHABLE:
        yield Problem("unreachable", ending)
    if "." not in domain:
        yield Problem("missing_period")
    if not _ENDING.fullmatch(ending):
        yield Problem("ending", ending)


def _is_wrong_after(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character in ".-")
    return unicodedata.decomposition(character).startswith(_OTHER_SIGNS)


def _problems_of_labels(domain: str) -> Iterator[Problem]:
    labels = domain.split(".")
    if any(label.strip("-") != label for label in labels):
        yield Problem("hyphen")
    if any(_is_too_long(label) for label in labels):
        yield Problem("too_long_after")
    try:
        shown = domain_for_people(domain)
    except UnicodeError:
        yield Problem("too_long" if all(map(_has_wire_form, labels)) else "domain", domain)
        return
    if wrong := next(filter(None, map(_stranger_in, shown.split("."))), ""):
        yield Problem("mixed", wrong)


def _is_too_long(label: str) -> bool:
    """Whether a label is too long as servers read it."""
    try:
        return len(domain_on_wire(label)) > LONGEST_LABEL
    except UnicodeError:
        return len(label.encode("punycode")) + len("xn--") > LONGEST_LABEL


def _has_wire_form(label: str) -> bool:
    try:
        return bool(domain_on_wire(label))
    except UnicodeError:
        return False


def _stranger_in(label: str) -> str:
    """The first letter of another alphabet than the rest, if it may look the same; "" if there is none."""
    alphabets = {character: _alphabet_of(character) for character in label if character.isalpha()}
    found = set(alphabets.values()) & _LOOK_ALIKE
    if len(found) < 2:
        return ""
    most = max(sorted(found), key=[alphabets[character] for character in label if character in alphabets].count)
    return next(character for character, one in alphabets.items() if one in found - {most})


def _alphabet_of(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
