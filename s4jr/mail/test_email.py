"""Test emails. They go to the address of whoever asks for them and to no other: what becomes of an email tells whether
somebody stopped emails to its address."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from s4jr.crypto.fields import readable
from s4jr.mail.emails import Email
from s4jr.mail.services import queue_emails


def write_test(request: HttpRequest, emails_to: Callable[[str], Iterable[Email]], said: str) -> None:
    """Write the test emails that `emails_to(address)` makes, and say what became of them: `said` where they leave."""
    address = readable(request.user, "address")
    if not address:
        messages.warning(request, gettext("No test email was sent, because we have no email address for you."))
    elif queue_emails(emails_to(address)):
        messages.success(request, said)
    else:
        messages.warning(request, gettext("No test email was sent, because emails to your address are stopped."))


def own_address(request: HttpRequest) -> dict:
    """What `admin/mail/_test.html` shows: the address, or the page where this person may add one, if they may."""
    may_add = request.user.has_perm("accounts.change_user")
    page = reverse("admin:accounts_user_change", args=[request.user.pk]) if may_add else ""
    return {"own_address": readable(request.user, "address"), "own_page": page}
