"""The page after someone deleted their information: its own page, so that a reload deletes nothing and loses nothing.

The receipt waits encrypted in the session of the same browser, for ten minutes. Exit takes it along.
"""

import json
import time
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.forgetting.receipt import Receipt
from s4jr.privacy.sealed import SealedValueError, seal, unseal

CONTEXT = "session.receipt"
KEY = "receipt"
SHOWN_SECONDS = 10 * 60


def show_receipt(request: HttpRequest, receipt: Receipt | None) -> HttpResponse:
    """A redirect to the page with this receipt; without one where nobody was there any more."""
    if receipt:
        said = {"at": int(time.time()), "receipt": asdict(receipt)}
        request.session[KEY] = seal(json.dumps(said, default=str), CONTEXT)
    return redirect("my_details_deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "members/withdrawn.html", {"receipt": _kept_receipt(request)})


def _kept_receipt(request: HttpRequest) -> dict | None:
    """The receipt as its template reads it, or None."""
    try:
        said = json.loads(unseal(request.session.get(KEY, ""), CONTEXT))
    except SealedValueError:
        return None
    if time.time() < said["at"] + SHOWN_SECONDS:
        return said["receipt"]
    del request.session[KEY]
    return None
