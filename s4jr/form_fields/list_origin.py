"""The question on the page of an import where its list comes from."""

from django import forms
from django.utils.translation import gettext_lazy as _


def list_origin_field() -> forms.CharField:
    """A required field of one sentence, which the access log keeps."""
    return forms.CharField(
        label=_("Where does this list come from?"),
        help_text=_("This goes into the access log, encrypted. One sentence is enough."),
        error_messages={"required": _("Say where this list comes from.")},
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
