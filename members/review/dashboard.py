"""What waits for a person, for the admin's first page and the digest: counts by kind, and the oldest day.

A user sees only kinds they have the permission for. Everything here is a count, without names or text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy

from chapters.models import ConversationMessage, RepresentativeMessage, VolunteerOffer
from chapters.representatives.reachability import (
    EmailState,
    email_states,
    stops_at_admins,
    stops_at_representatives,
    terms_without_address,
)
from members.inquiries.permissions import reads_any_topic, topics_read
from members.models import Inquiry, Member
from members.review.statistics import WeekStatistics, week_statistics
from s4jr.accounts.models import User
from s4jr.accounts.requests import SignedInRequest
from s4jr.providers import Section

if TYPE_CHECKING:
    from django.utils.functional import StrPromise


@dataclass(frozen=True)
class Kind:
    """One kind of work: who may see it, which rows, the field with its start date, and where to go.

    `said` has one `%(count)d`. `since` is the name of the date field from which the days are counted.
    """

    may_read: Callable[[User], bool]
    rows: Callable[[User, date], QuerySet]
    since: str
    said: "StrPromise"
    changelist: str
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.changelist}_changelist") + self.query


@dataclass(frozen=True)
class Waiting:
    """How many rows of one kind wait, and the age of the oldest in whole days; negative for a future date."""

    count: int
    days: int
    kind: Kind

    @property
    def url(self) -> str:
        return self.kind.url

    @property
    def said(self) -> str:
        return self.kind.said % {"count": self.count}

    @property
    def age(self) -> str:
        if self.days == 0:
            return gettext("since today")
        if self.days < 0:
            return ngettext("due in %(days)d day", "due in %(days)d days", -self.days) % {"days": -self.days}
        return ngettext("the oldest for %(days)d day", "the oldest for %(days)d days", self.days) % {"days": self.days}


def _has(right: str) -> Callable[[User], bool]:
    return lambda user: user.has_perm(right)


_applications, _messages = _has("members.change_member"), _has("chapters.take_over")
_terms = _has("chapters.change_representative")
_users = _has("accounts.change_user")
_offers, _reports = _has("chapters.change_volunteeroffer"), _has("chapters.settle_reports")

KINDS = (
    Kind(
        _applications,
        lambda user, today: Member.objects.undecided(),
        "received_on",
        ngettext_lazy("%(count)d application to review", "%(count)d applications to review", "count"),
        "members_member",
    ),
    Kind(
        _applications,
        lambda user, today: Member.objects.exclude(flag_reason=""),
        "received_on",
        ngettext_lazy(
            "%(count)d application flagged as possible spam", "%(count)d applications flagged as possible spam", "count"
        ),
        "members_member",
        "?status=all&flagged=1",
    ),
    Kind(
        _applications,
        lambda user, today: Member.objects.next_steps_due(today),
        "next_step_on",
        ngettext_lazy(
            "%(count)d next step that we promised to someone asked to leave",
            "%(count)d next steps that we promised to people asked to leave",
            "count",
        ),
        "members_member",
        "?status=membership_ended",
    ),
    Kind(
        reads_any_topic,
        lambda user, today: Inquiry.objects.readable_by(user).waiting(),
        "last_word_on",
        ngettext_lazy("%(count)d inquiry to answer", "%(count)d inquiries to answer", "count"),
        "members_inquiry",
    ),
    Kind(
        reads_any_topic,
        lambda user, today: Inquiry.objects.readable_by(user).flagged(),
        "received_on",
        ngettext_lazy(
            "%(count)d inquiry flagged as possible spam", "%(count)d inquiries flagged as possible spam", "count"
        ),
        "members_inquiry",
        "?state=all&flagged=1",
    ),
    Kind(
        _messages,
        lambda user, today: RepresentativeMessage.objects.unread_for_a_week(today),
        "last_word_on",
        ngettext_lazy(
            "%(count)d message that a representative has not read for a week",
            "%(count)d messages that representatives have not read for a week",
            "count",
        ),
        "chapters_representativemessage",
    ),
    Kind(
        _messages,
        lambda user, today: RepresentativeMessage.objects.flagged(),
        "received_on",
        ngettext_lazy(
            "%(count)d message to a representative flagged as possible spam",
            "%(count)d messages to representatives flagged as possible spam",
            "count",
        ),
        "chapters_representativemessage",
        "?flagged=1",
    ),
    Kind(
        _messages,
        lambda user, today: RepresentativeMessage.objects.taken_over().filter(state=RepresentativeMessage.State.OPEN),
        "last_word_on",
        ngettext_lazy(
            "%(count)d message that the coalition took over, to answer",
            "%(count)d messages that the coalition took over, to answer",
            "count",
        ),
        "chapters_representativemessage",
    ),
    Kind(
        _reports,
        lambda user, today: ConversationMessage.objects.waiting_reports(),
        "reported_on",
        ngettext_lazy("%(count)d report to look into", "%(count)d reports to look into", "count"),
        "chapters_conversationmessage",
    ),
    Kind(
        _offers,
        lambda user, today: VolunteerOffer.objects.waiting(),
        "received_on",
        ngettext_lazy("%(count)d volunteer offer to answer", "%(count)d volunteer offers to answer", "count"),
        "chapters_volunteeroffer",
    ),
    Kind(
        _offers,
        lambda user, today: VolunteerOffer.objects.flagged().filter(state=VolunteerOffer.State.WAITING),
        "received_on",
        ngettext_lazy(
            "%(count)d volunteer offer flagged as possible spam",
            "%(count)d volunteer offers flagged as possible spam",
            "count",
        ),
        "chapters_volunteeroffer",
        "?flagged=1",
    ),
    Kind(
        _offers,
        lambda user, today: VolunteerOffer.objects.to_talk_with(),
        "decided_on",
        ngettext_lazy(
            "%(count)d person to talk with about their offer, within two weeks of our email",
            "%(count)d people to talk with about their offers, within two weeks of our email",
            "count",
        ),
        "chapters_volunteeroffer",
        "?state=to_talk_with",
    ),
    Kind(
        _terms,
        lambda user, today: stops_at_representatives(),
        "created_on",
        ngettext_lazy(
            "%(count)d representative to talk with: emails to them are stopped",
            "%(count)d representatives to talk with: emails to them are stopped",
            "count",
        ),
        "chapters_representative",
        "?email=no",
    ),
    Kind(
        _terms,
        lambda user, today: terms_without_address(),
        "begins_on",
        ngettext_lazy(
            "%(count)d representative without an email address",
            "%(count)d representatives without an email address",
            "count",
        ),
        "chapters_representative",
        "?email=no",
    ),
    Kind(
        _users,
        lambda user, today: stops_at_admins(),
        "created_on",
        ngettext_lazy(
            "%(count)d admin to talk with: emails to them are stopped",
            "%(count)d admins to talk with: emails to them are stopped",
            "count",
        ),
        "accounts_user",
        "?email=no",
    ),
)


def waiting_for(user: User, today: date | None = None) -> list[Waiting]:
    """Returns one `Waiting` for each kind with rows that this user may see, in the order of KINDS."""
    today = today or timezone.now().date()
    found = (_waiting(kind, kind.rows(user, today), today) for kind in KINDS if kind.may_read(user))
    return [waiting for waiting in found if waiting.count]


def _waiting(kind: Kind, rows: QuerySet, today: date) -> Waiting:
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(kind.since))
    return Waiting(found["count"], (today - found["oldest"]).days if found["oldest"] else 0, kind)


@dataclass(frozen=True)
class Dashboard(Section):
    """The dashboard of one user: their own email state, what waits for them, and the week if they review.

    `own_emails` is an `EmailState`. `week` is None for a user who doesn't review applications. `unread_topics` names
    the topics that the contact form leaves out, for users who may grant the right to read them.
    """

    own_emails: EmailState
    waiting: list[Waiting]
    week: WeekStatistics | None
    unread_topics: list[str]


def admin_dashboard(request: SignedInRequest) -> Dashboard:
    """The dashboard on the admin's first page."""
    user = request.user
    week = week_statistics() if _applications(user) else None
    own_emails = email_states([user])[user.pk]
    unread = _unread_topics() if _users(user) else []
    return Dashboard("admin/members/_dashboard.html", own_emails, waiting_for(user), week, unread)


def _unread_topics() -> list[str]:
    read = topics_read()
    return [str(topic.label) for topic in Inquiry.Topic if topic not in read]
