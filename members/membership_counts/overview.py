"""The membership on the front page of the admin, as the nightly task counted it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from chapters.regions import country_of, place_name
from members.applications.ways_to_help import WAYS_TO_HELP
from members.membership_counts.months import last_months, month_key
from members.models import MembershipCount
from members.ranges import Range, range_of
from members.review.waiting_time import median_wait_days

Kind = MembershipCount.Kind
BAND = MembershipCount.BAND
#: The chart in pixels, so that its words are as large as those around it, also on a phone: the distance of two months,
#: where bars begin, how long the longest is, and how long one is that says "fewer than 5".
STEP, START, LONGEST, SHORTEST = 26, 44, 180, 3
WIDTH = 330


@dataclass(frozen=True)
class Bar:
    """A month of the chart: its words, where its bar is, and how long."""

    month: date
    said: str
    least: int
    y: int
    length: int

    @property
    def label(self) -> str:
        return date_format(self.month, "M")

    @property
    def start(self) -> int:
        return START

    @property
    def end(self) -> int:
        return START + self.length


@dataclass(frozen=True)
class Group:
    """How many members are in one place, or offered one way to help, in words."""

    label: str
    said: str


@dataclass(frozen=True)
class Membership:
    """`members` and `counted_at` are None before the first count, and as long as there are fewer than five.

    Everything but `members` is a range of five numbers: from several ranges and a total no one can work out how many
    are in a group that is not shown. The total is exact only for users who may read the list of members, and so can
    count it. To others it would show from one day to the next that a single person came or left. `median_days` is None
    if fewer than five applications were answered in the last 30 days.
    """

    counted_at: datetime | None
    members: int | None
    months: list[Bar]
    places: list[Group]
    ways: list[Group]
    median_days: float | None
    is_exact: bool = False

    @property
    def range(self) -> Range | None:
        """The total for users who may not read the list of members."""
        return None if self.members is None or self.is_exact else range_of(self.members)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return len(self.months) * STEP


def membership_now(today: date | None = None, *, is_exact: bool = False) -> Membership:
    """The membership of the last count, with the exact total or its range."""
    today = today or timezone.now().date()
    counts = list(MembershipCount.objects.all())
    by_kind: dict[str, dict[str, int]] = {kind: {} for kind in Kind}
    for row in counts:
        by_kind[row.kind][row.key] = row.count
    return Membership(
        counted_at=counts[0].counted_at if counts else None,
        members=by_kind[Kind.TOTAL].get(""),
        months=_bars(by_kind[Kind.MONTH], last_months(today)) if counts else [],
        places=_largest_first(by_kind[Kind.PLACE], {key: _place(key) for key in by_kind[Kind.PLACE]}),
        ways=_ways(by_kind[Kind.WAY]) if counts else [],
        median_days=median_wait_days(today),
        is_exact=is_exact,
    )


def in_words(least: int | None) -> str:
    """A range of five numbers, given the lowest; "fewer than 5" for a group that has no count."""
    return str(range_of(least or 0))


def _bars(counted: dict[str, int], months: Iterable[date]) -> list[Bar]:
    highest = max(counted.values(), default=BAND)
    return [_bar(number, month, counted.get(month_key(month), 0), highest) for number, month in enumerate(months)]


def _bar(number: int, month: date, least: int, highest: int) -> Bar:
    length = max(SHORTEST, LONGEST * least // highest)
    return Bar(month, in_words(least), least, y=number * STEP, length=length)


def _largest_first(counted: dict[str, int], labels: dict[str, str]) -> list[Group]:
    """Groups of the same range are in the order of their names: their own order would say who has more."""
    keys = sorted(counted, key=lambda key: (-counted[key], labels[key]))
    return [Group(labels[key], in_words(counted[key])) for key in keys]


def _place(code: str) -> str:
    return place_name(country_of(code), code if "-" in code else "")


def _ways(counted: dict[str, int]) -> list[Group]:
    """Every way to help: whether someone offered it is no secret, but how few did is."""
    return [Group(str(label), in_words(counted.get(way))) for way, label in WAYS_TO_HELP]
