"""Writes entries of the access log. Each carries an HMAC over itself; the key comes from INDEX_KEY."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.utils import timezone

from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import keyed_hash


def log_access(
    *,
    who: object,
    action: str,
    records: Iterable[Any],
    field_names: Iterable[str] = (),
    reason: str = "",
    budget: str = "",
) -> list[AccessLog]:
    """Log that `who` (a User or a name) did `action` to each of `records`, in one statement; returns the rows.

    A record is a model instance with a `log_id` or a primary key.
    """
    now = timezone.now()
    same = {"at": now, "who": str(who), "user_id": getattr(who, "pk", None), "action": action, "budget": budget}
    rows = [_new_row(same, record, field_names, reason) for record in records]
    return AccessLog.objects.bulk_create(rows, batch_size=1000)


def _new_row(same: dict[str, Any], record: Any, field_names: Iterable[str], reason: str) -> AccessLog:
    row = AccessLog(
        **same,
        object_kind=record._meta.label_lower,
        object_id=getattr(record, "log_id", None) or str(record.pk or ""),
        field_names=" ".join(field_names)[:400],
        reason=reason,
    )
    row.hmac = row_hmac(row, reason)
    return row


def row_hmac(row: AccessLog, reason: str) -> str:
    """What `row.hmac` must be for this reason, 64 hex digits."""
    parts = (row.uuid, row.at.astimezone(UTC).isoformat(), row.who, row.action, row.object_kind, row.object_id,
             row.field_names, reason, *_later_parts(row))  # fmt: skip
    return keyed_hash("access-log-row", "\0".join(str(part) for part in parts))


def _later_parts(row: AccessLog) -> tuple[str, ...]:
    """Columns that older rows lack. Those still match without them; a newer row never matches once they are emptied."""
    return () if row.user_id is None and not row.budget else (f"user {row.user_id}", f"budget {row.budget}")
