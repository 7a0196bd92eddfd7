"""Searches by name and by way to help. They decrypt what they compare, so each is limited, logged and bounded.

The access log keeps the reason, the filters and the counts, and never what was typed: decision 0024.
"""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest

from members.applications.ways_to_help import pks_offering
from members.find.filters import Filters
from members.find.names import words_of
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.decryption_guard import unshown
from s4jr.crypto.fields import readable
from s4jr.security.ratelimit import client_key, spend

#: How many names a search shows; each is an opened record. If more match, it shows none.
NAMES_AT_MOST = 5
#: How many people a search by way to help lists, by number.
OFFERS_AT_MOST = 25
#: How many people one search decrypts, newest first, and how far it counts the others.
SEARCHED_AT_MOST, COUNTED_AT_MOST = 500, 10_000
#: For each admin and each kind of search, in the database: a cache could be emptied.
SEARCHES = "10/d"
#: What a list of found people shows besides the name.
SHOWN = ("number", "status", "received_on", "country", "region")


class TooManySearchesError(Exception):
    """This admin made all the searches of the day."""


@dataclass(frozen=True)
class SearchResult:
    """The people to show, newest first. `searched` of `total` were compared; `count` of them match."""

    shown: list[Member]
    count: int
    searched: int
    total: int

    @property
    def is_cut_off(self) -> bool:
        return self.searched < self.total

    @property
    def is_uncounted(self) -> bool:
        """Whether there are more people than `total`."""
        return self.total > COUNTED_AT_MOST

    @property
    def more(self) -> int:
        """How many match and are not shown."""
        return self.count - len(self.shown)


@transaction.atomic
def search_by_name(request: HttpRequest, filters: Filters, name: str, reason: str) -> SearchResult:
    """Find people by whole words of their name, and open the name of each: at most NAMES_AT_MOST, else of no one.

    Raises TooManySearchesError, or TooManyOpeningsError unless as many openings are left as a search can need: so a
    refusal says nothing about who is here.
    """
    _spend_search("name search", request)
    record_access.reserve(request.user, NAMES_AT_MOST)
    searched, total = _newest(filters)
    found = _named(searched.only("name", *SHOWN), words_of(name))
    result = SearchResult(found if len(found) <= NAMES_AT_MOST else [], len(found), min(total, SEARCHED_AT_MOST), total)
    _log_search(request, result, "name", filters, reason, is_charged=not result.shown)
    record_access.open_found(request, result.shown, ["name"], reason)
    return result


def _named(members: MemberQuerySet, words: set[str]) -> list[Member]:
    """Compares names in memory; no row keeps its name."""
    with unshown():
        return [member for member in members if words <= words_of(readable(member, "name"))]


@transaction.atomic
def search_by_ways(request: HttpRequest, filters: Filters, ways: set[str], reason: str) -> SearchResult:
    """Find people who offered one of `ways`. Shows their numbers, at most OFFERS_AT_MOST, and no encrypted field.

    Raises TooManySearchesError, or TooManyOpeningsError if the budget is spent.
    """
    _spend_search("way search", request)
    record_access.reserve(request.user, 1)
    searched, total = _newest(filters)
    pks = pks_offering(ways, searched)
    found = list(filters.among(Member.objects.filter(pk__in=pks)).only(*SHOWN)[:OFFERS_AT_MOST])
    result = SearchResult(found, len(pks), min(total, SEARCHED_AT_MOST), total)
    _log_search(request, result, "ways_to_help", filters, reason, is_charged=True)
    _log_listed(request, found, reason)
    return result


def _log_listed(request: HttpRequest, found: list[Member], reason: str) -> None:
    """One entry for each listed person, so that they can learn of it. The search was counted as a whole."""
    searched, names = AccessLog.Action.SEARCHED, ["ways_to_help"]
    log_access(who=request.user, action=searched, records=found, field_names=names, reason=reason)


def _spend_search(kind: str, request: HttpRequest) -> None:
    if not spend(kind, client_key(request), SEARCHES):
        raise TooManySearchesError


def _newest(filters: Filters) -> tuple[MemberQuerySet, int]:
    """The people that one search compares, newest first, and how many there are; COUNTED_AT_MOST + 1 if more."""
    people = filters.among(Member.objects.all())
    total = people.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()
    newest = Member.objects.filter(pk__in=people.values("pk")[:SEARCHED_AT_MOST])
    return newest.order_by("-received_on", "-pk"), total


def _log_search(
    request: HttpRequest, result: SearchResult, field_name: str, filters: Filters, reason: str, *, is_charged: bool
) -> None:
    """One entry without a record: the reason, the filters and the counts."""
    counts = f"found={result.count} searched={result.searched} of={result.total}"
    said = " ".join(filter(None, [str(filters), counts]))
    log_access(
        who=request.user,
        action=AccessLog.Action.SEARCHED,
        records=[Member()],
        field_names=[field_name],
        reason=f"{reason} [{said}]",
        budget=AccessLog.Budget.LISTS if is_charged else "",
    )
