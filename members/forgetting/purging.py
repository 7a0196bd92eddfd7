"""Forgetting what is due. The data dictionary says what goes when; here it goes, a batch at a time.

It may run while the site serves, twice at once, and be stopped anywhere: every batch is one short transaction that
looks again at what it is about to erase, and the next run goes on.
"""

from functools import partial

from django.utils import timezone

from chapters.models import RepresentativeMessage
from members import telling
from members.models import Member, MemberLink
from members.my_details.credentials import settle_changes
from s4jr.audit.checkpoints import drop_old_days
from s4jr.chunked import batches_of
from s4jr.erasure.erase import erase_in_batches
from s4jr.erasure.expired import delete_cached, rows_that_are_over
from s4jr.erasure.inventory import dictionaries
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.erasure.tombstones import tidy_beside
from s4jr.steps import run_steps

BATCH = 200


def purge(now=None):
    """Forget all that is due at this moment. Returns {what: how many}, of what there was any. See `run_steps`."""
    now = now or timezone.now()
    log = {"days of the access log": partial(drop_old_days, now), "numbers beside the database": _tidy_beside}
    return run_steps({**_members(now), **_by_age(now), **_over(now), **log})


def _tidy_beside():
    tidy_beside()


def _members(now):
    """What takes more than erasing a row: those left undecided are told, and who is a member stays one."""
    return {
        # Before they go by age: whoever wrote is told in the moment it goes.
        "letters about messages that go": partial(RepresentativeMessage.objects.tell_of_the_end, now),
        "told of those undecided": partial(telling.tell_of_undecided, now.date()),
        "never confirmed": partial(Member.objects.erase_unproved, now),
        "undecided for too long": partial(Member.objects.lapse, now.date()),
        "words of old decisions": partial(Member.objects.empty_decided_words, now),
        "addresses to come": partial(Member.objects.forget_addresses_to_come, now),
        "new ways in that hold now": partial(settle_changes, now),
    }


def _by_age(now):
    aged = [(model, age) for model, dictionary in dictionaries() for age in dictionary.ages]
    return {f"{model._meta.label} by {age.setting}": partial(_erase, model, age.due(now)) for model, age in aged}


def _erase(model, due):
    rows = model._base_manager.filter(due)
    return erase_in_batches(rows, BATCH) if model._meta.label_lower in CAN_BE_ERASED else _delete(rows)


def _over(now):
    over = {**rows_that_are_over(now), "links": MemberLink.objects.filter(expires_at__lte=now)}
    return {**{what: partial(_delete, rows) for what, rows in over.items()}, "cached": partial(delete_cached, now)}


def _delete(rows):
    return sum(rows.filter(pk__in=pks).delete()[0] for pks in batches_of(rows, BATCH))
