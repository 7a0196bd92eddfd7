"""The join form while it is blank, as HTML: the same for everybody, so it is made once in each language.

What is one person's own, the form's token, stands outside it (`templates/members/join.html`).
"""

from functools import lru_cache

from crispy_forms.utils import render_crispy_form
from django.utils.translation import get_language

from members.applications.forms import JoinForm
from s4jr.mail.discreet import can_be_discreet


def blank_fields():
    """The fields of a blank join form in the language of the page."""
    return _fields(get_language(), can_be_discreet())


@lru_cache(maxsize=8)
def _fields(language, can_be_discreet):
    """The arguments are all that a blank form depends on; it reads them itself."""
    return render_crispy_form(JoinForm())
