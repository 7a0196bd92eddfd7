"""Saves the lines of a list: representatives as prepared terms, and chapters as drafts. Nothing of them is public."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from chapters.list_import.kinds import ListKind
from chapters.list_import.reading import Line
from chapters.models import Chapter
from chapters.regions import folded
from chapters.representatives.appointments import Appointment
from chapters.representatives.prepared import prepare_terms
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import retry_on_conflict
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable


class Imported(NamedTuple):
    """How many lines were saved, and how many were already here."""

    added: int
    known: int


def add_lines(lines: Sequence[Line], kind: ListKind, *, by: User, reason: str) -> Imported:
    """Saves these lines, all or none, and sends no email. Leaves out what is already here, which changes nothing there.

    Raises TooManyOpeningsError if `by` has already spent their budget.
    """
    add = _add_representatives if kind.needs == "email" else _add_chapters
    return retry_on_conflict(lambda: add([line.answers for line in lines], by, reason))


@transaction.atomic
def _add_representatives(answers: Sequence[dict[str, Any]], by: User, reason: str) -> Imported:
    """Leaves out a known address, whatever it is for: that person has a sign-in, and is appointed on its own page.

    Each of them goes into the access log as a search. So does a username that someone else has.
    """
    addresses = _users_by_address()
    names = {user.username.casefold(): user for user in addresses.values()} | _users_by_name(answers)
    found = [addresses.get(blind_index(said["address"])) or names.get(said["username"].casefold()) for said in answers]
    known = list({user.pk: user for user in found if user}.values())
    record_access.note_list_search(by, User, known, ["address"], reason)
    new = [Appointment(**said) for said, user in zip(answers, found, strict=True) if user is None]
    terms = prepare_terms(new, by=by)
    return Imported(len(terms), len(answers) - len(terms))


@decrypts_unshown  # addresses are only hashed: the result says no more than which of a list are known
def _users_by_address() -> dict[str, User]:
    users = User.objects.only("pk", "username", "address").iterator()
    return {blind_index(address): user for user in users if (address := readable(user, "address"))}


def _users_by_name(answers: Sequence[dict[str, Any]]) -> dict[str, User]:
    wanted = {said["username"].casefold() for said in answers if said["username"]}
    if not wanted:
        return {}
    users = User.objects.only("pk", "username").iterator()
    return {name: user for user in users if (name := user.username.casefold()) in wanted}


@transaction.atomic
def _add_chapters(answers: Sequence[dict[str, Any]], by: User, reason: str) -> Imported:
    known = {folded(name) for name in Chapter.objects.values_list("name", flat=True)}
    new = [said for said in answers if folded(said["name"]) not in known]
    drafts = [_add_draft(said) for said in new]
    names = sorted(answers[0]) if answers else []
    log_access(who=by, action=AccessLog.Action.CHANGED, records=drafts, field_names=names, reason=reason)
    return Imported(len(drafts), len(answers) - len(drafts))


def _add_draft(said: dict[str, Any]) -> Chapter:
    slug = Chapter.objects.all().free_web_address(said["name"])
    return Chapter.objects.create(status=Chapter.Status.ASKED, slug=slug, **said)
