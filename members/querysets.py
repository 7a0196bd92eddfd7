"""The one QuerySet of members, put together of what each feature asks and does."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from members.applications.confirmation import ConfirmationQuerySet
from members.applications.status_code import DetailsQuerySet
from members.applications.submission import Application, JoiningQuerySet
from members.retention import LeavingQuerySet

#: The answers of an application: a change to any of them makes it another version.
VERSIONED = frozenset(Application.ANSWERS)
#: How long before the day of a promised next step admins are reminded: a digest comes within this time.
REMINDED_BEFORE = timedelta(days=4)


class MemberQuerySet(JoiningQuerySet, ConfirmationQuerySet, DetailsQuerySet, LeavingQuerySet, models.QuerySet):
    """Questions and verbs of members. Every step is one compare-and-set UPDATE: a second press changes nothing."""

    model: Any

    def update(self, **changes: Any) -> int:
        """As Django's own. Whatever changes an answer also raises `version`, so no caller can forget to.

        A decision names the version it was made on, and has no effect on a later one. Another secret word or address
        has shown nothing yet.
        """
        if changes.keys() & VERSIONED:
            changes.setdefault("version", F("version") + 1)
        if changes.keys() & {"word_hash", "email_index"}:
            changes.setdefault("word_proves_inbox", False)
        return super().update(**changes)

    update.alters_data = True

    def live(self) -> Self:
        return self.filter(status__in=self.model.LIVE)

    def waiting(self) -> Self:
        return self.filter(status=self.model.Status.WAITING)

    def undecided(self) -> Self:
        return self.filter(status__in=self.model.UNDECIDED)

    def of_versions(self, versions: Mapping[int, int]) -> Self:
        """Those among these that are still as they were read: `versions` holds a version by primary key."""
        by_version: dict[int, list[int]] = {}
        for pk, version in versions.items():
            by_version.setdefault(version, []).append(pk)
        still = [Q(version=version, pk__in=pks) for version, pks in by_version.items()]
        return self.filter(reduce(or_, still, Q(pk=None)))

    def waiting_since(self, days: int, today: date) -> Self:
        """Those undecided for `days` of whom nobody has been told yet."""
        return self.undecided().filter(received_on__lte=today - timedelta(days=days), reminded_days__lt=days)

    def next_steps_due(self, today: date) -> Self:
        """Those who were asked to leave and promised a next step within the days to come, or before today."""
        membership_ended = self.filter(status=self.model.Status.MEMBERSHIP_ENDED)
        return membership_ended.filter(next_step_on__lte=today + REMINDED_BEFORE)

    def oldest_first(self) -> Self:
        return self.order_by("received_on", "pk")
