"""Test emails. They go only to the admin who asks: the result reveals whether an address is suppressed."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from s4jr.crypto.fields import readable
from s4jr.mail.emails import Email
from s4jr.mail.services import queue_emails


def write_test(request: HttpRequest, emails_to: Callable[[str], Iterable[Email]], said: str) -> bool:
    """Queue the test emails that `emails_to(address)` returns, and report the result: `said` if they are queued.

    Returns whether they are.
    """
    address = readable(request.user, "address")
    if not address:
        messages.warning(request, gettext("No test email was sent, because we have no email address for you."))
        return False
    if queue_emails(emails_to(address)):
        messages.success(request, said)
        return True
    messages.warning(request, gettext("No test email was sent, because emails to your address are stopped."))
    return False


def own_address(request: HttpRequest) -> dict[str, Any]:
    """Context of `admin/mail/_test.html`: the admin's address, or the page where they may add one."""
    may_add = request.user.has_perm("accounts.change_user")
    page = reverse("admin:accounts_user_change", args=[request.user.pk]) if may_add else ""
    return {"own_address": readable(request.user, "address"), "own_page": page}
