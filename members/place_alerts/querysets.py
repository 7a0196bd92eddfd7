"""Queries on place alerts. Writes are in `services.py`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, When

if TYPE_CHECKING:
    from members.models.member import Member
    from members.models.place_alert import PlaceAlert


class PlaceAlertQuerySet(models.QuerySet["PlaceAlert"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The alerts of these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)

    def of_moved(self) -> Self:
        """Alerts for a place that is not the member's any more. Adds theirs as `place_now`, "" if they have none."""
        here = Case(When(member__region="", then=F("member__country")), default=F("member__region"))
        return self.annotate(place_now=here).exclude(place=F("place_now"))

    def to_tell(self) -> Self:
        """Alerts of members who get emails now: approved, with an address, and not paused."""
        members = self.filter(member__status="approved", member__paused_at=None, member__email_index__isnull=False)
        return members.exclude(member__contact="none")
