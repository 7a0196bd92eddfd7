"""The page after someone deleted their information: its own page, so that a reload deletes nothing and loses nothing.

The receipt waits encrypted in the session of the same browser, for ten minutes. Exit takes it along. Without one the
page can't know who looks, so it says nothing as done.
"""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.self_service.deletion_receipt import Receipt
from s4jr.security.reload_state import SECONDS, keep_for_reload, kept_for_reload

KEY = "receipt"
SHOWN_SECONDS = SECONDS


def show_receipt(request: HttpRequest, receipt: Receipt | None) -> HttpResponse:
    """A redirect to the page with this receipt; without one where nobody was there any more."""
    if receipt:
        keep_for_reload(request, KEY, asdict(receipt))
    return redirect("my_details_deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    receipt = kept_for_reload(request, KEY, SHOWN_SECONDS)
    return render(request, "members/deleted.html", {"receipt": receipt})
