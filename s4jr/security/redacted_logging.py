"""Log lines that name no person: an exception is its type and its place, and an address is the route that answered.

Each is an object of JSON on a line of its own. What one request led to bears its number, drawn by chance and sent with
the answer as well, so that whoever reports a fault can say which it was.
"""

import json
import logging
import secrets
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

LEFT_OUT = "(message left out)"
OUR_FAULT = 500
_number = ContextVar("request number", default="")


class RequestNumberMiddleware:
    """Gives each request a number, for its lines and its answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        number = secrets.token_hex(4)
        token = _number.set(number)
        try:
            response = self.get_response(request)
        finally:
            _number.reset(token)
        response.headers["X-Request-Number"] = number
        return response


class PlainFormatter(logging.Formatter):
    """Leaves out what exceptions say (a database repeats the offending value) and addresses (links are secrets)."""

    def format(self, record):
        plain = logging.makeLogRecord(record.__dict__)
        plain.exc_text = plain.stack_info = None  # written by another formatter, or with values in it
        request = getattr(record, "request", None)
        if hasattr(request, "method"):
            match = getattr(request, "resolver_match", None)
            status = getattr(record, "status_code", "")
            if status and status < OUR_FAULT:
                plain.exc_info = None  # what came was wrong, and not where we noticed: one line, and not a page
            plain.msg, plain.args = "%s %s on %s", (status, request.method, getattr(match, "route", "?"))
        else:
            plain.args = _without_exceptions(record.args)
        return super().format(plain)

    def formatException(self, exc_info):
        kind, _, trace = exc_info
        if kind is None:
            return ""
        places = "".join(traceback.format_tb(trace))
        return f"{places}{kind.__module__}.{kind.__qualname__} {LEFT_OUT}"


class LineFormatter(PlainFormatter):
    """The same as JSON: `at` (UTC), `level`, `logger`, `request` where it was in one, `message`, and `trace` if any."""

    def format(self, record):
        message, _, trace = super().format(record).partition("\n")
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "request": _number.get(),
            "message": message,
        }
        return json.dumps(
            {name: value for name, value in {**line, "trace": trace}.items() if value}, ensure_ascii=False
        )


def _without_exceptions(args):
    """What is put into a message, less exceptions. Celery passes one as text, under `exc`, and the call beside it."""
    if isinstance(args, dict):
        hidden = {"exc", "traceback", "args", "kwargs"}
        return {key: LEFT_OUT if key in hidden else _plain(value) for key, value in args.items()}
    return tuple(_plain(value) for value in args) if isinstance(args, tuple) else args


def _plain(value):
    return f"{type(value).__qualname__} {LEFT_OUT}" if isinstance(value, BaseException) else value
