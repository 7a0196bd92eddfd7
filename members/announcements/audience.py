"""Whom an announcement is for, who of them is passed over, and why. One definition counts them and finds them."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from chapters.regions import place_name
from members.models.member import Member
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.kinds import TO_MANY, TOLD_FROM
from s4jr.mail.models import Suppression

NO_EMAILS = "no_emails"
STOPPED = "stopped"
PAUSED = "paused"
NO_NEWS = "no_news"
TWICE = "twice"
#: Why somebody is passed over. Whoever has several reasons is counted under the first of them.
WHY = {
    NO_EMAILS: _("asked us never to email, or gave no address"),
    STOPPED: _("emails or news are stopped, or the address doesn’t exist"),
    PAUSED: _("paused"),
    NO_NEWS: _("didn’t ask for news"),
    TWICE: _("has the same address as someone else"),
}


class Recipient(NamedTuple):
    """Somebody who gets the email. `pk` rises from one to the next: it says how far the sending has got."""

    pk: int
    to: str
    about: str
    language: str
    is_discreet: bool


@dataclass(frozen=True)
class Reach:
    """How many get the email, how many of them in its discreet form, and how many are passed over by reason."""

    getting: int
    discreet: int
    passed_over: list

    @property
    def is_of_few(self):
        """Whether it is for somebody, and for so few that numbers are not shown."""
        return 0 < self.getting + sum(count for _why, count in self.passed_over) < TOLD_FROM


def audience_of(announcement):
    """Whom an announcement is for: `.reach()`, `.next(after, limit)` as Recipients, `.left(after)` as a number."""
    is_for_users = announcement.audience == announcement.Audience.REPRESENTATIVES
    return Representatives() if is_for_users else Members(announcement)


def in_words(announcement):
    """Whom an announcement is for, for people: "the members of a state, province or country: Ontario, English"."""
    audiences = announcement.Audience
    where = {
        audiences.REGION: place_name(announcement.country, announcement.region),
        audiences.CHAPTER: str(announcement.chapter or ""),
    }.get(announcement.audience)
    whom = f"{announcement.get_audience_display()}: {where}" if where else announcement.get_audience_display()
    language = dict(settings.LANGUAGES).get(announcement.language)
    return f"{whom}, {language}" if language else whom


class Members:
    """Those who were welcomed: of a place, of a chapter, or all who asked for news."""

    def __init__(self, announcement):
        self.announcement = announcement

    def reach(self):
        """The Reach of this moment, in one query."""
        sorted_out = self._sorted_out().order_by().values("passed_over")
        counted = sorted_out.annotate(people=Count("pk"), discreet=Count("pk", filter=Q(contact="discreet")))
        found = {row["passed_over"]: row for row in counted}
        getting = found.pop("", {"people": 0, "discreet": 0})
        passed_over = _in_words({reason: row["people"] for reason, row in found.items()})
        return Reach(getting["people"], getting["discreet"], passed_over)

    def left(self, after):
        return self._getting(after).count()

    def next(self, after, limit):
        """Recipients, locked until the transaction ends: who pauses or leaves meanwhile is either not here, or finds
        the email written and calls it back."""
        getting = self._getting(after).select_for_update(no_key=True).order_by("pk")[:limit]
        try:
            return [self._recipient(member) for member in getting.only("number", "email", "contact", "language")]
        except DecryptionError:
            return [self._opened(member) for member in getting.only("number", "contact", "language")]

    def _opened(self, member):
        """The Recipient; where their address does not open any more one without it, so that the others get theirs."""
        try:
            return self._recipient(member)
        except DecryptionError:
            return self._recipient(member, to="")

    def _recipient(self, member, to=None):
        to = member.email if to is None else to
        return Recipient(member.pk, to, member.about, member.language, member.is_discreet)

    def _getting(self, after):
        return self._sorted_out().filter(passed_over="", pk__gt=after)

    def _sorted_out(self):
        """The members it is for, each with the reason to pass them over, or "" for none."""
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

    def _circle(self):
        about, circle = self.announcement, Member.objects.filter(status=Member.Status.APPROVED)
        if about.language:
            circle = circle.filter(language=about.language)
        if about.audience == about.Audience.CHAPTER:
            return circle.filter(chapter=about.chapter_id)
        if about.audience == about.Audience.REGION:
            return circle.filter(region=about.region) if about.region else circle.filter(country=about.country)
        return circle


class Representatives:
    """Those who serve today, each once, at the address they left with their sign-in. They are few: all are opened."""

    def reach(self):
        """The Reach of this moment."""
        found = Counter(reason for _, reason in self._sorted_out())
        return Reach(found.pop("", 0), 0, _in_words(found))

    def left(self, after):
        return len(self._getting(after))

    def next(self, after, limit):
        return self._getting(after)[:limit]

    def _getting(self, after):
        return [
            Recipient(user.pk, user.address, f"user {user.pk}", settings.LANGUAGE_CODE, is_discreet=False)
            for user, reason in self._sorted_out()
            if not reason and user.pk > after
        ]

    def _sorted_out(self):
        """Pairs of user and reason to pass them over, in the order of their primary keys."""
        serving = Representative.objects.serving().values("user")
        users = list(get_user_model().objects.filter(pk__in=serving).order_by("pk"))
        addresses = [readable(user, "address") for user in users]
        indexes = [blind_index(address) if address else "" for address in addresses]
        stopped, seen = Suppression.objects.among(indexes, TO_MANY), set()
        for user, index in zip(users, indexes, strict=True):
            yield user, self._reason(index, stopped, seen)
            seen.add(index)

    def _reason(self, index, stopped, seen):
        if not index:
            return NO_EMAILS
        if index in stopped:
            return STOPPED
        return TWICE if index in seen else ""


def _in_words(counts):
    return [(WHY[reason], counts[reason]) for reason in WHY if counts.get(reason)]
