"""The blank join form as HTML. It is the same for everyone, so it is rendered once per language.

`templates/members/join.html` adds what differs: the form's token, and the text of the agreement in the middle, which an
admin may edit at any time.
"""

from functools import lru_cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from members.applications.forms import JoinForm
from s4jr.mail.discreet import can_be_discreet

#: Placeholder for the agreement.
FOLD = SafeString("<!-- agreement -->")


def blank_fields() -> list[SafeString]:
    """The fields of a blank join form in the active language: those above the agreement, and those below it."""
    return _fields(get_language(), can_be_discreet())


@lru_cache(maxsize=8)
def _fields(language: str, can_be_discreet: bool) -> list[SafeString]:
    """The arguments are only the cache key: a blank form depends on them and reads them itself."""
    whole = render_crispy_form(JoinForm(), context={"agreement_fold": FOLD})
    return [SafeString(half) for half in whole.split(FOLD)]
