"""A page or an act that needs an encrypted value which cannot be decrypted: a 409 page in plain words, never a 500.

Pages that only show such a value show words in its place (`s4jr.crypto.unreadable_text`) and do not come here.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from s4jr.crypto.unreadable_text import DecryptionError
from s4jr.security.submitted_fields import sent_fields

#: What a form carries along, that nobody typed.
CARRIED = {"csrfmiddlewaretoken", "form_token", "seen", "version", "action", "do", "step", "review_session"}


def is_undecryptable(error: BaseException | None) -> bool:
    return isinstance(error, DecryptionError)


def say_undecryptable(request: HttpRequest) -> HttpResponse:
    """What was typed is on the page, to be copied: it is kept nowhere else."""
    typed = [value for name, value in sent_fields(request) if value and name not in CARRIED]
    return render(request, "409.html", {"typed": typed}, status=409)
