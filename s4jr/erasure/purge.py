"""The steps that forget what is due by age, or no longer does anything. `members.purge` runs them with its own.

They may run while the site serves, twice at once, and be stopped anywhere: every batch is one short transaction that
looks again at what it is about to erase, and the next run goes on.
"""

from functools import partial

from s4jr.audit.checkpoints import drop_old_days
from s4jr.chunked import batches_of
from s4jr.erasure.erase import erase_in_batches
from s4jr.erasure.expired import delete_cached, rows_that_are_over
from s4jr.erasure.inventory import inventories
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.erasure.tombstones import tidy_beside

BATCH = 200


def steps_by_age(now):
    """A step for each age that the data inventory states: {what: function that returns how many}."""
    aged = [(model, age) for model, inventory in inventories() for age in inventory.retention_rules]
    return {f"{model._meta.label} by {age.setting}": partial(_erase_due, model, age.due(now)) for model, age in aged}


def steps_for_expired(now, **more):
    """A step for all that is over at this moment, and for `more` QuerySets of it: {what: function}."""
    over = {**rows_that_are_over(now), **more}
    return {**{what: partial(_delete, rows) for what, rows in over.items()}, "cached": partial(delete_cached, now)}


def steps_for_logs(now):
    """A step for the access log, and one for the file of tombstones: {what: function}."""
    return {"days of the access log": partial(drop_old_days, now), "numbers beside the database": _tidy_beside}


def _tidy_beside():
    tidy_beside()


def _erase_due(model, due):
    rows = model._base_manager.filter(due)
    return erase_in_batches(rows, BATCH) if model._meta.label_lower in CAN_BE_ERASED else _delete(rows)


def _delete(rows):
    return sum(rows.filter(pk__in=pks).delete()[0] for pks in batches_of(rows, BATCH))
