"""Questions about the access log."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from s4jr.audit.models import AccessLog


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    def of_day(self, day: date) -> Self:
        return self.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1))).order_by("pk")

    def numbers_and_hmacs(self) -> Iterable[tuple[int, str]]:
        return self.values_list("pk", "hmac")
