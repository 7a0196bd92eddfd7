"""Who an announcement is for, who is skipped, and why. The same definition counts and finds them."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When

from chapters.models import Representative
from chapters.regions import country_of
from members.announcements.reach import NO_EMAILS, NO_NEWS, PAUSED, STOPPED, TWICE, Reach
from members.applications.ways_to_help import pks_offering
from members.models.member import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import Suppression

if TYPE_CHECKING:
    from members.models.announcement import Announcement


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


def audience_of(announcement: "Announcement") -> "Members | Representatives":
    """The audience of an announcement: `.reach()`, `.next(after, limit)` as a Portion, `.left(after)` as a count."""
    audiences = announcement.Audience
    kinds: dict[str, type[Members]] = {
        audiences.PLACES: MembersOfPlaces, audiences.CHAPTER: MembersOfChapter, audiences.WAYS: MembersOffering
    }  # fmt: skip
    if announcement.audience == audiences.REPRESENTATIVES:
        return Representatives()
    return kinds.get(announcement.audience, MembersWhoAskedForNews)(announcement)


def _reach_of(rows: Iterable[dict[str, Any]], **more: Any) -> Reach:
    """The Reach of counts by reason: dicts with `passed_over`, `people` and `discreet`."""
    people, discreet = Counter[str](), 0
    for row in rows:
        people[row["passed_over"]] += row["people"]
        discreet += 0 if row["passed_over"] else row["discreet"]
    return Reach(people.pop("", 0), discreet, dict(people), **more)


class Members:
    """Approved members. Subclasses say which (`_in_any_language`), and may split them into groups."""

    #: Whether nothing but a language can make the audience smaller.
    is_everyone = False

    def __init__(self, announcement: "Announcement") -> None:
        self.announcement = announcement

    def reach(self) -> Reach:
        """The current Reach, in one query."""
        return _reach_of(self._count_by("passed_over"), is_whole=self.is_everyone and not self.announcement.language)

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

    def _count_by(self, *fields: str) -> list[dict[str, Any]]:
        """A dict for each combination of these fields: the fields, `people` and `discreet`."""
        counted = self._sorted_out().order_by().values(*fields)
        return list(counted.annotate(people=Count("pk"), discreet=Count("pk", filter=Q(contact="discreet"))))

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
    is_everyone = True

    def _reasons(self) -> dict[str, Any]:
        return {**super()._reasons(), NO_NEWS: Q(newsletter=False)}


class MembersOfChapter(Members):
    def _in_any_language(self) -> MemberQuerySet:
        return super()._in_any_language().filter(chapter=self.announcement.chapter_id)


class MembersOfPlaces(Members):
    """Members of any of several regions and whole countries."""

    def reach(self) -> Reach:
        rows = self._count_by("passed_over", "country", "region")
        places = self._places_apart()
        parts = [_reach_of([row for row in rows if place in (row["country"], row["region"])]) for place in places]
        return _reach_of(rows, parts=tuple(parts))

    def _places_apart(self) -> list[str]:
        """The places, without regions whose country is among them."""
        places = self._places()
        return [code for code in places if code == country_of(code) or country_of(code) not in places]

    def _places(self) -> list[str]:
        return self.announcement.places.split()

    def _in_any_language(self) -> MemberQuerySet:
        return super()._in_any_language().filter(Q(region__in=self._places()) | Q(country__in=self._places()))


class MembersOffering(Members):
    """Members who offered one of several ways to help. Their answers are encrypted: each is decrypted and dropped."""

    def reach(self) -> Reach:
        """The current Reach, in one query for each way to help and one for the members."""
        groups = [set(pks_offering({way}, self._circle())) for way in self._ways()]
        people = {
            pk: {"passed_over": reason, "people": 1, "discreet": int(contact == Member.Contact.DISCREET)}
            for pk, reason, contact in self._sorted_out().order_by().values_list("pk", "passed_over", "contact")
        }
        parts = [_reach_of(people[pk] for pk in group & people.keys()) for group in groups]
        offering = set[int]().union(*groups) & people.keys()
        return _reach_of((people[pk] for pk in offering), parts=tuple(parts), may_overlap=True)

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
        return Reach(found.pop("", 0), 0, dict(found), is_whole=True)

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
