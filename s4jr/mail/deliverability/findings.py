"""Findings: what one check found, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_QUOTE = 120


class Status(TextChoices):
    OK = "ok", _("OK")
    PROBLEM = "problem", _("Problem")
    NOTE = "note", _("Note")
    UNKNOWN = "unknown", _("Could not look")


#: Exit codes of `manage.py check_mail`: no problem; a problem; nothing found wrong, but something could not be checked.
ALL_WELL, HAS_PROBLEMS, COULD_NOT_LOOK = 0, 1, 2


@dataclass(frozen=True)
class Finding:
    """The result of one check, in the active language. `advice` is what to do, empty if there is nothing to do."""

    check: str
    status: Status
    result: str
    advice: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status == Status.OK

    @property
    def is_problem(self) -> bool:
        return self.status == Status.PROBLEM


def exit_code(findings: Iterable[Finding]) -> int:
    """A problem outweighs what could not be checked. Notes count as well."""
    found = {finding.status for finding in findings}
    if Status.PROBLEM in found:
        return HAS_PROBLEMS
    return COULD_NOT_LOOK if Status.UNKNOWN in found else ALL_WELL


def quote(text: str) -> str:
    """Text from the DNS or a mail server, safe to print: shortened, and without control or invisible characters."""
    seen = "".join(character if character.isprintable() else "�" for character in text)
    return seen if len(seen) <= LONGEST_QUOTE else f"{seen[:LONGEST_QUOTE]}…"
