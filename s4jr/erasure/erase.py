"""The eraser. It walks the data dictionary from whoever goes: what it finds is erased, or stays and says why."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from s4jr.chunked import batches_of
from s4jr.crypto.fields import sealed_fields
from s4jr.erasure.inventory import dictionary_of, traces_of
from s4jr.erasure.rules import CAN_BE_ERASED, remembered
from s4jr.erasure.tombstones import remember


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
        said = (_what_stays(trace, holder, rows) for trace, (holder, rows) in self.staying.items())
        return [words for words in said if words]


def erase(rows, *, proved=False):
    """Erase these members, inquiries or the like, and all that is found of them. Returns the Erasure.

    `proved`: they have shown that the mailbox is theirs; then what is found by that address goes as well. An email that
    waits never leaves. Rows that are changed at this moment are looked at again before they go.
    """
    erasure = Erasure()
    with transaction.atomic():
        if people := _held(rows):
            _erase(erasure, people, dictionary_of(rows.model).title, proved)
            numbers = [number for numbers in erasure.gone.values() for number in numbers]
            remember(numbers, timezone.now().date())
    return erasure


def erase_in_batches(rows, size):
    """Erase these, `size` at a time, so that no transaction is long. Returns how many."""
    return sum(len(erase(rows.filter(pk__in=pks)).gone[rows.model]) for pks in batches_of(rows, size))


def _held(rows):
    """These rows, locked. What is sealed is not opened: a row whose words do not open can be erased all the same."""
    sealed = [sealed_field.name for sealed_field in sealed_fields(rows.model)]
    return list(rows.defer(*sealed).order_by("pk").select_for_update(of=("self",)))


def _erase(erasure, people, what, proved):
    model = type(people[0])
    erasure.gone[model] += remembered(people)
    erasure.counts[what] += len(people)
    by_address = proved and any(person.email_index for person in people)
    for holder, trace in traces_of(model):
        if by_address or not trace.by_address:
            _follow(erasure, holder, trace, people)
    model._base_manager.filter(pk__in=[person.pk for person in people]).only("pk").delete()


def _follow(erasure, holder, trace, people):
    rows = holder._base_manager.filter(trace.rows(people))
    if trace.stays:
        _holder, earlier = erasure.staying.get(trace, (holder, Q()))
        erasure.staying[trace] = holder, earlier | trace.rows(people)
    elif holder._meta.label_lower not in CAN_BE_ERASED:
        _delete(erasure, trace, holder._default_manager.filter(trace.rows(people)) if trace.leaves_marks else rows)
    elif found := _held(rows):
        _erase(erasure, found, trace.what, proved=False)


def _delete(erasure, trace, rows):
    count = rows.erase() if trace.leaves_marks else rows.delete()[1].get(rows.model._meta.label, 0)
    if trace.is_counted:
        erasure.counts[trace.what] += count
    else:
        erasure.uncounted[trace.what] = None


def _what_stays(trace, holder, rows):
    found = holder._base_manager.filter(rows)
    if trace.stays.is_told_always or found.exists():
        return str(trace.what), str(trace.stays.why), _until(trace.stays, found)
    return None


def _until(stays, rows):
    last = rows.aggregate(last=Max(stays.since))["last"] if stays.since else None
    return date_format(stays.until.date(last)) if last else str(stays.until)


# --- for who holds nothing but a code


def in_general(model):
    """(erased, stays) as `Erasure` tells them, for anybody, without looking: only what the data dictionary says."""
    erased, stays = [(str(dictionary_of(model).title), None)], []
    not_shown = _("A status code does not show that an address is yours.")
    for _holder, trace in traces_of(model):
        if trace.stays:
            stays.append((str(trace.what), str(trace.stays.why), str(trace.stays.until)))
        elif trace.by_address:
            stays.append((str(trace.what), not_shown, str(trace.otherwise)))
        else:
            erased.append((str(trace.what), None))
    return erased, stays
