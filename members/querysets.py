"""Questions about members and about their one-time links. What changes them is in the services of each feature."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone

from members.link_tokens import token_hash
from s4jr.security.status_code import code_hash

if TYPE_CHECKING:
    from members.models.link import MemberLink
    from members.models.member import Member

#: How long before the day of a promised next step admins are reminded: a digest comes within this time.
REMINDED_BEFORE = timedelta(days=4)


class MemberQuerySet(models.QuerySet["Member"]):
    def update(self, **changes: Any) -> int:
        """As Django's own. Whatever changes an answer also raises `version`, so no caller can forget to.

        A decision names the version it was made on, and has no effect on a later one. Another secret word or address
        has shown nothing yet.
        """
        if changes.keys() & set(self.model.ANSWERS):
            changes.setdefault("version", F("version") + 1)
        if changes.keys() & {"word_hash", "email_index"}:
            changes.setdefault("word_proves_inbox", False)
        return super().update(**changes)

    update.alters_data = True

    # --- where they are on their way

    def unproved(self) -> Self:
        """Those who are, so far, an address that somebody typed."""
        return self.filter(status__in=self.model.UNPROVED)

    def proved(self) -> Self:
        """Those who are no longer, or never were, an address that somebody typed: only they have details to open."""
        return self.exclude(status__in=self.model.UNPROVED)

    def live(self) -> Self:
        return self.filter(status__in=self.model.LIVE)

    def waiting(self) -> Self:
        return self.filter(status=self.model.Status.WAITING)

    def welcomed(self) -> Self:
        """Members, also while the end of a membership can still be undone."""
        return self.filter(status__in=[self.model.Status.APPROVED, self.model.Status.ENDING_MEMBERSHIP])

    def undecided(self) -> Self:
        return self.filter(status__in=self.model.UNDECIDED)

    def waiting_since(self, days: int, today: date) -> Self:
        """Those undecided for `days` of whom nobody has been told yet."""
        return self.undecided().filter(received_on__lte=today - timedelta(days=days), reminded_days__lt=days)

    def next_steps_due(self, today: date) -> Self:
        """Those who were asked to leave and promised a next step within the days to come, or before today."""
        membership_ended = self.filter(status=self.model.Status.MEMBERSHIP_ENDED)
        return membership_ended.filter(next_step_on__lte=today + REMINDED_BEFORE)

    def of_versions(self, versions: Mapping[int, int]) -> Self:
        """Those among these that are still as they were read: `versions` holds a version by primary key."""
        by_version: dict[int, list[int]] = {}
        for pk, version in versions.items():
            by_version.setdefault(version, []).append(pk)
        still = [Q(version=version, pk__in=pks) for version, pks in by_version.items()]
        return self.filter(reduce(or_, still, Q(pk=None)))

    def oldest_first(self) -> Self:
        return self.order_by("received_on", "pk")

    # --- what a status code leads to

    def with_code(self, code: str) -> Self:
        """The member whose status code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def at_a_glance(self) -> Any:
        """The one member here, or None. Nothing encrypted is read, so nothing that was written can show."""
        return (
            self.select_related("same_as")
            .only("number", "status", "times_corrected", "contact", "same_as__status")
            .first()
        )

    def is_nobodys(self) -> bool:
        """Whether this application speaks for no one's inbox: it was not confirmed, or another one was kept."""
        return self.filter(status__in=[*self.model.UNPROVED, self.model.Status.DUPLICATE_ADDRESS]).exists()

    # --- what an address leads to

    def owner_of(self, email_index: str) -> Any:
        """The member who proved this address, or None: a live one, else a former member, else whoever applied last.

        A duplicate owns no address. Whoever applied last may be a stranger who only typed this address.
        """
        statuses = self.model.Status
        proved = self.proved().exclude(status=statuses.DUPLICATE_ADDRESS)
        once_welcomed = [statuses.LEFT, statuses.MEMBERSHIP_ENDED]
        rank = Case(When(status__in=self.model.LIVE, then=0), When(status__in=once_welcomed, then=1), default=2)
        return proved.filter(email_index=email_index).annotate(rank=rank).order_by("rank", "-pk").first()


class MemberLinkQuerySet(models.QuerySet["MemberLink"]):
    def of(self, members: Iterable[Any]) -> Self:
        """The links of these members, given as a QuerySet or one by one."""
        return self.filter(member__in=members)

    def working(self, token: str, *purposes: str) -> Any:
        """The link with this token, or None: expired, unknown, used up, or sent to an address that is not theirs."""
        kinds = self.model.Purpose
        theirs = Q(to_index=F("member__email_index"))
        theirs |= Q(purpose=kinds.CHANGE, to_index=F("member__new_email_index"))
        links = self.filter(theirs, token_hash=token_hash(token), purpose__in=purposes, expires_at__gt=timezone.now())
        return links.exclude(purpose=kinds.OPEN, used_at__isnull=False).select_related("member").first()

    def confirmed_at(self, link: Any) -> datetime | None:
        """When the application of this link was confirmed, with any link to the same address; None if it was not."""
        same = self.filter(member=link.member_id, purpose=self.model.Purpose.CONFIRM, to_index=link.to_index)
        return same.aggregate(first=Min("used_at"))["first"]
