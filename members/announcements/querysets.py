"""Queries of announcements. `services.py` changes them."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from members.models.announcement import Announcement


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def drafts(self) -> Self:
        return self.filter(state=self.model.State.DRAFT)

    def under_way(self) -> Self:
        return self.filter(state=self.model.State.SENDING).order_by("started_at")
