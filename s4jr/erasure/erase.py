"""The eraser. It walks the data inventory from whoever goes: what it finds is erased, or stays and says why."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from s4jr.chunked import batches_of
from s4jr.crypto.fields import encrypted_fields
from s4jr.erasure.inventory import erasure_rules_for, inventory_of
from s4jr.erasure.rules import CAN_BE_ERASED, remembered
from s4jr.erasure.tombstones import remember

#: How rows of a model are erased of which something must stay: see `register_eraser`.
_erasers: dict[type[models.Model], Callable[[models.QuerySet], int]] = {}


@dataclass
class Erasure:
    """What an erasing did: `gone` are the numbers by model, `counts` how many rows by what they are called."""

    gone: dict = field(default_factory=lambda: defaultdict(list))
    counts: dict = field(default_factory=lambda: defaultdict(int))
    uncounted: dict = field(default_factory=dict)
    staying: dict = field(default_factory=dict)

    @property
    def erased(self):
        """(what, how many), in words; None where it is not counted, whether there was any or not."""
        counted = [(str(what), count) for what, count in self.counts.items() if count]
        return counted + [(str(what), None) for what in self.uncounted]

    def stayed(self):
        """(what, why, until), in words, of what is there now and stays."""
        said = (_what_stays(rule, holder, rows) for rule, (holder, rows) in self.staying.items())
        return [words for words in said if words]


def erase(rows, *, proved=False):
    """Erase these members, inquiries or the like, and all that is found of them. Returns the Erasure.

    `proved`: they have shown that the mailbox is theirs; then what is found by that address goes as well. An email that
    waits never leaves. Rows that are changed at this moment are looked at again before they go.
    """
    erasure = Erasure()
    with transaction.atomic():
        if people := _held(rows):
            _erase(erasure, people, inventory_of(rows.model).title, proved)
            numbers = [number for numbers in erasure.gone.values() for number in numbers]
            remember(numbers, timezone.now().date())
    return erasure


def erase_in_batches(rows, size):
    """Erase these, `size` at a time, so that no transaction is long. Returns how many."""
    return sum(len(erase(rows.filter(pk__in=pks)).gone[rows.model]) for pks in batches_of(rows, size))


def _held(rows):
    """These rows, locked. What is encrypted is not opened: a row whose words do not open can be erased all the same."""
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


def register_eraser(model: type[models.Model], erase_rows: Callable[[models.QuerySet], int]) -> None:
    """Let `erase_rows` erase rows of a model of which something must stay that names nobody; it returns how many."""
    _erasers[model] = erase_rows


def _what_stays(rule, holder, rows):
    found = holder._base_manager.filter(rows)
    if rule.stays.is_told_always or found.exists():
        return str(rule.what), str(rule.stays.why), _until(rule.stays, found)
    return None


def _until(stays, rows):
    last = rows.aggregate(last=Max(stays.since))["last"] if stays.since else None
    return date_format(stays.until.date(last)) if last else str(stays.until)


# --- for who holds nothing but a code


def in_general(model):
    """(erased, stays) as `Erasure` tells them, for anybody, without looking: only what the data inventory says."""
    erased, stays = [(str(inventory_of(model).title), None)], []
    not_shown = _("With only your code, we can’t tell that an address is yours.")
    for _holder, rule in erasure_rules_for(model):
        if rule.stays:
            stays.append((str(rule.what), str(rule.stays.why), str(rule.stays.until)))
        elif rule.by_address:
            stays.append((str(rule.what), not_shown, str(rule.otherwise)))
        else:
            erased.append((str(rule.what), None))
    return erased, stays
