"""Log lines that name no person: an exception is its type and its place, and an address is the route that answered."""

import logging
import traceback

LEFT_OUT = "(message left out)"


class PlainFormatter(logging.Formatter):
    """Leaves out what exceptions say (a database repeats the offending value) and addresses (links are secrets)."""

    def format(self, record):
        plain = logging.makeLogRecord(record.__dict__)
        plain.exc_text = plain.stack_info = None  # written by another formatter, or with values in it
        request = getattr(record, "request", None)
        if hasattr(request, "method"):
            match = getattr(request, "resolver_match", None)
            status = getattr(record, "status_code", "")
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


def _without_exceptions(args):
    """What is put into a message, less exceptions. Celery passes one as text, under `exc`, and the call beside it."""
    if isinstance(args, dict):
        hidden = {"exc", "traceback", "args", "kwargs"}
        return {key: LEFT_OUT if key in hidden else _plain(value) for key, value in args.items()}
    return tuple(_plain(value) for value in args) if isinstance(args, tuple) else args


def _plain(value):
    return f"{type(value).__qualname__} {LEFT_OUT}" if isinstance(value, BaseException) else value
