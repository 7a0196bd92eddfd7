"""Remembering who was erased, in the database and beside it.

A restored backup knows nothing of those who went after it was made. So every number is also written to ERASURES_FILE,
which is kept apart from the database; `reapply_erasures` reads both. A line is a number and a day, nothing else.
"""

import fcntl
import logging
import os
import re
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from s4jr.erasure.models import Tombstone

logger = logging.getLogger(__name__)
#: What a number looks like, with the mark of its model before it, such as `C-4F2A91` or `W4F2A91`.
NUMBER = re.compile(r"(?:[A-Z]-|W)?[0-9A-F]{6}")
BYTE_ORDER_MARK = "\ufeff"  # editors on Windows put it before a text


def remember(numbers, day):
    """Keep a tombstone for each of these numbers, in the transaction of their erasing, and note it beside."""
    days = dict.fromkeys(numbers, day)
    keep(days)
    # Before the commit: a number too many does less harm after a restore than one too few.
    note_beside(days)


def keep(days):
    """Put `{number: day}` into the database; what is there keeps its day."""
    stones = [Tombstone(number=number, erased_on=day) for number, day in days.items()]
    Tombstone.objects.bulk_create(stones, batch_size=1000, ignore_conflicts=True)


def all_remembered():
    """{number: day} of every tombstone in the database."""
    return dict(Tombstone.objects.order_by("erased_on", "number").values_list("number", "erased_on"))


# --- the file


def lines(days):
    """`{number: day}` as the file holds it, one number a line."""
    return "".join(f"{number} {day.isoformat()}\n" for number, day in days.items())


def read(text):
    """({number: day}, how many lines were not understood) of what `lines` wrote."""
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


def beside():
    """What the file says, or nothing where there is none."""
    try:
        return Path(settings.ERASURES_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def note_beside(days):
    """Write these to the file. A file that cannot be written holds up no erasing: `purge` writes what is missing."""

    def add(file):
        file.seek(0, os.SEEK_END)
        file.write(lines(days))

    if days:
        _alone_with_the_file(add)


def tidy_beside():
    """Bring the file up to date: what the database knows is in it, what is older than any backup is not."""
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


def _alone_with_the_file(change):
    """Change the file while no other process does; on the disk before this returns."""
    try:
        number = os.open(settings.ERASURES_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        with open(number, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            change(file)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as error:
        logger.error("ERASURES_FILE cannot be written (%s): a restored backup would not know", type(error).__name__)
