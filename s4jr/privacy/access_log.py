"""Writing the access log, sealing its days and finding out whether anybody changed it since.

Each row carries an HMAC over itself. Once a day is over, a checkpoint holds its first and last number, its count and an
HMAC over all its rows in order and over the checkpoint before it: a row edited, added or dropped afterwards, or a whole
checkpoint, no longer fits. The key comes from INDEX_KEY. Nothing inside a database can show that its end was cut off,
the newest days and their checkpoints together: backups show it.
"""

import logging
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from s4jr.privacy.blind_index import keyed_hash
from s4jr.privacy.sealed import SealedValueError, unseal

logger = logging.getLogger(__name__)
#: A decision that is under way at midnight may still write its row into the day that has just ended.
GRACE = timedelta(hours=1)


def row_hmac(row, reason):
    """What `row.hmac` must be for this reason, 64 hex digits."""
    parts = (row.uuid, row.at.astimezone(UTC).isoformat(), row.who, row.action, row.object_kind, row.object_id,
             row.field_names, reason, *_later_parts(row))  # fmt: skip
    return keyed_hash("access-log-row", "\0".join(str(part) for part in parts))


def _later_parts(row):
    """What rows hold since they name the user by number. Older ones fit without; none fits once these are emptied."""
    return () if row.user_id is None and not row.budget else (f"user {row.user_id}", f"budget {row.budget}")


def day_hmac(day, rows, previous):
    """What the checkpoint of `day` must carry over its rows, as (number, HMAC), and the HMAC of the one before it."""
    lines = [f"{number} {hmac}" for number, hmac in rows]
    return keyed_hash("access-log-day", "\n".join([previous, day.isoformat(), str(len(lines)), *lines]))


def dropped_hmac(checkpoint):
    """What says that the rows of a sealed day went by age, and not by somebody's hand."""
    return keyed_hash("access-log-dropped", checkpoint.hmac)


def start_of(day):
    return datetime.combine(day, time.min, tzinfo=UTC)


class AccessLogQuerySet(models.QuerySet):
    def note(self, *, who, action, records, field_names=(), reason="", budget=""):
        """Write that `who` (a User, or a name) did `action` to each of `records`, in one statement; returns the rows.

        A record is a model instance with `log_id`, or anything with a primary key.
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

    def of_day(self, day):
        return self.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1))).order_by("pk")

    def numbers_and_hmacs(self):
        return self.values_list("pk", "hmac")


def seal_finished_days(now=None):
    """Write a checkpoint for each day after the last sealed one that is over and holds rows; returns how many."""
    from s4jr.privacy.models import AccessLog, AccessLogCheckpoint

    today = ((now or timezone.now()) - GRACE).date()
    last_sealed = AccessLogCheckpoint.objects.aggregate(last=models.Max("day"))["last"]
    waiting = AccessLog.objects.filter(at__lt=start_of(today))
    if last_sealed:
        waiting = waiting.filter(at__gte=start_of(last_sealed + timedelta(days=1)))
    days = [moment.date() for moment in waiting.datetimes("at", "day", tzinfo=UTC)]
    for day in days:
        _seal(day)
    return len(days)


@transaction.atomic
def _seal(day):
    from s4jr.privacy.models import AccessLog, AccessLogCheckpoint

    rows = list(AccessLog.objects.of_day(day).numbers_and_hmacs())
    before = AccessLogCheckpoint.objects.filter(day__lt=day).order_by("day").last()
    sealed = {
        "first": rows[0][0],
        "last": rows[-1][0],
        "count": len(rows),
        "hmac": day_hmac(day, rows, before.hmac if before else ""),
    }
    AccessLogCheckpoint.objects.get_or_create(day=day, defaults=sealed)


def drop_old_days(now=None):
    """Drop the rows of sealed days older than ACCESS_LOG_DAYS; their checkpoints stay. Returns how many days.

    A day that no longer fits its seal stays where it is, and is reported: somebody has to look at it.
    """
    from s4jr.privacy.models import AccessLogCheckpoint

    first_kept = ((now or timezone.now()) - timedelta(days=settings.ACCESS_LOG_DAYS)).date()
    old = AccessLogCheckpoint.objects.filter(day__lt=first_kept, dropped_hmac="").order_by("day")
    return sum(_drop(checkpoint) for checkpoint in old)


@transaction.atomic
def _drop(checkpoint):
    from s4jr.privacy.models import AccessLog, AccessLogCheckpoint

    before = AccessLogCheckpoint.objects.filter(day__lt=checkpoint.day).order_by("day").last()
    rows = AccessLog.objects.of_day(checkpoint.day)
    still_there = AccessLogCheckpoint.objects.filter(pk=checkpoint.pk, dropped_hmac="")
    if checkpoint.hmac != day_hmac(checkpoint.day, list(rows.numbers_and_hmacs()), before.hmac if before else ""):
        # Another run may have dropped it a moment ago: then there is nothing wrong.
        if still_there.exists():
            logger.error("the access log of %s no longer fits its seal and is not dropped", checkpoint.day)
        return False
    if still_there.update(dropped_hmac=dropped_hmac(checkpoint)):
        rows.delete()
    return True


def faults():
    """Sentences that say what in the access log was changed; empty when all fits."""
    return [*_row_faults(), *_day_faults(), *_faults_outside_the_seals()]


def _row_faults():
    """The reason is read as it is stored, so that one that does not open is a sentence and not the end of the check."""
    from s4jr.privacy.models import AccessLog

    stored = AccessLog.objects.defer("reason").annotate(stored_reason=Cast("reason", models.TextField()))
    context = AccessLog._meta.get_field("reason").context
    for row in stored.order_by("pk").iterator():
        try:
            fits = row.hmac == row_hmac(row, unseal(row.stored_reason, context))
        except SealedValueError:
            fits = False
        if not fits:
            yield f"Row {row.pk} was changed."


def _day_faults():
    from s4jr.privacy.models import AccessLog, AccessLogCheckpoint

    previous = ""
    for checkpoint in AccessLogCheckpoint.objects.order_by("day"):
        rows = list(AccessLog.objects.of_day(checkpoint.day).numbers_and_hmacs())
        dropped_by_age = not rows and checkpoint.dropped_hmac == dropped_hmac(checkpoint)
        if not dropped_by_age and checkpoint.hmac != day_hmac(checkpoint.day, rows, previous):
            yield (
                f"{checkpoint.day} was sealed with {checkpoint.count} rows, from {checkpoint.first} to "
                f"{checkpoint.last}; it now holds {len(rows)} and no longer fits."
            )
        previous = checkpoint.hmac


def _faults_outside_the_seals():
    from s4jr.privacy.models import AccessLog, AccessLogCheckpoint

    sealed = set(AccessLogCheckpoint.objects.values_list("day", flat=True))
    if sealed:
        older = AccessLog.objects.filter(at__lt=start_of(max(sealed))).datetimes("at", "day", tzinfo=UTC)
        for day in (moment.date() for moment in older):
            if day not in sealed:
                yield f"{day} holds rows although it was never sealed and later days were."
