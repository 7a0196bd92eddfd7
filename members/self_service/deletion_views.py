"""The page after someone deleted their information. It is a page of its own, so a reload repeats and loses nothing.

The session keeps the receipt, encrypted, for ten minutes; quick exit deletes it. Without a receipt the page cannot know
who is looking, so it does not say that anything was deleted.
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
    """Redirect to the page with this receipt; it is None if the information was gone already."""
    if receipt:
        keep_for_reload(request, KEY, asdict(receipt))
    return redirect("my_details_deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    receipt = kept_for_reload(request, KEY, SHOWN_SECONDS)
    return render(request, "members/deleted.html", {"receipt": receipt})
