"""Steps that delete what is due by age or has no purpose anymore. `members.purge` runs them with its own.

They may run while the site serves, concurrently, and be stopped anywhere: every batch is one short transaction that
checks again what it is about to erase, and the next run continues.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from s4jr.audit.checkpoints import drop_old_days
from s4jr.chunked import batches_of
from s4jr.erasure.erase import erase_in_batches
from s4jr.erasure.expired import delete_cached, rows_that_are_over
from s4jr.erasure.inventory import inventories
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.erasure.tombstones import tidy_beside

BATCH = 200
Steps = dict[str, Callable[[], int | None]]


def steps_by_age(now: datetime) -> Steps:
    """A step for each age that the data inventory states: {name: function that returns how many}."""
    aged = [(model, age) for model, inventory in inventories() for age in inventory.retention_rules]
    return {f"{model._meta.label} by {age.setting}": partial(_erase_due, model, age.due(now)) for model, age in aged}


def steps_for_expired(now: datetime, **more: QuerySet[Any]) -> Steps:
    """A step for each QuerySet of what is over at `now`, including `more`: {name: function}."""
    over = {**rows_that_are_over(now), **more}
    return {**{what: partial(_delete, rows) for what, rows in over.items()}, "cached": partial(delete_cached, now)}


def steps_for_logs(now: datetime) -> Steps:
    """A step for the access log and one for the file of tombstones: {name: function}."""
    return {"days of the access log": partial(drop_old_days, now), "numbers beside the database": _tidy_beside}


def _tidy_beside() -> None:
    tidy_beside()


def _erase_due(model, due) -> int:
    rows = model._base_manager.filter(due)
    return erase_in_batches(rows, BATCH) if model._meta.label_lower in CAN_BE_ERASED else _delete(rows)


def _delete(rows) -> int:
    return sum(rows.filter(pk__in=pks).delete()[0] for pks in batches_of(rows, BATCH))
