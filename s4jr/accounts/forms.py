from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm, UsernameField
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.accounts.session_timeout import MINUTES


class PersonForm(forms.ModelForm):
    """A user, as another admin edits them."""

    address = forms.EmailField(
        label=_("Email address"),
        required=False,
        help_text=_("Kept encrypted. It’s shown only on this page, and the access log records who opens this page."),
    )

    class Meta:
        model = User
        fields = ["username", "address", "is_active", "is_staff", "groups", "is_superuser"]
        field_classes = {
            "username": UsernameField
        }  # checks the length after normalization, which may be many times longer


class StayForm(forms.Form):
    """How many idle minutes the page allows, as the page itself states it."""

    minutes = forms.IntegerField(min_value=1, max_value=MINUTES)


class ChoosePasswordForm(SetPasswordForm):
    """The same password twice, validated by AUTH_PASSWORD_VALIDATORS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password1"].help_text = _(
            "Use at least 12 characters. Four or five words that don’t belong together are easy to remember."
        )
        self.fields["new_password2"].label = _("Repeat the password")
        self.fields["new_password2"].help_text = ""
