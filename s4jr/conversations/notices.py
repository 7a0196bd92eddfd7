"""What whoever answers is told: how the answer reaches its reader, and that something was said meanwhile."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from s4jr.conversations.models import Submitted, Thread


def warn_of_newer(request: HttpRequest, thread: Thread, *also: str) -> None:
    """Something was said meanwhile: it is read anew to be shown, and a notice says that nothing was sent."""
    thread.refresh_from_db(fields=["turn", "state", *also])
    said = gettext(
        "This changed while you were writing. Read what’s new first. Your own text is below and hasn’t been sent."
    )
    messages.warning(request, said)


def choose_delivery_notice(
    record: Submitted, *, by_code: str, by_notice: str, by_email: str, is_stopped: bool = False
) -> str:
    """The sentence that is true of an answer: read with the code, told of in a discreet email, or emailed itself."""
    if is_stopped or not record.gets_emails:
        return by_code
    return by_notice if record.is_discreet else by_email
