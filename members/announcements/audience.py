"""Who an announcement is for, who is skipped, and why. The same definition counts and finds them."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from chapters.regions import country_of
from members.applications.ways_to_help import pks_offering
from members.models.member import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.kinds import TO_MANY, TOLD_FROM
from s4jr.mail.models import Suppression

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

    from members.models.announcement import Announcement

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


class Recipient(NamedTuple):
    """One person who gets the email. `pk` increases from one to the next and marks the progress of sending."""

    pk: int
    to: str
    about: str
    language: str
    is_discreet: bool


@dataclass(frozen=True)
class Portion:
    """The next recipients, the primary key after which the portion that follows begins, and whether none follows."""

    recipients: list[Recipient]
    reached: int
    is_last: bool


@dataclass(frozen=True)
class Reach:
    """How many get the email, how many of those in the discreet version, and how many are skipped by reason.

    `has_small_group`: one of several chosen places or ways to help, the rest of a country, or the readers of one
    language are so few that numbers are hidden. Otherwise the numbers with them and without would tell about a person.
    """

    getting: int
    discreet: int
    skipped: dict[str, int]
    has_small_group: bool = False

    @property
    def passed_over(self) -> "list[tuple[StrPromise, int]]":
        return skipped_in_words(self.skipped)

    @property
    def is_of_few(self) -> bool:
        """Whether the audience is not empty, but so small that numbers are hidden."""
        return self.has_small_group or is_small(self.getting + sum(self.skipped.values()))

    @property
    def reaches_enough(self) -> bool:
        return self.getting >= TOLD_FROM


def is_small(people: int) -> bool:
    return 0 < people < TOLD_FROM


def skipped_in_words(skipped: Mapping[str, int]) -> "list[tuple[StrPromise, int]]":
    """Pairs of reason and count, of the counts by key of WHY that are not zero."""
    return [(WHY[reason], skipped[reason]) for reason in WHY if skipped.get(reason)]


def audience_of(announcement: "Announcement") -> "Members | Representatives":
    """The audience of an announcement: `.reach()`, `.next(after, limit)` as a Portion, `.left(after)` as a count."""
    audiences = announcement.Audience
    kinds: dict[str, type[Members]] = {
        audiences.PLACES: MembersOfPlaces, audiences.CHAPTER: MembersOfChapter, audiences.WAYS: MembersOffering
    }  # fmt: skip
    if announcement.audience == audiences.REPRESENTATIVES:
        return Representatives()
    return kinds.get(announcement.audience, MembersWhoAskedForNews)(announcement)


class Members:
    """Approved members. Subclasses say which (`_in_any_language`), and may split them into groups."""

    def __init__(self, announcement: "Announcement") -> None:
        self.announcement = announcement

    def reach(self) -> Reach:
        """The current Reach, in one query; one more if it is for readers of one language."""
        counted = self._sorted_out().order_by().values("passed_over")
        rows = list(counted.annotate(people=Count("pk"), discreet=Count("pk", filter=Q(contact="discreet"))))
        return self._reach_of(rows)

    def left(self, after: int) -> int:
        return self._getting(after).count()

    def next(self, after: int, limit: int) -> Portion:
        """The next Portion, with its rows locked until the transaction ends.

        A member who pauses or leaves at the same time is either not among them, or finds the email queued and cancels
        it.
        """
        getting = self._getting(after).select_for_update(no_key=True).order_by("pk")[:limit]
        try:
            found = [self._recipient(member) for member in getting.only("number", "email", "contact", "language")]
        except DecryptionError:
            found = [self._opened(member) for member in getting.only("number", "contact", "language")]
        return Portion(found, found[-1].pk if found else after, len(found) < limit)

    def _reach_of(self, rows: Iterable[dict[str, Any]], has_small_group: bool = False) -> Reach:
        """The Reach of counts by reason: dicts with `passed_over`, `people` and `discreet`."""
        people, discreet = Counter[str](), 0
        for row in rows:
            people[row["passed_over"]] += row["people"]
            discreet += 0 if row["passed_over"] else row["discreet"]
        return Reach(people.pop("", 0), discreet, dict(people), has_small_group or self._has_small_language())

    def _has_small_language(self) -> bool:
        return bool(self.announcement.language) and any(map(is_small, self._readers_of_each_language()))

    def _readers_of_each_language(self) -> Iterable[int]:
        counted = self._in_any_language().order_by().values("language").annotate(people=Count("pk"))
        return counted.values_list("people", flat=True)

    def _opened(self, member: Member) -> Recipient:
        """The Recipient, without an address if it can't be decrypted, so that the others still get theirs."""
        try:
            return self._recipient(member)
        except DecryptionError:
            return self._recipient(member, to="")

    def _recipient(self, member: Member, to: str | None = None) -> Recipient:
        to = member.email if to is None else to
        return Recipient(member.pk, to, member.about, member.language, member.is_discreet)

    def _getting(self, after: int) -> MemberQuerySet:
        return self._sorted_out().filter(passed_over="", pk__gt=after)

    def _sorted_out(self) -> MemberQuerySet:
        """The audience, each with the reason to skip them as `passed_over`, or ""."""
        cases = [When(condition, then=Value(reason)) for reason, condition in self._reasons().items()]
        return self._circle().annotate(passed_over=Case(*cases, default=Value("")))

    def _reasons(self) -> dict[str, Any]:
        stopped = Suppression.objects.holding_for(TO_MANY).filter(to_index=OuterRef("email_index"))
        return {
            NO_EMAILS: Q(contact=Member.Contact.NONE) | Q(email_index=None),
            STOPPED: Exists(stopped),
            PAUSED: Q(paused_at__isnull=False),
        }

    def _circle(self) -> MemberQuerySet:
        language, people = self.announcement.language, self._in_any_language()
        return people.filter(language=language) if language else people

    def _in_any_language(self) -> MemberQuerySet:
        return Member.objects.filter(status=Member.Status.APPROVED)


