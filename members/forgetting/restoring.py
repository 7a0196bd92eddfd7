"""After a restore: whoever was erased since the backup was made is in the database again, and is erased again."""

from typing import NamedTuple

from django.apps import apps
from django.db import transaction

from members.models import Member
from s4jr.accounts.models import Session
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.erase import erase
from s4jr.erasure.inventory import dictionary_of
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.erasure.tombstones import all_remembered, keep, note_beside
from s4jr.mail.models import OutgoingEmail

BATCH = 200
RESTORED = "it waited when the backup was made: it may have left since"


class Again(NamedTuple):
    """How many tombstones there are, and the numbers of those who had to be erased again."""

    known: int
    numbers: list


def erase_again(days):
    """Erase everybody with a tombstone in the database or in `days`, {number: day}. Twice does no more than once."""
    with transaction.atomic():
        keep(days)
    known = all_remembered()
    note_beside({number: day for number, day in known.items() if number not in days})
    return Again(len(known), sorted(number for model in _models() for number in _erase_again(model, list(known))))


def settle_what_was_underway():
    """Nothing leaves a second time, and nobody is signed in whom a restored session would let in. Returns how many."""
    states = OutgoingEmail.State
    underway = OutgoingEmail.objects.filter(state__in=[states.PENDING, states.CLAIMED, states.COMMITTING])
    letters = underway.update(state=states.UNKNOWN, claim=None, lease_until=None, last_error=RESTORED)
    return letters, Session.objects.all().delete()[0]


def index_key_fits():
    """Whether somebody's address leads to them: their fingerprint was made with the INDEX_KEY of here."""
    member = Member.objects.exclude(email_index=None).first()
    return member is None or member.email_index == blind_index(member.email)


def _models():
    return [apps.get_model(label) for label in CAN_BE_ERASED]


def _erase_again(model, numbers):
    mark = dictionary_of(model).tombstone
    theirs = [number.removeprefix(mark) for number in numbers if number.startswith(mark)]
    for start in range(0, len(theirs), BATCH):
        rows = model._base_manager.filter(number__in=theirs[start : start + BATCH])
        for gone in erase(rows).gone.values():
            yield from gone
