"""Questions about announcements. What changes them is in `services.py`."""

from typing import Any, Self

from django.db import models


class AnnouncementQuerySet(models.QuerySet):
    model: Any

    def drafts(self) -> Self:
        return self.filter(state=self.model.State.DRAFT)

    def under_way(self) -> Self:
        return self.filter(state=self.model.State.SENDING).order_by("started_at")
