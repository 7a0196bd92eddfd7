"""Who an announcement is for, who is skipped, and why. The same definition counts and finds them."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from chapters.regions import place_name
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
class Reach:
    """How many get the email, how many of those in the discreet version, and how many are skipped by reason."""

    getting: int
    discreet: int
    passed_over: "list[tuple[StrPromise, int]]"

    @property
    def is_of_few(self) -> bool:
        """Whether the audience is not empty, but so small that numbers are hidden."""
        return 0 < self.getting + sum(count for _why, count in self.passed_over) < TOLD_FROM


def audience_of(announcement: "Announcement") -> "Members | Representatives":
    """The audience of an announcement: `.reach()`, `.next(after, limit)` as Recipients, `.left(after)` as a count."""
    is_for_users = announcement.audience == announcement.Audience.REPRESENTATIVES
    return Representatives() if is_for_users else Members(announcement)


def in_words(announcement: "Announcement") -> str:
    """The audience in words, such as "the members of a state, province or country: Ontario, English"."""
    audiences = announcement.Audience
    places: dict[str, str] = {
        audiences.REGION: place_name(announcement.country, announcement.region),
        audiences.CHAPTER: str(announcement.chapter or ""),
    }
    where = places.get(announcement.audience)
    whom = f"{announcement.get_audience_display()}: {where}" if where else announcement.get_audience_display()
    language = dict(settings.LANGUAGES).get(announcement.language)
    return f"{whom}, {language}" if language else whom


class Members:
    """Approved members: of a place, of a chapter, or all who asked for news."""

    def __init__(self, announcement: "Announcement") -> None:
        self.announcement = announcement

    def reach(self) -> Reach:
        """The current Reach, in one query."""
        sorted_out = self._sorted_out().order_by().values("passed_over")
        counted = sorted_out.annotate(people=Count("pk"), discreet=Count("pk", filter=Q(contact="discreet")))
        found = {row["passed_over"]: row for row in counted}
        getting = found.pop("", {"people": 0, "discreet": 0})
        passed_over = _in_words({reason: row["people"] for reason, row in found.items()})
        return Reach(getting["people"], getting["discreet"], passed_over)

    def left(self, after: int) -> int:
        return self._getting(after).count()

    def next(self, after: int, limit: int) -> list[Recipient]:
        """The next Recipients, with their rows locked until the transaction ends.

        A member who pauses or leaves at the same time is either not among them, or finds the email queued and cancels
        it.
        """
        getting = self._getting(after).select_for_update(no_key=True).order_by("pk")[:limit]
        try:
            return [self._recipient(member) for member in getting.only("number", "email", "contact", "language")]
        except DecryptionError:
            return [self._opened(member) for member in getting.only("number", "contact", "language")]

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
        stopped = Suppression.objects.holding_for(TO_MANY).filter(to_index=OuterRef("email_index"))
        reasons = {
            NO_EMAILS: Q(contact=Member.Contact.NONE) | Q(email_index=None),
            STOPPED: Exists(stopped),
            PAUSED: Q(paused_at__isnull=False),
        }
        if self.announcement.audience == self.announcement.Audience.NEWS:
            reasons[NO_NEWS] = Q(newsletter=False)
        cases = [When(condition, then=Value(reason)) for reason, condition in reasons.items()]
        return self._circle().annotate(passed_over=Case(*cases, default=Value("")))

    def _circle(self) -> MemberQuerySet:
        about, circle = self.announcement, Member.objects.filter(status=Member.Status.APPROVED)
        if about.language:
            circle = circle.filter(language=about.language)
        if about.audience == about.Audience.CHAPTER:
            return circle.filter(chapter=about.chapter_id)
        if about.audience == about.Audience.REGION:
            return circle.filter(region=about.region) if about.region else circle.filter(country=about.country)
        return circle


class Representatives:
    """Serving representatives, each once, at the address of their account. They are few, so all are decrypted."""

    @decrypts_unshown
    def reach(self) -> Reach:
        """The current Reach."""
        found = Counter(reason for _, reason in self._sorted_out())
        return Reach(found.pop("", 0), 0, _in_words(found))

    @decrypts_unshown
    def left(self, after: int) -> int:
        return len(self._getting(after))

    def next(self, after: int, limit: int) -> list[Recipient]:
        return self._getting(after)[:limit]

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


def _in_words(counts: Mapping[str, int]) -> "list[tuple[StrPromise, int]]":
    return [(WHY[reason], counts[reason]) for reason in WHY if counts.get(reason)]
