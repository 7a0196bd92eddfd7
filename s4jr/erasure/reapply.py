"""After a restore: erases again whoever was erased since the backup was made."""

from datetime import date
from typing import NamedTuple

from django.apps import apps
from django.db import transaction

from s4jr.erasure.erase import erase
from s4jr.erasure.inventory import stated_inventory
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.erasure.tombstones import all_remembered, keep, note_beside

BATCH = 200


class Again(NamedTuple):
    """How many tombstones there are, and the numbers of the records that had to be erased again."""

    known: int
    numbers: list[str]


def erase_again(days: dict[str, date]) -> Again:
    """Erase everyone with a tombstone in the database or in `days`, {number: day}. Idempotent."""
    with transaction.atomic():
        keep(days)
    known = all_remembered()
    note_beside({number: day for number, day in known.items() if number not in days})
    return Again(len(known), sorted(number for model in _models() for number in _erase_again(model, list(known))))


def _models():
    return [apps.get_model(label) for label in CAN_BE_ERASED]


def _erase_again(model, numbers):
    mark = stated_inventory(model).tombstone
    theirs = [number.removeprefix(mark) for number in numbers if number.startswith(mark)]
    for start in range(0, len(theirs), BATCH):
        rows = model._base_manager.filter(number__in=theirs[start : start + BATCH])
        for gone in erase(rows).gone.values():
            yield from gone
