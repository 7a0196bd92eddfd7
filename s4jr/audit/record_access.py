"""Opening a record in the admin: the one way to what is encrypted. It asks why, writes it down and spends a budget.

`open_record` is for every page that shows something of a person. Each opening is a row of the access log with the names
of the fields that may be read, and `decryption_guard` lets the page read these and no others. Openings are never given
back, whatever is decided afterwards. A reason that was given holds for the same record and sign-in for a while.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from s4jr.audit.forms import ReasonForm
from s4jr.audit.models import AccessLog
from s4jr.crypto import decryption_guard

Action, Budget = AccessLog.Action, AccessLog.Budget
HOUR = timedelta(hours=1)
#: For how long a reason that was given opens the same fields of the same record again.
OPEN_SECONDS = 15 * 60
OPENED = "opened_records"
#: The question why, asked in the middle of another form: its own field, and the mark that it carries that form.
PREFIX, CARRIES = "opening", "opening-carries"

_listeners = []


class TooManyOpeningsError(Exception):
    """More records were opened within an hour than the budget allows."""


def tells_admins(function):
    """Register what tells the other admins: called with a user, "openings" or "undone", and the limit an hour."""
    _listeners.append(function)
    return function


# --- opening


def open_record(request, record, field_names, reason, *, budget=Budget.LISTS, parts=(), is_kept=True):
    """Write down that this person opens `record`, spend one of `budget`, and let the page read `field_names`.

    With `parts`, rows that belong to the record, only these may be read, and not the rest of it. With `is_kept` the
    reason holds for later pages of this sign-in too. Past the budget TooManyOpeningsError, and the others are told.
    """
    if not _spend(request.user, [record], field_names, reason, budget):
        _tell(request.user, "openings", limit_of(budget))
        raise TooManyOpeningsError
    _allow(record, field_names, parts)
    if is_kept and not parts:
        _keep(request.session, record, field_names, budget)


def refuse_past_budget(user, budget=Budget.LISTS):
    """Raise TooManyOpeningsError, and tell the others, where nothing is left: for a press that opens what it takes."""
    if openings_lately(user, budget) >= limit_of(budget):
        _tell(user, "openings", limit_of(budget))
        raise TooManyOpeningsError


@transaction.atomic
def _spend(user, records, field_names, reason, budget, action=Action.OPENED, *, needs=None):
    """Count and write in one go: the lock on their own row lets no second request count at the same time.

    There must be room for all records, or for as many as `needs` says.
    """
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    if openings_lately(user, budget) + (needs or len(records)) > limit_of(budget):
        return False
    said = {"field_names": field_names, "reason": reason, "budget": budget}
    AccessLog.objects.note(who=user, action=action, records=records, **said)
    return True


def note_search(user, model, found, field_names, reason):
    """Write down a search for one person: a row for each record of `model` that it found, or one without a record.

    Each row is counted, so that nobody learns for nothing that an address is not there. Raises TooManyOpeningsError.
    """
    _charge(user, found or [model()], field_names, reason, Action.SEARCHED)


def note_list_search(user, model, found, field_names, reason):
    """The same for a whole list of addresses, inside the transaction that uses what was found.

    A list is not stopped halfway: one may go past the budget, and then the others are told and the next one is refused.
    """
    _charge(user, found or [model()], field_names, reason, Action.SEARCHED, needs=1)
    if openings_lately(user, Budget.LISTS) > limit_of(Budget.LISTS):
        _tell(user, "openings", limit_of(Budget.LISTS))


def note_address(user, record, field_name, reason):
    """Write down that an address was typed for `record`, and count it: what follows tells whether emails go there."""
    _charge(user, [record], [field_name], reason, Action.CHANGED)


def _charge(user, records, field_names, reason, action, **more):
    if not _spend(user, records, field_names, reason, Budget.LISTS, action, **more):
        _tell(user, "openings", limit_of(Budget.LISTS))
        raise TooManyOpeningsError


def open_found(request, found, field_names, reason):
    """Let this page show `field_names` of each of `found`: a row and an opening each, or TooManyOpeningsError."""
    for record in found:
        open_record(request, record, field_names, reason, is_kept=False)


def open_for_export(user, records, field_names, reason):
    """Write an "exported" row for each of `records`, all of one model, and let the list show `field_names` of them.

    An export costs no opening: it is longer than any budget, so it takes a right of its own.
    """
    meta = records[0]._meta
    if not user.has_perm(f"{meta.app_label}.export_{meta.model_name}"):
        raise PermissionDenied
    AccessLog.objects.note(who=user, action=Action.EXPORTED, records=records, field_names=field_names, reason=reason)
    names = frozenset(field_names)
    for record in records:
        _allow(record, names)


def limit_of(budget):
    """How many an hour."""
    return settings.OPENINGS_FROM_QUEUE_AN_HOUR if budget == Budget.QUEUE else settings.OPENINGS_AN_HOUR


def openings_lately(user, budget):
    """How much of a budget this person has spent within the last hour."""
    return _lately(user).filter(budget=budget).count()


def _lately(user):
    return AccessLog.objects.filter(user_id=user.pk, at__gt=timezone.now() - HOUR)


def _allow(record, field_names, parts=()):
    for opened in parts or [record]:
        decryption_guard.allow(opened, field_names)


# --- what is open


def is_open(request, record, field_names):
    """Whether a reason for these fields was given a moment ago; then this page may read them."""
    opened_at, opened_names, _budget = _opened(request.session, record)
    found = opened_at > time.time() - OPEN_SECONDS and set(field_names) <= set(opened_names)
    if found:
        _allow(record, field_names)
    return found


def _opened(session, record):
    return session.get(OPENED, {}).get(decryption_guard.key_of(record), (0, [], Budget.LISTS))


def _keep(session, record, field_names, budget):
    """In the session stand primary keys and names of fields, and nothing that was read."""
    now = int(time.time())
    opened_at, earlier, _budget = _opened(session, record)
    names = sorted({*field_names, *(earlier if opened_at > now - OPEN_SECONDS else ())})
    session[OPENED] = {**session.get(OPENED, {}), decryption_guard.key_of(record): (now, names, budget)}


# --- pages


def ask_to_open(request, record, field_names, initial=""):
    """For the page of one record: None once it may be shown, else the page that asks why, or what follows from it."""
    if request.method != "POST" and is_open(request, record, field_names):
        return None
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"reason": initial})
    if not form.is_valid():
        return render(request, "admin/one_form.html", _context(str(record), request, form=form, button=_button_label()))
    return _opening(request, record, field_names, form.cleaned_data["reason"]) or redirect(request.path)


def open_again(request, record, field_names):
    """For a page that follows from an open record, as of a decision: None once it may be shown, else what asks why.

    What was typed is never lost to a reason that ran out. A form that was sent opens the record anew; where this
    sign-in never opened it, the page that asks why carries the form along.
    """
    opened_at, _names, budget = _opened(request.session, record)
    is_fresh = opened_at > time.time() - OPEN_SECONDS
    if is_open(request, record, field_names):
        return None
    if is_fresh or (opened_at and request.method == "POST"):
        return _opening(request, record, field_names, gettext("continuing with a record that was already open"), budget)
    return _ask_in_place(request, record, field_names)


def _ask_in_place(request, record, field_names):
    asked = f"{PREFIX}-reason" in request.POST
    form = ReasonForm(request.POST if asked else None, prefix=PREFIX)
    if not form.is_valid():
        context = _context(str(record), request, form=form, button=_button_label(), carried=_carried(request))
        return render(request, "admin/one_form.html", context)
    stop = _opening(request, record, field_names, form.cleaned_data["reason"])
    return stop or (None if CARRIES in request.POST else redirect(request.get_full_path()))


def _carried(request):
    """What the form that was sent says, as pairs for hidden fields; nothing for a page that was only asked for."""
    if request.method != "POST" or (f"{PREFIX}-reason" in request.POST and CARRIES not in request.POST):
        return []
    ours = {CARRIES, f"{PREFIX}-reason", "csrfmiddlewaretoken"}
    said = [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]
    return [(CARRIES, "1"), *said]


def open_for(request, record, field_names, reason, budget=Budget.LISTS):
    """For a page whose address says why it is opened. None once it may be shown, else the page that says: enough."""
    if is_open(request, record, field_names):
        return None
    return _opening(request, record, field_names, reason, budget)


def _opening(request, record, field_names, reason, budget=Budget.LISTS):
    try:
        return open_record(request, record, field_names, reason, budget=budget)
    except TooManyOpeningsError:
        return too_many_openings(request)


def too_many_openings(request):
    """The page that says: enough for now. The others are told here too: what a transaction undid told nobody."""
    _tell(request.user, "openings", limit_of(Budget.LISTS))
    return render(request, "admin/too_many_openings.html", _context(gettext("Limit reached"), request), status=403)


def _button_label():
    return gettext("Open the record")


def _context(title, request, **more):
    return {**admin.site.each_context(request), "title": title, **more}


# --- undoing


def note_undo(user, records):
    """Write down that this person undid the decision about these records. Past UNDONE_AN_HOUR the others are told."""
    AccessLog.objects.note(who=user, action=Action.UNDONE, records=records)
    if _lately(user).filter(action=Action.UNDONE).count() > settings.UNDONE_AN_HOUR:
        _tell(user, "undone", settings.UNDONE_AN_HOUR)


def _tell(user, what, limit):
    for listener in _listeners:
        listener(user, what, limit)
