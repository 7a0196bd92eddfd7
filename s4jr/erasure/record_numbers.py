"""Draws the numbers of new records: hexadecimal digits, after the prefix of the model.

No number of an erased record is drawn. Its tombstone outlives it, so after a restore `reapply_erasures` would erase the
new record too.
"""

import secrets
from collections.abc import Collection
from typing import Any, ClassVar, Protocol

from s4jr.erasure.models import Tombstone
from s4jr.erasure.rules import DataInventory

NUMBER_BYTES = 3
#: How many numbers one query checks. SQLite takes 32,766 parameters.
CHECKED_AT_ONCE = 20_000


class Numbered(Protocol):
    """A model whose rows have a number that their tombstones keep."""

    inventory: DataInventory
    number_prefix: str
    objects: ClassVar[Any]


def free_number(model: type[Numbered]) -> str:
    """A number that no erased row of the model had: one query, and one more for each that is not free.

    A row may have it. Then the INSERT violates the unique constraint, and the caller draws again.
    """
    while not (free := _without_erased(model, {_draw_number(model)})):
        continue
    return free.pop()


def free_numbers(model: type[Numbered], count: int) -> set[str]:
    """This many numbers that no row of the model has and no erased row had.

    Rows are checked too, because collisions are likely with thousands of draws.
    """
    free: set[str] = set()
    while len(free) < count:
        drawn = {_draw_number(model) for _draw in range(min(count - len(free), CHECKED_AT_ONCE))}
        taken = model.objects.filter(number__in=drawn).values_list("number", flat=True)
        free |= _without_erased(model, drawn).difference(taken)
    return free


def _draw_number(model: type[Numbered]) -> str:
    return f"{model.number_prefix}{secrets.token_hex(NUMBER_BYTES).upper()}"


def _without_erased(model: type[Numbered], numbers: Collection[str]) -> set[str]:
    """Those of these numbers that are in no tombstone, where they have the prefix of the model's inventory."""
    mark = model.inventory.tombstone
    stones = Tombstone.objects.filter(number__in=[f"{mark}{number}" for number in numbers])
    return {*numbers} - {stone.removeprefix(mark) for stone in stones.values_list("number", flat=True)}
