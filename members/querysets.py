"""Queries on members and their one-time links. Writes are in the services of each feature."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone

from s4jr.security.link_tokens import StoredLinks
from s4jr.security.status_code import code_hash

if TYPE_CHECKING:
    from members.models.link import MemberLink
    from members.models.member import Member

#: How long before a promised next step admins are reminded. A digest goes out at least once in this time.
REMINDED_BEFORE = timedelta(days=4)
#: The tokens of every `MemberLink`.
MEMBER_LINKS = StoredLinks("member-link")


class MemberQuerySet(models.QuerySet["Member"]):
    def update(self, **changes: Any) -> int:
        """Like Django's `update`, but a change to an answer also increments `version`, so no caller can forget to.

        A decision names the version it is about and has no effect on a later one. A new secret word or address resets
        `word_proves_inbox`.
        """
        if changes.keys() & set(self.model.ANSWERS):
            changes.setdefault("version", F("version") + 1)
        if changes.keys() & {"word_hash", "email_index"}:
            changes.setdefault("word_proves_inbox", False)
        return super().update(**changes)

    update.alters_data = True

    # --- by status

    def unproved(self) -> Self:
        """Applications whose address is only what someone typed: it is not confirmed."""
        return self.filter(status__in=self.model.UNPROVED)

    def proved(self) -> Self:
        """Applications whose address is confirmed, or that have none. Only these have information to open."""
        return self.exclude(status__in=self.model.UNPROVED)

    def live(self) -> Self:
        return self.filter(status__in=self.model.LIVE)

    def waiting(self) -> Self:
        return self.filter(status=self.model.Status.WAITING)

    def welcomed(self) -> Self:
        """Members, including those whose end of membership can still be undone."""
        return self.filter(status__in=[self.model.Status.APPROVED, self.model.Status.ENDING_MEMBERSHIP])

    def undecided(self) -> Self:
        return self.filter(status__in=self.model.UNDECIDED)

    def waiting_since(self, days: int, today: date) -> Self:
        """Undecided for at least `days`, and not in a reminder for that many days yet."""
        return self.undecided().filter(received_on__lte=today - timedelta(days=days), reminded_days__lt=days)

    def next_steps_due(self, today: date) -> Self:
        """Former members who were promised a next step by a date that is within REMINDED_BEFORE, or past."""
        membership_ended = self.filter(status=self.model.Status.MEMBERSHIP_ENDED)
        return membership_ended.filter(next_step_on__lte=today + REMINDED_BEFORE)

    def oldest_first(self) -> Self:
        return self.order_by("received_on", "pk")

    # --- by status code

    def with_code(self, code: str) -> Self:
        """The member with this status code, in any spelling; at most one."""
        return self.filter(code_hash=code_hash(code))

    def at_a_glance(self) -> "Member | None":
        """The first row, or None, without encrypted fields: nothing that was written can show."""
        return (
            self.select_related("same_as")
            .only("number", "status", "times_corrected", "contact", "same_as__status")
            .first()
        )

    def is_nobodys(self) -> bool:
        """Whether these do not speak for an inbox: not confirmed, or a duplicate of the application that was kept."""
        return self.filter(status__in=[*self.model.UNPROVED, self.model.Status.DUPLICATE_ADDRESS]).exists()

    # --- by address

    def owner_of(self, email_index: str) -> "Member | None":
        """The member who proved this address, or None: a live one, else a former member, else the last applicant.

        A duplicate owns no address. The last applicant may be a stranger who only typed this address.
        """
        statuses = self.model.Status
        proved = self.proved().exclude(status=statuses.DUPLICATE_ADDRESS)
        once_welcomed = [statuses.LEFT, statuses.MEMBERSHIP_ENDED]
        rank = Case(When(status__in=self.model.LIVE, then=0), When(status__in=once_welcomed, then=1), default=2)
        return proved.filter(email_index=email_index).annotate(rank=rank).order_by("rank", "-pk").first()


class MemberLinkQuerySet(models.QuerySet["MemberLink"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The links of these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)

    def working(self, token: str, *purposes: str) -> "MemberLink | None":
        """The link with this token and one of these purposes; None if it is unknown, expired or used, or was sent to an
        address that is no longer the member's."""
        kinds = self.model.Purpose
        theirs = Q(to_index=F("member__email_index"))
        theirs |= Q(purpose=kinds.CHANGE, to_index=F("member__new_email_index"))
        links = self.filter(
            theirs, token_hash=MEMBER_LINKS.token_hash(token), purpose__in=purposes, expires_at__gt=timezone.now()
        )
        return links.exclude(purpose=kinds.OPEN, used_at__isnull=False).select_related("member").first()

    def confirmed_at(self, link: "MemberLink") -> datetime | None:
        """When any link to the same address confirmed this link's application, or None."""
        same = self.filter(member=link.member_id, purpose=self.model.Purpose.CONFIRM, to_index=link.to_index)
        return same.aggregate(first=Min("used_at"))["first"]
