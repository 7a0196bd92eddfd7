"""Counts the members once a night. Ways to help are encrypted: each is decrypted, added up, and dropped."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from members.applications.ways_to_help import WAYS_TO_HELP
from members.import_export.services import IMPORTED
from members.membership_counts.months import last_months, month_key
from members.models import Member, MembershipCount
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable

Kind = MembershipCount.Kind
FEWEST, BAND = MembershipCount.FEWEST, MembershipCount.BAND
#: How many rows are in memory while they are decrypted.
AT_ONCE = 2000


def count_membership(now: datetime | None = None) -> int:
    """Replaces the counts by those of today. Returns how many counts there are.

    Two runs at once write their rows in the same order, so that one waits for the other and neither undoes it.
    """
    now = now or timezone.now()
    counts = sorted(_counts(now))
    rows = [MembershipCount(kind=kind, key=key, count=count, counted_at=now) for kind, key, count in counts]
    with transaction.atomic():
        MembershipCount.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["count", "counted_at"]
        )
        MembershipCount.objects.filter(counted_at__lt=now).delete()
    return len(rows)


def _counts(now: datetime) -> Iterator[tuple[str, str, int]]:
    """(kind, key, count) of each group that is large enough."""
    total = Member.objects.welcomed().count()
    if total >= FEWEST:
        yield Kind.TOTAL, "", total
    yield from _in_bands(Kind.MONTH, _by_month(now.date()))
    yield from _in_bands(Kind.PLACE, _by_place())
    yield from _in_bands(Kind.WAY, _by_way())


def _in_bands(kind: str, counted: Counter[str]) -> Iterator[tuple[str, str, int]]:
    return ((kind, key, count - count % BAND) for key, count in counted.items() if count >= FEWEST)


def _by_month(today: date) -> Counter[str]:
    """How many of today's members were approved in each of the last twelve months. Imported members were not."""
    since = datetime.combine(last_months(today)[0], time.min, UTC)
    approved = Member.objects.welcomed().filter(decided_at__gte=since)
    by_month = approved.exclude(agreement_version=IMPORTED).annotate(month=TruncMonth("decided_at")).values("month")
    pairs = by_month.annotate(people=Count("pk")).order_by().values_list("month", "people")
    return Counter({month_key(month): people for month, people in pairs})


def _by_place() -> Counter[str]:
    places = Member.objects.welcomed().order_by().values("country", "region").annotate(people=Count("pk"))
    counted: Counter[str] = Counter()
    for country, region, people in places.values_list("country", "region", "people"):
        counted[region or country] += people
    return Counter({place: people for place, people in counted.items() if place})


@decrypts_unshown
def _by_way() -> Counter[str]:
    members = Member.objects.welcomed().order_by().only("number", "ways_to_help").iterator(AT_ONCE)
    return Counter(way for member in members for way in _known_ways(readable(member, "ways_to_help").split()))


def _known_ways(ways: Iterable[str]) -> set[str]:
    return set(ways) & {way for way, _label in WAYS_TO_HELP}
