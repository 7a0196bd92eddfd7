"""How many people an announcement reaches, and how much of that admins see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from members.ranges import Range, added_up, at_once, range_of
from s4jr.mail.kinds import TOLD_FROM

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

NO_EMAILS = "no_emails"
STOPPED = "stopped"
PAUSED = "paused"
NO_NEWS = "no_news"
TWICE = "twice"
#: Why a person is skipped. Someone with several reasons is counted under the first.
WHY = {
    NO_EMAILS: _("asked us never to email, or gave no address"),
    STOPPED: _("emails or news are stopped, or the address doesn’t exist"),
    PAUSED: _("paused"),
    NO_NEWS: _("didn’t ask for news"),
    TWICE: _("has the same address as someone else"),
}


@dataclass(frozen=True)
class Reach:
    """How many get the email, how many of those in the discreet version, and how many are skipped by reason.

    Pages show ranges only (`members.ranges`). `parts` are the places or ways to help of which the audience consists;
    the ranges of an audience of several are made from theirs. `may_overlap`: the same people may be in several parts.
    `is_whole`: no one chose a part of the members, so that an empty audience tells about no one.
    """

    getting: int
    discreet: int
    skipped: dict[str, int]
    parts: "tuple[Reach, ...]" = ()
    may_overlap: bool = False
    is_whole: bool = False

    @property
    def recipients(self) -> Range:
        return self._range(lambda reach: reach.getting)

    @property
    def in_discreet_version(self) -> Range:
        return self._range(lambda reach: reach.discreet)

    @property
    def passed_over(self) -> "list[tuple[StrPromise, Range]]":
        """Pairs of reason and range, without those of few people."""
        ranges = {reason: self._range(lambda reach, key=reason: reach.skipped.get(key, 0)) for reason in WHY}
        return [(WHY[reason], shown) for reason, shown in ranges.items() if shown.least]

    @property
    def is_empty(self) -> bool:
        """Whether no one would get it, if that may be shown."""
        return self.is_whole and not self.getting and not 0 < self.people < TOLD_FROM

    @property
    def is_of_few(self) -> bool:
        """Whether the audience is so small that numbers are hidden. A part of the members without anyone is, too."""
        return not self.is_empty and self._range(lambda reach: reach.people).least < TOLD_FROM

    @property
    def people(self) -> int:
        return self.getting + sum(self.skipped.values())

    def _range(self, count: "Callable[[Reach], int]") -> Range:
        if len(self.parts) < 2:
            return range_of(count(self))
        return (at_once if self.may_overlap else added_up)(range_of(count(part)) for part in self.parts)


def skipped_in_ranges(skipped: Mapping[str, int]) -> "list[tuple[StrPromise, Range]]":
    """Pairs of reason and range, of the counts by key of WHY, without those of few people."""
    return Reach(0, 0, dict(skipped)).passed_over
