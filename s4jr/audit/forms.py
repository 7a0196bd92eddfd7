from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Shown before a record is opened: see `s4jr.audit.reason_required`."""

    reason = forms.CharField(
        label=_("Why are you opening this record?"),
        help_text=_("This goes into the access log, encrypted. One sentence is enough."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
