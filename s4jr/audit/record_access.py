"""Opening a record in the admin: the only way to its encrypted fields. It logs the reason and spends a budget.

Every page that shows something about a person calls `open_record`; `s4jr.audit.reason_required` asks why before that.
Each opening is a row of the access log with the names of the fields that may be read; `decryption_guard` lets the page
read these and no others. Openings are never refunded, whatever is decided afterwards. A reason stays valid for the same
record and sign-in for a while.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto import decryption_guard

Action, Budget = AccessLog.Action, AccessLog.Budget
HOUR = timedelta(hours=1)
#: For how long a reason opens the same fields of the same record again.
OPEN_SECONDS = 15 * 60
OPENED = "opened_records"

#: `request.user`; only signed-in users reach these pages.
RequestUser = AbstractUser | AnonymousUser
Listener = Callable[[Any, str, int], Any]
_listeners: list[Listener] = []


class TooManyOpeningsError(Exception):
    """More records were opened within an hour than the budget allows."""


def tells_admins(function: Listener) -> Listener:
    """Register a function that notifies the other admins: called with a user, "openings" or "undone", and the limit."""
    _listeners.append(function)
    return function


# --- opening


def open_record(
    request: HttpRequest,
    record: Model,
    field_names: Collection[str],
    reason: str,
    *,
    budget: str = Budget.LISTS,
    parts: Sequence[Model] = (),
    is_kept: bool = True,
) -> None:
    """Log that the user opens `record`, spend one of `budget`, and let the page read `field_names`.

    With `parts`, rows that belong to the record, only these may be read and not the record itself. With `is_kept` the
    reason stays valid for later pages of this sign-in. Raises TooManyOpeningsError past the budget and notifies the
    other admins.
    """
    if not _spend(request.user, [record], field_names, reason, budget):
        _tell(request.user, "openings", limit_of(budget))
        raise TooManyOpeningsError
    _allow(record, field_names, parts)
    if is_kept and not parts:
        _keep(request.session, record, field_names, budget)


def refuse_past_budget(user: RequestUser, budget: str = Budget.LISTS) -> None:
    """Raise TooManyOpeningsError and notify the other admins if the budget is spent: for actions that open records."""
    if openings_lately(user, budget) >= limit_of(budget):
        _tell(user, "openings", limit_of(budget))
        raise TooManyOpeningsError


@transaction.atomic
def _spend(user, records, field_names, reason, budget, action=Action.OPENED, *, needs=None):
    """Count and log at once: the lock keeps concurrent requests of one user from counting at the same time.

    There must be room for all records, or for `needs` of them.
    """
    _lock(user)
    if openings_lately(user, budget) + (needs or len(records)) > limit_of(budget):
        return False
    said = {"field_names": field_names, "reason": reason, "budget": budget}
    log_access(who=user, action=action, records=records, **said)
    return True


def _lock(user):
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def reserve(user: RequestUser, openings: int, budget: str = Budget.LISTS) -> None:
    """Raise TooManyOpeningsError unless this user has so many openings left; no other request of theirs uses them.

    Inside the transaction of a search that opens what it finds: so whether it is refused does not depend on whom it
    finds.
    """
    _lock(user)
    if openings_lately(user, budget) + openings > limit_of(budget):
        _tell(user, "openings", limit_of(budget))
        raise TooManyOpeningsError


def notify_again(user: RequestUser) -> None:
    """Notify the other admins of a spent budget once more: a rolled-back transaction notified no one."""
    _tell(user, "openings", limit_of(Budget.LISTS))


def note_search(
    user: RequestUser, model: type[Model], found: Sequence[Model], field_names: Iterable[str], reason: str
) -> None:
    """Log a search for one person: an entry for each record of `model` that was found, or one without a record.

    Each entry is counted: that an address is not there is information too. Raises TooManyOpeningsError.
    """
    _charge(user, found or [model()], field_names, reason, Action.SEARCHED)


def note_list_search(
    user: RequestUser, model: type[Model], found: Sequence[Model], field_names: Iterable[str], reason: str
) -> None:
    """Log a search for a whole list of addresses, inside the transaction that uses the result.

    A list is not stopped halfway: it may exceed the budget. Then the other admins are notified and the next is refused.
    """
    _charge(user, found or [model()], field_names, reason, Action.SEARCHED, needs=1)
    if openings_lately(user, Budget.LISTS) > limit_of(Budget.LISTS):
        _tell(user, "openings", limit_of(Budget.LISTS))


def note_address(user: RequestUser, record: Model, field_name: str, reason: str) -> None:
    """Log and count that an address was entered for `record`: what follows shows whether emails go there."""
    _charge(user, [record], [field_name], reason, Action.CHANGED)


def _charge(user, records, field_names, reason, action, **more):
    if not _spend(user, records, field_names, reason, Budget.LISTS, action, **more):
        _tell(user, "openings", limit_of(Budget.LISTS))
        raise TooManyOpeningsError


def open_found(request: HttpRequest, found: Sequence[Model], field_names: Collection[str], reason: str) -> None:
    """Let this page show `field_names` of each of `found`: one entry and opening each. Raises TooManyOpeningsError.

    There is room for all of them, or none is opened.
    """
    _charge(request.user, found, field_names, reason, Action.OPENED)
    for record in found:
        _allow(record, field_names)


def open_for_export(user: RequestUser, records: Sequence[Model], field_names: Collection[str], reason: str) -> None:
    """Log an "exported" entry for each of `records`, all of one model, and let the export read their `field_names`.

    An export costs no opening: it is larger than any budget, so it requires a permission of its own.
    """
    meta = records[0]._meta
    if not user.has_perm(f"{meta.app_label}.export_{meta.model_name}"):
        raise PermissionDenied
    log_access(who=user, action=Action.EXPORTED, records=records, field_names=field_names, reason=reason)
    names = frozenset(field_names)
    for record in records:
        _allow(record, names)


def limit_of(budget: str) -> int:
    """Openings per hour."""
    return settings.OPENINGS_FROM_QUEUE_AN_HOUR if budget == Budget.QUEUE else settings.OPENINGS_AN_HOUR


def openings_lately(user: RequestUser, budget: str) -> int:
    """How many openings of a budget this user spent within the last hour."""
    return _lately(user).filter(budget=budget).count()


def _lately(user):
    return AccessLog.objects.filter(user_id=user.pk, at__gt=timezone.now() - HOUR)


def _allow(record, field_names, parts=()):
    for opened in parts or [record]:
        decryption_guard.allow(opened, field_names)


# --- what is open


def is_open(request: HttpRequest, record: Model, field_names: Collection[str]) -> bool:
    """Whether a reason for these fields was given recently; if so, this page may read them."""
    opened_at, opened_names, _budget = _opened(request.session, record)
    found = opened_at > time.time() - OPEN_SECONDS and set(field_names) <= set(opened_names)
    if found:
        _allow(record, field_names)
    return found


def _opened(session, record):
    return session.get(OPENED, {}).get(decryption_guard.key_of(record), (0, [], Budget.LISTS))


def _keep(session, record, field_names, budget):
    """The session stores primary keys and field names, never values."""
    now = int(time.time())
    opened_at, earlier, _budget = _opened(session, record)
    names = sorted({*field_names, *(earlier if opened_at > now - OPEN_SECONDS else ())})
    session[OPENED] = {**session.get(OPENED, {}), decryption_guard.key_of(record): (now, names, budget)}


def open_for(
    request: HttpRequest, record: Model, field_names: Collection[str], reason: str, budget: str = Budget.LISTS
) -> None:
    """Open `record` unless it is open: for a page whose URL implies the reason. Raises TooManyOpeningsError."""
    if not is_open(request, record, field_names):
        open_record(request, record, field_names, reason, budget=budget)


def continue_with(request: HttpRequest, record: Model, field_names: Collection[str]) -> bool:
    """Whether a page that follows from an open record, such as a decision, may read `field_names`.

    An expired reason never loses a submitted form: submitting it opens the record again. False if this sign-in never
    opened the record. Raises TooManyOpeningsError.
    """
    opened_at, _names, budget = _opened(request.session, record)
    is_fresh = opened_at > time.time() - OPEN_SECONDS
    if is_open(request, record, field_names):
        return True
    if is_fresh or (opened_at and request.method == "POST"):
        why = gettext("continuing with a record that was already open")
        open_record(request, record, field_names, why, budget=budget)
        return True
    return False


# --- undoing


def note_undo(user: RequestUser, records: Iterable[Any]) -> None:
    """Log that the user undid a decision about these records. Past UNDONE_AN_HOUR the other admins are notified."""
    log_access(who=user, action=Action.UNDONE, records=records)
    if _lately(user).filter(action=Action.UNDONE).count() > settings.UNDONE_AN_HOUR:
        _tell(user, "undone", settings.UNDONE_AN_HOUR)


def _tell(user, what, limit):
    for listener in _listeners:
        listener(user, what, limit)
