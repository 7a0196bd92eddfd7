"""Takes one message that came back, however it was received."""

import logging

from django.db import Error

from s4jr.mail.bounces.messages import read_message, returned_token
from s4jr.mail.bounces.replies import is_out_of_office, read_reply
from s4jr.mail.bounces.reports import read_delivery_status, read_free_form
from s4jr.mail.bounces.services import Outcome, answer_reply, record_bounce
from s4jr.steps import tell_of_failure

logger = logging.getLogger(__name__)


def receive_message(raw: bytes, recipient: str = "") -> Outcome:
    """Act on a message; `recipient` is the address it was delivered to, if known. Nothing of it is kept.

    Raises a `django.db.Error` if the database failed: then the same message must come again. One that our own code
    fails on is logged and counted, and dropped: it would fail each time and be in the way of others.
    """
    try:
        return _act_on(raw, recipient)
    except Error:
        raise
    except Exception:
        logger.exception("A message to the return address could not be read")
        tell_of_failure()
        return Outcome.IGNORED


def _act_on(raw: bytes, recipient: str) -> Outcome:
    message = read_message(raw)
    if message is None:
        return Outcome.IGNORED
    report = read_delivery_status(message)
    if report is None and not is_out_of_office(message):
        report = read_free_form(message)
    if report is not None:
        token = returned_token(message, recipient)
        return record_bounce(token, report) if token else Outcome.IGNORED
    reply = read_reply(message)
    return answer_reply(reply) if reply else Outcome.IGNORED
