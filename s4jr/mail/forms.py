from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.mail.addresses import validate_writable
from s4jr.mail.models import Suppression
from s4jr.privacy.blind_index import blind_index


class UnsubscribeForm(forms.Form):
    never = forms.BooleanField(
        label=_("Never write to this address again, even if somebody gives it to us anew."), required=False
    )

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class TestLetterForm(forms.Form):
    to = forms.EmailField(label=_("Where should the test letter go?"), max_length=254, validators=[validate_writable])


class SuppressionForm(forms.ModelForm):
    """An address that is to get no letters. What is typed is kept as a keyed hash only."""

    address = forms.EmailField(
        label=_("Address that is to get no more letters"),
        help_text=_("It is not kept: nobody can read it here afterwards. It is found again by typing the whole of it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Suppression
        fields = []

    def stop_letters(self):
        """Stop letters to this address and call back those that wait; returns the Suppression that says so."""
        return Suppression.objects.silence(blind_index(self.cleaned_data["address"]), Suppression.Reason.COORDINATOR)
