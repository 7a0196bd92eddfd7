"""What the preview of an import shows: the first people as they would be saved, and how the file was read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext

from chapters.regions import place_name
from members.applications.ways_to_help import ways_in_words
from members.import_export.columns import MEANINGS
from members.import_export.importer import Line, ReadList
from members.models import Member
from s4jr.tables.days import DayOrder

PEOPLE_SHOWN = 3


class Person(NamedTuple):
    """A line as it would be saved: its number, and pairs (what it is, value in words) without empty values."""

    row: int
    values: list[tuple[str, str]]


def first_people(read: ReadList) -> list[Person]:
    first = read.usable[:PEOPLE_SHOWN]
    return [Person(line.row, [(name, value) for name, value in _in_words(line) if value]) for line in first]


def _in_words(line: Line) -> Iterator[tuple[str, str]]:
    """The unsaved member gives the labels of the choices."""
    member = Member(**line.answers)
    values: dict[str, Any] = {
        "name": member.name,
        "email": member.email,
        "contact": member.get_contact_display(),
        "pronouns": member.pronouns,
        "region": place_name(member.country, member.region),
        "language": member.language_name,
        "newsletter": gettext("Yes") if member.newsletter else gettext("No"),
        "ways_to_help": ways_in_words(member.ways_to_help),
        "joined": date_format(member.received_on),
    }
    return ((str(MEANINGS[name]), str(value)) for name, value in values.items())


def notes_on(read: ReadList, encoding: str) -> list[str]:
    """What an admin should know about how the file was read."""
    notes = []
    if encoding in ("cp1252", "mac_roman"):
        notes.append(gettext("The file doesn’t say how it writes accents. Check that the names below look right."))
    if read.table.header_row > 1:
        said = gettext("The titles of the columns are in line %d. The lines above it are not read.")
        notes.append(said % read.table.header_row)
    if read.day_order == DayOrder.DAY_FIRST:
        notes.append(gettext("The dates in the list begin with the day."))
    if read.day_order == DayOrder.MONTH_FIRST:
        notes.append(gettext("The dates in the list begin with the month."))
    return notes
