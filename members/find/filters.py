"""The filters of the People list and of both searches. They hold codes and days, nothing that names a person."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from chapters.models import Chapter
from members.models import Member
from members.querysets import MemberQuerySet

#: How many months are listed by name. Whoever applied before is found under EARLIER.
MONTHS_LISTED = 24
EARLIER = "earlier"
EVERYONE = "all"


# --- what each filter asks


def in_place(code: str) -> Q:
    """Those in a state, province or country. A country includes everyone in its states and provinces."""
    return Q(region=code) if "-" in code else Q(country=code)


def received_in(month: str) -> Q:
    """Those who applied in a month such as "2026-11", or before the first listed one. Counts days in UTC."""
    if month == EARLIER:
        return Q(received_on__lt=_listed_months()[-1])
    first = date.fromisoformat(f"{month}-01")
    return Q(received_on__gte=first, received_on__lt=_next_month(first))


def with_status(status: str) -> Q:
    return Q() if status == EVERYONE else Q(status=status)


FILTERS: dict[str, Callable[[str], Q]] = {
    "status": with_status,
    "place": in_place,
    "chapter": lambda chapter: Q(chapter=chapter),
    "language": lambda language: Q(language=language),
    "month": received_in,
}


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to, as codes; "" is no limit."""

    status: str = ""
    place: str = ""
    chapter: str = ""
    language: str = ""
    month: str = ""

    def among(self, members: MemberQuerySet) -> MemberQuerySet:
        """The matching members, newest first."""
        chosen = [FILTERS[name](value) for name, value in self._chosen.items()]
        return members.filter(*chosen).order_by("-received_on", "-pk")

    @property
    def _chosen(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def __str__(self) -> str:
        """For the access log: `place=CA-ON month=2026-11`."""
        return " ".join(f"{name}={value}" for name, value in self._chosen.items())


# --- what can be chosen


def status_choices() -> list[tuple[str, str]]:
    return [(EVERYONE, gettext("Everyone")), *((value, str(label)) for value, label in Member.Status.choices)]


def chapter_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Chapter.objects.by_name().values_list("pk", "name")]


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def month_choices() -> list[tuple[str, str]]:
    """The latest MONTHS_LISTED months, newest first, and one choice for all before."""
    months = [(f"{first:%Y-%m}", date_format(first, "YEAR_MONTH_FORMAT")) for first in _listed_months()]
    return [*months, (EARLIER, gettext("Earlier"))]


def _listed_months() -> list[date]:
    """The first days of the listed months, newest first."""
    return list(islice(_months_back(timezone.now().date()), MONTHS_LISTED))


def _months_back(day: date) -> Iterator[date]:
    while True:
        first = day.replace(day=1)
        yield first
        day = first - timedelta(days=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
