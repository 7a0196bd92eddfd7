"""Daily checkpoints of the access log, and detection of later changes to it.

Each row carries an HMAC over itself. Once a day is over, a checkpoint stores its first and last number, its count, and
an HMAC over all its rows in order and over the previous checkpoint: it no longer matches after a row, or a whole
checkpoint, is edited, added or dropped. The key comes from INDEX_KEY. Nothing inside a database can show that its end
was cut off, the newest days together with their checkpoints: backups show it.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from s4jr.audit.models import AccessLog, AccessLogCheckpoint
from s4jr.audit.querysets import start_of
from s4jr.audit.services import row_hmac
from s4jr.crypto.blind_index import keyed_hash
from s4jr.crypto.fields import DecryptionError, decrypt, encrypted_fields

logger = logging.getLogger(__name__)
#: A transaction that is open at midnight may still write a row into the day that has just ended.
GRACE = timedelta(hours=1)


def day_hmac(day: date, rows: Iterable[tuple[int, str]], previous: str) -> str:
    """The HMAC a checkpoint must have, over the day's rows as (number, HMAC) and the previous checkpoint's HMAC."""
    lines = [f"{number} {hmac}" for number, hmac in rows]
    return keyed_hash("access-log-day", "\n".join([previous, day.isoformat(), str(len(lines)), *lines]))


def dropped_hmac(checkpoint: AccessLogCheckpoint) -> str:
    """Proof that a day's rows were dropped because of their age and not by hand."""
    return keyed_hash("access-log-dropped", checkpoint.hmac)


def write_checkpoints(now: datetime | None = None) -> int:
    """Write a checkpoint for each ended day with rows after the last checkpoint; returns how many."""
    today = ((now or timezone.now()) - GRACE).date()
    last_checkpoint = AccessLogCheckpoint.objects.aggregate(last=models.Max("day"))["last"]
    waiting = AccessLog.objects.filter(at__lt=start_of(today))
    if last_checkpoint:
        waiting = waiting.filter(at__gte=start_of(last_checkpoint + timedelta(days=1)))
    days = [moment.date() for moment in waiting.datetimes("at", "day", tzinfo=UTC)]
    for day in days:
        _write_checkpoint(day)
    return len(days)


@transaction.atomic
def _write_checkpoint(day):
    rows = list(AccessLog.objects.of_day(day).numbers_and_hmacs())
    before = AccessLogCheckpoint.objects.filter(day__lt=day).order_by("day").last()
    columns = {
        "first": rows[0][0],
        "last": rows[-1][0],
        "count": len(rows),
        "hmac": day_hmac(day, rows, before.hmac if before else ""),
    }
    AccessLogCheckpoint.objects.get_or_create(day=day, defaults=columns)


def drop_old_days(now: datetime | None = None) -> int:
    """Drop the rows of checkpointed days older than ACCESS_LOG_DAYS and keep their checkpoints. Returns how many days.

    A day that no longer matches its checkpoint is kept and reported: an admin must investigate.
    """
    first_kept = ((now or timezone.now()) - timedelta(days=settings.ACCESS_LOG_DAYS)).date()
    old = AccessLogCheckpoint.objects.filter(day__lt=first_kept, dropped_hmac="").order_by("day")
    return sum(_drop(checkpoint) for checkpoint in old)


@transaction.atomic
def _drop(checkpoint):
    before = AccessLogCheckpoint.objects.filter(day__lt=checkpoint.day).order_by("day").last()
    rows = AccessLog.objects.of_day(checkpoint.day)
    still_there = AccessLogCheckpoint.objects.filter(pk=checkpoint.pk, dropped_hmac="")
    if checkpoint.hmac != day_hmac(checkpoint.day, list(rows.numbers_and_hmacs()), before.hmac if before else ""):
        # Another run may have dropped the day a moment ago: then nothing is wrong.
        if still_there.exists():
            logger.error("the access log of %s no longer fits its checkpoint and is not dropped", checkpoint.day)
        return False
    if still_there.update(dropped_hmac=dropped_hmac(checkpoint)):
        rows.delete()
    return True


def faults() -> list[str]:
    """Sentences that say what in the access log was changed; empty if it is intact."""
    return [*_row_faults(), *_day_faults(), *_faults_outside_checkpoints()]


def _row_faults():
    """Read the stored reason, so that one that cannot be decrypted is reported and does not stop the check."""
    stored = AccessLog.objects.defer("reason").annotate(stored_reason=Cast("reason", models.TextField()))
    [context] = [field.context for field in encrypted_fields(AccessLog) if field.name == "reason"]
    for row in stored.order_by("pk").iterator():
        try:
            fits = row.hmac == row_hmac(row, decrypt(vars(row)["stored_reason"], context))
        except DecryptionError:
            fits = False
        if not fits:
            yield f"Row {row.pk} was changed."


def _day_faults():
    previous = ""
    for checkpoint in AccessLogCheckpoint.objects.order_by("day"):
        rows = list(AccessLog.objects.of_day(checkpoint.day).numbers_and_hmacs())
        dropped_by_age = not rows and checkpoint.dropped_hmac == dropped_hmac(checkpoint)
        if not dropped_by_age and checkpoint.hmac != day_hmac(checkpoint.day, rows, previous):
            yield (
                f"{checkpoint.day} was closed with {checkpoint.count} rows, from {checkpoint.first} to "
                f"{checkpoint.last}; it now holds {len(rows)} and no longer fits."
            )
        previous = checkpoint.hmac


def _faults_outside_checkpoints():
    checkpointed = set(AccessLogCheckpoint.objects.values_list("day", flat=True))
    if checkpointed:
        older = AccessLog.objects.filter(at__lt=start_of(max(checkpointed))).datetimes("at", "day", tzinfo=UTC)
        for day in (moment.date() for moment in older):
            if day not in checkpointed:
                yield f"{day} holds rows although it has no checkpoint and later days were."