class MembersWhoAskedForNews(Members):
    def _reasons(self) -> dict[str, Any]:
        return {**super()._reasons(), NO_NEWS: Q(newsletter=False)}


class MembersOfChapter(Members):
    def _in_any_language(self) -> MemberQuerySet:
        return super()._in_any_language().filter(chapter=self.announcement.chapter_id)


class MembersOfPlaces(Members):
    """Members of any of several regions and whole countries."""

    def reach(self) -> Reach:
        counted = self._sorted_out().order_by().values("passed_over", "country", "region")
        rows = list(counted.annotate(people=Count("pk"), discreet=Count("pk", filter=Q(contact="discreet"))))
        groups = Counter[str]()
        for row in rows:
            for place in {row["country"], row["region"]} & set(self._places()):
                groups[place] += row["people"]
        return self._reach_of(rows, any(map(is_small, [*groups.values(), *self._elsewhere()])))

    def _elsewhere(self) -> Iterable[int]:
        """How many are in the rest of each country of which only regions are chosen."""
        chosen = set(self._places())
        countries = {country_of(code) for code in chosen} - chosen
        rest = super()._in_any_language().filter(country__in=countries).exclude(region__in=chosen)
        return rest.order_by().values("country").annotate(people=Count("pk")).values_list("people", flat=True)

    def _places(self) -> list[str]:
        return self.announcement.places.split()

    def _in_any_language(self) -> MemberQuerySet:
        return super()._in_any_language().filter(Q(region__in=self._places()) | Q(country__in=self._places()))


class MembersOffering(Members):
    """Members who offered one of several ways to help. Their answers are encrypted: each is decrypted and dropped."""

    def reach(self) -> Reach:
        """The current Reach, in one query for each way to help and one for the members."""
        groups = [set(pks_offering({way}, self._circle())) for way in self._ways()]
        offering = set[int]().union(*groups)
        people = self._sorted_out().order_by().values_list("pk", "passed_over", "contact")
        rows = [
            {"passed_over": reason, "people": 1, "discreet": int(contact == Member.Contact.DISCREET)}
            for pk, reason, contact in people
            if pk in offering
        ]
        return self._reach_of(rows, any(is_small(len(group)) for group in groups))

    def _readers_of_each_language(self) -> Iterable[int]:
        languages = dict(self._in_any_language().values_list("pk", "language"))
        return Counter(languages.get(pk) for pk in pks_offering(self._ways(), self._in_any_language())).values()

    def left(self, after: int) -> int:
        return len(pks_offering(self._ways(), self._getting(after)))

    def next(self, after: int, limit: int) -> Portion:
        """Looks at the next `limit` members and keeps those who offered: a Portion may be empty without being last."""
        looked_at = super().next(after, limit)
        pks = [recipient.pk for recipient in looked_at.recipients]
        offering = set(pks_offering(self._ways(), Member.objects.filter(pk__in=pks)))
        return replace(looked_at, recipients=[each for each in looked_at.recipients if each.pk in offering])

    def _ways(self) -> set[str]:
        return set(self.announcement.ways.split())


class Representatives:
    """Serving representatives, each once, at the address of their account. They are few, so all are decrypted."""

    @decrypts_unshown
    def reach(self) -> Reach:
        """The current Reach."""
        found = Counter(reason for _, reason in self._sorted_out())
        return Reach(found.pop("", 0), 0, dict(found))

    @decrypts_unshown
    def left(self, after: int) -> int:
        return len(self._getting(after))

    def next(self, after: int, limit: int) -> Portion:
        found = self._getting(after)[:limit]
        return Portion(found, found[-1].pk if found else after, len(found) < limit)

    def _getting(self, after: int) -> list[Recipient]:
        return [
            Recipient(user.pk, user.address, f"user {user.pk}", settings.LANGUAGE_CODE, is_discreet=False)
            for user, reason in self._sorted_out()
            if not reason and user.pk > after
        ]

    def _sorted_out(self) -> Iterator[tuple[User, str]]:
        """Pairs of user and reason to skip them, ordered by primary key."""
        serving = Representative.objects.serving().values("user")
        users = list(User.objects.filter(pk__in=serving).order_by("pk"))
        addresses = [readable(user, "address") for user in users]
        indexes = [blind_index(address) if address else "" for address in addresses]
        stopped, seen = Suppression.objects.among(set(indexes), TO_MANY), set[str]()
        for user, index in zip(users, indexes, strict=True):
            yield user, self._reason(index, stopped, seen)
            seen.add(index)

    def _reason(self, index: str, stopped: Container[str], seen: Container[str]) -> str:
        if not index:
            return NO_EMAILS
        if index in stopped:
            return STOPPED
        return TWICE if index in seen else ""
