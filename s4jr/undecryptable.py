"""A 409 page in plain words, never a 500, for a page or an action that needs a value which cannot be decrypted.

Pages that only show such a value show a placeholder (`s4jr.crypto.unreadable_text`) and do not use this.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from s4jr.crypto.unreadable_text import DecryptionError
from s4jr.security.submitted_fields import sent_fields

#: Hidden fields of forms.
CARRIED = {"csrfmiddlewaretoken", "form_token", "seen", "version", "action", "do", "step", "review_session"}


def is_undecryptable(error: BaseException | None) -> bool:
    return isinstance(error, DecryptionError)


def say_undecryptable(request: HttpRequest) -> HttpResponse:
    """What was typed is on the page, to be copied: it is stored nowhere else."""
    typed = [value for name, value in sent_fields(request) if value and name not in CARRIED]
    return render(request, "409.html", {"typed": typed}, status=409)
