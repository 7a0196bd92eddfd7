"""What waits for a person: one entry for each kind of work, with its rows and the list that shows the same rows.

The front page, the digest and the tests read KINDS. Each kind counts exactly what its link shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import ngettext_lazy

from chapters.models import ConversationMessage, Representative, RepresentativeMessage, VolunteerOffer
from chapters.representatives.reachability import stopped_terms, terms_without_address, unreached_admins
from members.inquiries.permissions import reads_any_topic
from members.models import Inquiry, Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.mail.listed_emails import emails_listed_for

if TYPE_CHECKING:
    from django.utils.functional import StrPromise


@dataclass(frozen=True)
class Kind:
    """One kind of work: who may see it, which rows, since when, and the list that shows them.

    `said` has one `%(count)d`. `since` is the date field or expression from which the days are counted; None for what
    lasts less than a day, which is also left out of the digest.
    """

    may_read: Callable[[User], bool]
    rows: Callable[[User, date], QuerySet[Any]]
    since: Any
    said: "StrPromise"
    changelist: str
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.changelist}_changelist") + self.query


def in_grace_period(members: MemberQuerySet) -> MemberQuerySet:
    """Decided, but until the hour is over any admin can undo it."""
    return members.filter(status__in=Member.IN_GRACE_PERIOD)


def _has(right: str) -> Callable[[User], bool]:
    return lambda user: user.has_perm(right)


REVIEWS, _messages = _has("members.change_member"), _has("chapters.take_over")
READS_MEMBERS = _has("members.view_member")
_terms = _has("chapters.change_representative")
MANAGES_USERS = _has("accounts.change_user")
_emails = _has("mail.change_outgoingemail")
_offers, _reports = _has("chapters.change_volunteeroffer"), _has("chapters.settle_reports")

KINDS = (
    Kind(
        REVIEWS,
        lambda user, today: Member.objects.undecided(),
        "received_on",
        ngettext_lazy("%(count)d application to review", "%(count)d applications to review", "count"),
        "members_member",
        "?status=undecided",
    ),
    Kind(
        REVIEWS,
        lambda user, today: Member.objects.exclude(flag_reason=""),
        "received_on",
        ngettext_lazy(
            "%(count)d application flagged as possible spam", "%(count)d applications flagged as possible spam", "count"
        ),
        "members_member",
        "?status=all&flagged=1",
    ),
    Kind(
        REVIEWS,
        lambda user, today: Member.objects.next_steps_due(today),
        "next_step_on",
        ngettext_lazy(
            "%(count)d next step we promised someone we asked to leave",
            "%(count)d next steps we promised people we asked to leave",
            "count",
        ),
        "members_member",
        "?status=next_step_due",
    ),
    Kind(
        REVIEWS,
        lambda user, today: in_grace_period(Member.objects.all()),
        None,
        ngettext_lazy(
            "%(count)d decision that can still be undone", "%(count)d decisions that can still be undone", "count"
        ),
        "members_member",
        "?status=in_grace_period",
    ),
    Kind(
        reads_any_topic,
        lambda user, today: Inquiry.objects.readable_by(user).waiting(),
        "last_word_on",
        ngettext_lazy("%(count)d inquiry to answer", "%(count)d inquiries to answer", "count"),
        "members_inquiry",
        "?flagged=0",
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
        "?waits=unread",
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
        lambda user, today: RepresentativeMessage.objects.taken_over().open(),
        "last_word_on",
        ngettext_lazy(
            "%(count)d message that the coalition took over, to answer",
            "%(count)d messages that the coalition took over, to answer",
            "count",
        ),
        "chapters_representativemessage",
        "?waits=answer",
    ),
    Kind(
        _reports,
        lambda user, today: ConversationMessage.objects.waiting_reports(),
        "reported_on",
        ngettext_lazy("%(count)d report to look into", "%(count)d reports to look into", "count"),
        "chapters_conversationmessage",
        "?settled=no",
    ),
    Kind(
        _offers,
        lambda user, today: VolunteerOffer.objects.waiting(),
        "received_on",
        ngettext_lazy("%(count)d volunteer offer to answer", "%(count)d volunteer offers to answer", "count"),
        "chapters_volunteeroffer",
        "?flagged=0",
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
        lambda user, today: Representative.objects.stepped_down(),
        "step_down__on",
        ngettext_lazy(
            "%(count)d representative stepped down: thank them and find someone",
            "%(count)d representatives stepped down: thank them and find someone",
            "count",
        ),
        "chapters_representative",
        "?term=stepped_down",
    ),
    Kind(
        _terms,
        lambda user, today: stopped_terms(),
        "stopped_on",
        ngettext_lazy(
            "%(count)d representative to talk with: emails to them are stopped",
            "%(count)d representatives to talk with: emails to them are stopped",
            "count",
        ),
        "chapters_representative",
        "?email=stopped",
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
        "?email=none",
    ),
    Kind(
        MANAGES_USERS,
        lambda user, today: unreached_admins(),
        "stopped_on",
        ngettext_lazy(
            "%(count)d admin to talk with: emails to them are stopped",
            "%(count)d admins to talk with: emails to them are stopped",
            "count",
        ),
        "accounts_user",
        "?email=no",
    ),
    Kind(
        _emails,
        lambda user, today: emails_listed_for(user).needing_somebody(),
        TruncDate("created_at"),
        ngettext_lazy("%(count)d email that needs a decision", "%(count)d emails that need a decision", "count"),
        "mail_outgoingemail",
        "?state__in=failed,unknown",
    ),
)
