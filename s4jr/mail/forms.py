from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


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
    to = forms.EmailField(label=_("Where should the test letter go?"), max_length=254)
