"""Log lines that name no person: an exception is its type and place, and a URL is the route that matched.

Each line is a JSON object. All lines of one request carry its random number, which is also in the response, so that a
user who reports a fault can say which request it was.
"""

import json
import logging
import secrets
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

LEFT_OUT = "(message left out)"
#: The LOGGING setting: one line each to standard error.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "s4jr.security.redacted_logging.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # It logs each of its detectors for each message.
        "flufl.bounce": {"handlers": [], "level": "CRITICAL", "propagate": True},
    },
}
OUR_FAULT = 500
_number = ContextVar("request number", default="")


class RequestNumberMiddleware:
    """Gives each request a number, for its log lines and its response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(4)
        token = _number.set(number)
        try:
            response = self.get_response(request)
        finally:
            _number.reset(token)
        response["X-Request-Number"] = number
        return response


class PlainFormatter(logging.Formatter):
    """Leaves out exception messages (a database repeats the offending value) and URLs (links are secrets)."""

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord(record.__dict__)
        plain.exc_text = plain.stack_info = None  # written by another formatter, or with values in it
        request: Any = getattr(record, "request", None)
        if hasattr(request, "method"):
            match = getattr(request, "resolver_match", None)
            status = getattr(record, "status_code", 0)
            if status and status < OUR_FAULT:
                plain.exc_info = None  # the request was wrong and not our code: no traceback
            plain.msg, plain.args = "%s %s on %s", (status or "", request.method, getattr(match, "route", "?"))
        else:
            plain.args = _without_exceptions(record.args)
        return super().format(plain)

    def formatException(self, exc_info: Any) -> str:
        kind, _, trace = exc_info
        if kind is None:
            return ""
        places = "".join(traceback.format_tb(trace))
        return f"{places}{kind.__module__}.{kind.__qualname__} {LEFT_OUT}"


class LineFormatter(PlainFormatter):
    """The same as JSON: `at` (UTC), `level`, `logger`, `request` if inside one, `message`, and `trace` if any."""

    def format(self, record: logging.LogRecord) -> str:
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
    """Arguments of a log message without exceptions. Celery passes one as text, under `exc`, next to the call."""
    if isinstance(args, dict):
        hidden = {"exc", "traceback", "args", "kwargs"}
        return {key: LEFT_OUT if key in hidden else _plain(value) for key, value in args.items()}
    return tuple(_plain(value) for value in args) if isinstance(args, tuple) else args


def _plain(value):
    return f"{type(value).__qualname__} {LEFT_OUT}" if isinstance(value, BaseException) else value
