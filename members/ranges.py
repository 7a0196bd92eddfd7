"""Numbers of members as admins see them: ranges of five numbers, so that one person more or less seldom shows.

Numbers of several groups together are made from what is shown of each group, never from their members. So asking for
more combinations says nothing that the single groups don't say, and no subtraction of two of them finds a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from s4jr.mail.kinds import TOLD_FROM

BAND = TOLD_FROM


@dataclass(frozen=True)
class Range:
    """From `least` to `most` people. Its text is "10 to 14", or "fewer than 5"."""

    least: int
    most: int

    def __str__(self) -> str:
        if self.least < BAND:
            return _("fewer than %(count)d") % {"count": self.most + 1}
        return _("%(least)d to %(most)d") % {"least": self.least, "most": self.most}


def range_of(people: int) -> Range:
    """The range of five numbers that holds this one. None is in the same range as four."""
    least = people - people % BAND
    return Range(least, least + BAND - 1)


def added_up(ranges: Iterable[Range]) -> Range:
    """The range of groups together in which no one is twice."""
    ranges = list(ranges)
    return Range(sum(each.least for each in ranges), sum(each.most for each in ranges))


def at_once(ranges: Iterable[Range]) -> Range:
    """The range of groups together in which the same people may be."""
    ranges = list(ranges)
    return Range(max(each.least for each in ranges), sum(each.most for each in ranges))
