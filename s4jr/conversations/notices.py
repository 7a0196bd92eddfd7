"""Notices for the person who answers: how the answer reaches the sender, and that a message arrived meanwhile."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from s4jr.conversations.models import Submitted, Thread


def warn_of_newer(request: HttpRequest, thread: Thread, *also: str) -> None:
    """Reload the thread for display and warn that nothing was sent, because a message arrived meanwhile."""
    thread.refresh_from_db(fields=["turn", "state", *also])
    said = gettext(
        "This changed while you were writing. Read what’s new first. Your own text is below and hasn’t been sent."
    )
    messages.warning(request, said)


def choose_delivery_notice(
    record: Submitted, *, by_code: str, by_notice: str, by_email: str, is_stopped: bool = False
) -> str:
    """The sentence that is true of an answer: read with the code, announced in a discreet email, or emailed itself."""
    if is_stopped or not record.gets_emails:
        return by_code
    return by_notice if record.is_discreet else by_email
