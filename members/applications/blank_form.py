"""The join form while it is blank, as HTML: the same for everybody, so it is made once in each language.

What is not the same for everybody stands outside it (`templates/members/join.html`): the form's token, and the text of
the agreement, which an admin may edit at any time and which belongs into the middle.
"""

from functools import lru_cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from members.applications.forms import JoinForm
from s4jr.mail.discreet import can_be_discreet

#: Where the agreement goes.
FOLD = SafeString("<!-- agreement -->")


def blank_fields() -> list[SafeString]:
    """The fields of a blank join form in the language of the page: those above the agreement, and those below it."""
    return _fields(get_language(), can_be_discreet())


@lru_cache(maxsize=8)
def _fields(language, can_be_discreet):
    """The arguments are all that a blank form depends on; it reads them itself."""
    whole = render_crispy_form(JoinForm(), context={"agreement_fold": FOLD})
    return [SafeString(half) for half in whole.split(FOLD)]
