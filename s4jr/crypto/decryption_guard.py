"""Says whether an encrypted field may be decrypted here. Inside an admin page: only of a record that was opened.

`audit.open_record` opens a record: it asks the reason, writes the access log and spends the budget. `StaffAdminSite`
guards every admin view, so a view that forgets to call it answers 500 and shows nothing. It is refused in production
as well as in tests: see docs/decisions. Pages of members and representatives, tasks and commands are not guarded.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_visit = ContextVar("admin_visit", default=None)
_exempt = ContextVar("decryption_exempt", default=False)
#: Stands for all fields of a record.
EVERY_FIELD = "*"


class RecordNotOpenedError(Exception):
    """An admin page decrypts a field of a record that was not opened. Names the field, never the value."""


def own_key_of(record):
    return f"{record._meta.label_lower}:{record.pk}"


def key_of(record):
    """How the record is named that something belongs to: of what was said, its conversation, by `opened_with`."""
    if parent := getattr(record, "opened_with", None):
        field = record._meta.get_field(parent)
        return f"{field.related_model._meta.label_lower}:{getattr(record, field.attname)}"
    return own_key_of(record)


def check(instance, field):
    """Raise RecordNotOpenedError where `field` may not be decrypted; returns whether the row may keep the text."""
    visit = _visit.get()
    if visit is None or not visit.is_guarded:
        return True
    if _exempt.get():
        return False
    if visit.may_read(own_key_of(instance), field.name) or visit.may_read(key_of(instance), field.name):
        return True
    raise RecordNotOpenedError(f"{field.context} was read in an admin page without audit.open_record")


def is_in_request() -> bool:
    """Whether a request is being answered here. False in a task, in a command, and once a page leaves.

    A streamed admin page is being answered until its last chunk.
    """
    return _visit.get() is not None


def is_admin_page() -> bool:
    visit = _visit.get()
    return visit is not None and visit.is_guarded


class Visit:
    """One request: whether it is an admin page, and what it may read, as names of fields by record."""

    def __init__(self):
        self.is_guarded, self.opened = False, {}

    def may_read(self, key, field_name):
        names = self.opened.get(key, ())
        return field_name in names or EVERY_FIELD in names


class DecryptionGuardMiddleware:
    """Begins and ends a Visit. It ends after a TemplateResponse was rendered, which a view's own wrapper would miss.

    An admin page that is streamed is read after that: its visit comes back for each chunk.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        visit = Visit()
        with _within(visit):
            response = self.get_response(request)
        if visit.is_guarded and response.streaming:
            response.streaming_content = _chunks_within(visit, response.streaming_content)
        return response


@contextmanager
def _within(visit):
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def _chunks_within(visit, chunks):
    """The visit holds only while a chunk is made: a generator shares the context of who reads it between two chunks."""
    chunks, end = iter(chunks), object()
    while True:
        with _within(visit):
            chunk = next(chunks, end)
        if chunk is end:
            return
        yield chunk


def guard(user):
    """From here on this request decrypts only records that were opened, and what is this user's own."""
    visit = _visit.get()
    if visit is None:
        raise RuntimeError("an admin view runs only behind DecryptionGuardMiddleware")
    visit.is_guarded = True
    if user.is_authenticated:
        allow(user, [EVERY_FIELD])


def allow(record, field_names):
    """These fields of `record` may be read for the rest of this request. For `audit` to call."""
    if visit := _visit.get():
        key, names = own_key_of(record), frozenset(field_names)
        earlier = visit.opened.get(key)
        visit.opened[key] = earlier | names if earlier else names  # records of one export share one set


@contextmanager
def unshown():
    """What is decrypted inside is never shown: it goes into an encrypted email, or is compared and dropped.

    A row keeps no text that was read here, so it cannot be shown afterwards by mistake.
    """
    token = _exempt.set(True)
    try:
        yield
    finally:
        _exempt.reset(token)


def decrypts_unshown(function):
    """A function whose decrypted values never reach a page: see `unshown`."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        with unshown():
            return function(*args, **kwargs)

    return wrapper
