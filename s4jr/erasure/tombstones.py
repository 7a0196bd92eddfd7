"""Remembers who was erased, in the database and in a file.

A restored backup knows nothing of later erasures. So every number is also written to ERASURES_FILE, which is kept apart
from the database; `reapply_erasures` reads both. A line is a number and a day, nothing else.
"""

import fcntl
import logging
import os
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import timezone

from s4jr.erasure.models import Tombstone

logger = logging.getLogger(__name__)
#: A number with the prefix of its model, such as `C-4F2A91` or `W4F2A91`.
NUMBER = re.compile(r"(?:[A-Z]-|W)?[0-9A-F]{6}")
BYTE_ORDER_MARK = "\ufeff"  # some editors on Windows write it


def remember(numbers: Iterable[str], day: date) -> None:
    """Store a tombstone for each of these numbers, in the transaction of their erasure, and write it to the file."""
    days = dict.fromkeys(numbers, day)
    keep(days)
    # Before the commit: after a restore, an extra number does less harm than a missing one.
    note_beside(days)


def keep(days: dict[str, date]) -> None:
    """Store `{number: day}` in the database; existing numbers keep their day.

    Sorted: two runs that store the same numbers in another order would end in a deadlock.
    """
    stones = [Tombstone(number=number, erased_on=day) for number, day in sorted(days.items())]
    Tombstone.objects.bulk_create(stones, batch_size=1000, ignore_conflicts=True)


def all_remembered() -> dict[str, date]:
    """{number: day} of every tombstone in the database."""
    return dict(Tombstone.objects.order_by("erased_on", "number").values_list("number", "erased_on"))


# --- the file


def lines(days: dict[str, date]) -> str:
    """`{number: day}` in the format of the file, one number per line."""
    return "".join(f"{number} {day.isoformat()}\n" for number, day in days.items())


def read(text: str) -> tuple[dict[str, date], int]:
    """({number: day}, how many lines were invalid) of what `lines` wrote."""
    days, strange = {}, 0
    for line in filter(None, map(str.strip, text.removeprefix(BYTE_ORDER_MARK).splitlines())):
        number, _, day = line.partition(" ")
        try:
            days[_known(number)] = date.fromisoformat(day)
        except ValueError:
            strange += 1
    return days, strange


def _known(number):
    if not NUMBER.fullmatch(number):
        raise ValueError(number)
    return number


def beside() -> str:
    """The content of the file, or "" if it does not exist."""
    try:
        return Path(settings.ERASURES_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def note_beside(days: dict[str, date]) -> None:
    """Append these to the file. An unwritable file stops no erasure: `purge` adds what is missing later."""

    def add(file):
        file.seek(0, os.SEEK_END)
        file.write(lines(days))

    if days:
        _alone_with_the_file(add)


def tidy_beside() -> None:
    """Bring the file up to date: add what the database knows, and remove what is older than any backup."""
    oldest = timezone.now().date() - timedelta(days=settings.TOMBSTONE_DAYS)
    remembered = all_remembered()

    def tidy(file):
        there, _strange = read(file.read())
        kept = {number: day for number, day in (remembered | there).items() if day > oldest}
        if kept != there:
            file.seek(0)
            file.write(lines(kept))
            file.truncate()

    _alone_with_the_file(tidy)


def _alone_with_the_file(change: Callable[[TextIO], None]) -> None:
    """Change the file under a lock; it is on disk when this returns."""
    try:
        number = os.open(settings.ERASURES_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        with open(number, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            change(file)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as error:
        logger.error("ERASURES_FILE cannot be written (%s): a restored backup would not know", type(error).__name__)
