"""The front page of the admin: what waits for a user, the week, the membership, and what a new site still needs.

A user sees only what they have the permission for. Everything here is a count, without names or text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Min, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from chapters.representatives.reachability import EmailState, email_states
from members.inquiries.permissions import SAFETY, SAFETY_STEP, topics_read
from members.membership_counts.overview import Membership, membership_now
from members.models import Inquiry
from members.review.statistics import WeekStatistics, week_statistics
from members.review.waiting_kinds import KINDS, MANAGES_USERS, READS_MEMBERS, REVIEWS, Kind
from s4jr.accounts.first_steps import StepState, steps_left
from s4jr.accounts.models import User
from s4jr.accounts.requests import SignedInRequest
from s4jr.providers import Section


@dataclass(frozen=True)
class Waiting:
    """How many rows of one kind wait, and the age of the oldest in whole days; negative for a future date.

    `days` is None for what lasts less than a day.
    """

    count: int
    days: int | None
    kind: Kind

    @property
    def url(self) -> str:
        return self.kind.url

    @property
    def said(self) -> str:
        return self.kind.said % {"count": self.count}

    @property
    def age(self) -> str:
        if self.days is None:
            return gettext("for up to an hour")
        if self.days == 0:
            return gettext("since today")
        if self.days < 0:
            return ngettext("due in %(days)d day", "due in %(days)d days", -self.days) % {"days": -self.days}
        said = ngettext("the oldest has waited %(days)d day", "the oldest has waited %(days)d days", self.days)
        return said % {"days": self.days}


def waiting_for(user: User, today: date | None = None) -> list[Waiting]:
    """Returns one `Waiting` for each kind with rows that this user may see, in the order of KINDS."""
    today = today or timezone.now().date()
    kinds = [kind for kind in KINDS if kind.may_read(user)]
    counted = _count_each([(kind.rows(user, today), kind.since) for kind in kinds])
    found = [(kind, *counted.get(position, (0, None))) for position, kind in enumerate(kinds)]
    return [Waiting(count, _days_since(kind, oldest, today), kind) for kind, count, oldest in found if count]


def lasting(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Without what lasts less than a day: an email about it would come too late."""
    return [one for one in waiting if one.days is not None]


def _count_each(counted: list[tuple[QuerySet[Any], Any]]) -> dict[int, tuple[int, date | None]]:
    """{position: (count, oldest date)} of these rows, in one query."""
    rows = [_row(position, rows, since) for position, (rows, since) in enumerate(counted)]
    found = rows[0].union(*rows[1:], all=True) if rows else []
    return {position: (count, oldest) for position, count, oldest in found}


def _row(position: int, rows: QuerySet[Any], since: Any) -> Any:
    day = Min(since) if since is not None else Value(None, output_field=DateField())
    named = rows.order_by().annotate(row_kind=Value(position)).values("row_kind")
    return named.annotate(row_count=Count("pk"), oldest_day=day).values_list("row_kind", "row_count", "oldest_day")


def _days_since(kind: Kind, oldest: date | None, today: date) -> int | None:
    if kind.since is None:
        return None
    return (today - oldest).days if oldest else 0


@dataclass(frozen=True)
class Dashboard(Section):
    """The front page of one user: their own email state, what waits for them, and more if they review.

    `own_emails` is an `EmailState`. `week` and `membership` are None for a user who doesn't review applications.
    `unread_topics` names the topics that the contact form leaves out, for users who may grant the right to read them.
    `first_steps` is empty once the site has all it needs to open.
    """

    own_emails: EmailState
    waiting: list[Waiting]
    first_steps: list[StepState]
    week: WeekStatistics | None
    membership: Membership | None
    unread_topics: list[str]


def admin_dashboard(request: SignedInRequest) -> Dashboard:
    """The dashboard on the admin's first page."""
    user = request.user
    first_steps, unread_topics = _said_once(steps_left(user), _unread_topics() if MANAGES_USERS(user) else [])
    return Dashboard(
        "admin/members/_dashboard.html",
        own_emails=email_states([user])[user.pk],
        waiting=waiting_for(user),
        first_steps=first_steps,
        week=week_statistics() if REVIEWS(user) else None,
        membership=membership_now(is_exact=READS_MEMBERS(user)) if REVIEWS(user) else None,
        unread_topics=[str(topic.label) for topic in unread_topics],
    )


def _unread_topics() -> list[Inquiry.Topic]:
    read = topics_read()
    return [topic for topic in Inquiry.Topic if topic not in read]


def _said_once(
    first_steps: list[StepState], unread_topics: list[Inquiry.Topic]
) -> tuple[list[StepState], list[Inquiry.Topic]]:
    """The checklist and the topics of the notice, without saying twice that no one reads about safety and conduct.

    A new site says so in its checklist. If that is all that is left of it, the site is in use, and the notice says so.
    """
    undone = [state.step.guide for state in first_steps if not state.is_done]
    if SAFETY not in unread_topics or SAFETY_STEP not in undone:
        return first_steps, unread_topics
    if undone == [SAFETY_STEP]:
        return [], unread_topics
    return first_steps, [topic for topic in unread_topics if topic != SAFETY]
