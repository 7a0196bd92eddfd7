"""Decides whether an encrypted field may be decrypted. Admin pages decrypt only records that were opened.

`audit.open_record` opens a record: it asks for the reason, writes the access log and spends the budget.
`StaffAdminSite` guards every admin view, so a view that forgets to call it answers 500 and shows nothing, in production
as well as in tests: see docs/decisions. Pages of members and representatives, tasks and commands are not guarded.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_P = ParamSpec("_P")
_Result = TypeVar("_Result")
_visit: "ContextVar[Visit | None]" = ContextVar("admin_visit", default=None)
_exempt = ContextVar("decryption_exempt", default=False)
#: All fields of a record.
EVERY_FIELD = "*"


class RecordNotOpenedError(Exception):
    """An admin page decrypted a field of a record that was not opened. Names the field, never the value."""


def own_key_of(record: Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def key_of(record: Model) -> str:
    """The key of the record that `record` belongs to by its `opened_with`: the conversation, for a message in it."""
    if parent := getattr(record, "opened_with", None):
        field: Any = record._meta.get_field(parent)
        return f"{field.related_model._meta.label_lower}:{getattr(record, field.attname)}"
    return own_key_of(record)


def check(instance: Model, field: Any) -> bool:
    """Raise RecordNotOpenedError if `field` may not be decrypted; returns whether the row may cache the text."""
    visit = _visit.get()
    if visit is None or not visit.is_guarded:
        return True
    if _exempt.get():
        return False
    if visit.may_read(own_key_of(instance), field.name) or visit.may_read(key_of(instance), field.name):
        return True
    raise RecordNotOpenedError(f"{field.context} was read in an admin page without audit.open_record")


def is_in_request() -> bool:
    """Whether code runs inside a request: False in a task, in a command, and once the response has left.

    A streamed admin page counts as inside until its last chunk.
    """
    return _visit.get() is not None


def is_admin_page() -> bool:
    visit = _visit.get()
    return visit is not None and visit.is_guarded


class Visit:
    """One request: whether it is an admin page, and which fields it may read, by record."""

    def __init__(self) -> None:
        self.is_guarded = False
        self.opened: dict[str, frozenset[str]] = {}

    def may_read(self, key: str, field_name: str) -> bool:
        names = self.opened.get(key, frozenset())
        return field_name in names or EVERY_FIELD in names


class DecryptionGuardMiddleware:
    """Begins and ends a Visit. It ends after a TemplateResponse was rendered, which a view decorator would miss.

    A streamed admin page is read after that: its visit is restored for each chunk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visit = Visit()
        with _within(visit):
            response: Any = self.get_response(request)
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
    """Restore the visit for each chunk only: between two chunks a generator shares the context of its reader."""
    chunks, end = iter(chunks), object()
    while True:
        with _within(visit):
            chunk = next(chunks, end)
        if chunk is end:
            return
        yield chunk


def guard(user: AbstractBaseUser | AnonymousUser) -> None:
    """From here on, let this request decrypt only opened records and the user's own fields."""
    visit = _visit.get()
    if visit is None:
        raise RuntimeError("an admin view runs only behind DecryptionGuardMiddleware")
    visit.is_guarded = True
    if isinstance(user, AbstractBaseUser):
        allow(user, [EVERY_FIELD])


def allow(record: Model, field_names: Iterable[str]) -> None:
    """Let the rest of this request read these fields of `record`. Only `audit` calls this."""
    if visit := _visit.get():
        key, names = own_key_of(record), frozenset(field_names)
        earlier = visit.opened.get(key)
        visit.opened[key] = earlier | names if earlier else names  # the records of an export share one set


@contextmanager
def unshown() -> Iterator[None]:
    """Allow decrypting what is never shown: it goes into an encrypted email, or is compared and dropped.

    The row does not cache the text, so it cannot be shown afterwards by mistake.
    """
    token = _exempt.set(True)
    try:
        yield
    finally:
        _exempt.reset(token)


def decrypts_unshown(function: Callable[_P, _Result]) -> Callable[_P, _Result]:
    """Decorate a function whose decrypted values never reach a page: see `unshown`."""

    @wraps(function)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _Result:
        with unshown():
            return function(*args, **kwargs)

    return wrapper
