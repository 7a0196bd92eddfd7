"""Writes entries of the access log. Each carries an HMAC over itself; the key comes from INDEX_KEY."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

from s4jr.crypto.blind_index import keyed_hash

if TYPE_CHECKING:
    from s4jr.audit.models import AccessLog


def row_hmac(row: "AccessLog", reason: str) -> str:
    """What `row.hmac` must be for this reason, 64 hex digits."""
    parts = (row.uuid, row.at.astimezone(UTC).isoformat(), row.who, row.action, row.object_kind, row.object_id,
             row.field_names, reason, *_later_parts(row))  # fmt: skip
    return keyed_hash("access-log-row", "\0".join(str(part) for part in parts))


def _later_parts(row):
    """Columns that older rows lack. Those still match without them; a newer row never matches once they are emptied."""
    return () if row.user_id is None and not row.budget else (f"user {row.user_id}", f"budget {row.budget}")


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    def note(
        self,
        *,
        who: object,
        action: str,
        records: Iterable[Any],
        field_names: Iterable[str] = (),
        reason: str = "",
        budget: str = "",
    ) -> list["AccessLog"]:
        """Log that `who` (a User or a name) did `action` to each of `records`, in one statement; returns the rows.

        A record is a model instance with a `log_id` or a primary key.
        """
        now = timezone.now()
        same = {"at": now, "who": str(who), "user_id": getattr(who, "pk", None), "action": action, "budget": budget}
        rows = [self._row(same, record, field_names, reason) for record in records]
        return self.bulk_create(rows, batch_size=1000)

    def _row(self, same, record, field_names, reason):
        row = self.model(
            **same,
            object_kind=record._meta.label_lower,
            object_id=getattr(record, "log_id", None) or str(record.pk or ""),
            field_names=" ".join(field_names)[:400],
            reason=reason,
        )
        row.hmac = row_hmac(row, reason)
        return row

    def of_day(self, day: date) -> Self:
        return self.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1))).order_by("pk")

    def numbers_and_hmacs(self) -> Iterable[tuple[int, str]]:
        return self.values_list("pk", "hmac")
