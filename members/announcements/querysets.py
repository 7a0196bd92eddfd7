"""Queries of announcements. `services.py` changes them."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from members.models.announcement import Announcement


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def drafts(self) -> Self:
        return self.filter(state=self.model.State.DRAFT)

    def scheduled(self) -> Self:
        return self.filter(state=self.model.State.SCHEDULED)

    def under_way(self) -> Self:
        return self.filter(state=self.model.State.SENDING).order_by("started_at")

    def under_way_or_due(self, now: datetime) -> Self:
        """Those that are being sent, and those whose scheduled time has come."""
        states = self.model.State
        due = Q(state=states.SCHEDULED, send_at__lte=now)
        return self.filter(Q(state=states.SENDING) | due).order_by("started_at", "send_at")
