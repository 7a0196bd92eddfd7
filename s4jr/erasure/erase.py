"""Erases people. It follows the data inventory from the erased rows: what it finds is erased, or stays for a reason."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from s4jr.chunked import batches_of
from s4jr.crypto.fields import encrypted_fields
from s4jr.erasure.inventory import erasure_rules_for, stated_inventory
from s4jr.erasure.rules import CAN_BE_ERASED, ErasureRule, remembered
from s4jr.erasure.tombstones import remember

#: Functions that erase rows of a model of which something must stay: see `register_eraser`.
_erasers: dict[type[models.Model], Callable[[Any], int]] = {}


@dataclass
class Erasure:
    """The result of an erasure: `gone` has the numbers by model, `counts` the number of rows by translated name."""

    gone: dict[type[models.Model], list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str | Promise, int] = field(default_factory=lambda: defaultdict(int))
    uncounted: dict[str | Promise, None] = field(default_factory=dict)
    staying: dict[ErasureRule, tuple[type[Any], Q]] = field(default_factory=dict)

    @property
    def erased(self) -> list[tuple[str, int | None]]:
        """(what, how many), translated; None if it is not counted, whether there was any or not."""
        counted = [(str(what), count) for what, count in self.counts.items() if count]
        return [*counted, *((str(what), None) for what in self.uncounted)]

    def stayed(self) -> list[tuple[str, str, str]]:
        """(what, why, until), translated, of what exists now and stays."""
        said = (_what_stays(rule, holder, rows) for rule, (holder, rows) in self.staying.items())
        return [words for words in said if words]


def erase(rows: models.QuerySet[Any], *, proved: bool = False) -> Erasure:
    """Erase these members, inquiries or the like, and all that is found of them. Returns the Erasure.

    `proved`: they have shown that the inbox is theirs; then what is found by that address is erased too. A queued email
    is never sent. Rows that are changed concurrently are checked again before they are erased.
    """
    erasure = Erasure()
    with transaction.atomic():
        if people := _held(rows):
            _erase(erasure, people, stated_inventory(rows.model).title, proved)
            numbers = [number for numbers in erasure.gone.values() for number in numbers]
            remember(numbers, timezone.now().date())
    return erasure


def erase_in_batches(rows: models.QuerySet[Any], size: int) -> int:
    """Erase these, `size` at a time, so that no transaction is long. Returns how many."""
    return sum(len(erase(rows.filter(pk__in=pks)).gone[rows.model]) for pks in batches_of(rows, size))


def _held(rows):
    """Lock these rows without decrypting them: a row that cannot be decrypted can still be erased."""
    encrypted = [encrypted_field.name for encrypted_field in encrypted_fields(rows.model)]
    return list(rows.defer(*encrypted).order_by("pk").select_for_update(of=("self",)))


def _erase(erasure, people, what, proved):
    model = type(people[0])
    erasure.gone[model] += remembered(people)
    erasure.counts[what] += len(people)
    by_address = proved and any(person.email_index for person in people)
    for holder, rule in erasure_rules_for(model):
        if by_address or not rule.by_address:
            _follow(erasure, holder, rule, people)
    model._base_manager.filter(pk__in=[person.pk for person in people]).only("pk").delete()


def _follow(erasure, holder, rule, people):
    rows = holder._base_manager.filter(rule.rows(people))
    if rule.stays:
        _holder, earlier = erasure.staying.get(rule, (holder, Q()))
        erasure.staying[rule] = holder, earlier | rule.rows(people)
    elif holder._meta.label_lower not in CAN_BE_ERASED:
        _delete(erasure, rule, rows)
    elif found := _held(rows):
        _erase(erasure, found, rule.what, proved=False)


def _delete(erasure, rule, rows):
    count = _erasers.get(rows.model, _delete_rows)(rows)
    if rule.is_counted:
        erasure.counts[rule.what] += count
    else:
        erasure.uncounted[rule.what] = None


def _delete_rows(rows):
    return rows.delete()[1].get(rows.model._meta.label, 0)


def register_eraser(model: type[models.Model], erase_rows: Callable[[Any], int]) -> None:
    """Let `erase_rows` erase rows of a model of which something anonymous must stay; it returns how many."""
    _erasers[model] = erase_rows


def _what_stays(rule, holder, rows):
    found = holder._base_manager.filter(rows)
    if rule.stays.is_told_always or found.exists():
        return str(rule.what), str(rule.stays.why), _until(rule.stays, found)
    return None


def _until(stays, rows):
    last = rows.aggregate(last=Max(stays.since))["last"] if stays.since else None
    return date_format(stays.until.date(last)) if last else str(stays.until)


# --- for people who have only a code


def in_general(model: type[models.Model]) -> tuple[list[tuple[str, int | None]], list[tuple[str, str, str]]]:
    """(erased, stays) as in `Erasure`, for anyone and without a query: only what the data inventory says."""
    erased: list[tuple[str, int | None]]
    stays: list[tuple[str, str, str]]
    erased, stays = [(str(stated_inventory(model).title), None)], []
    not_shown = _("With only your code, we can’t tell that an address is yours.")
    for _holder, rule in erasure_rules_for(model):
        if rule.stays:
            stays.append((str(rule.what), str(rule.stays.why), str(rule.stays.until)))
        elif rule.by_address:
            stays.append((str(rule.what), not_shown, str(rule.otherwise)))
        else:
            erased.append((str(rule.what), None))
    return erased, stays
