from django import forms
from django.contrib.auth.forms import SetPasswordForm, UsernameField
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.accounts.session_timeout import MINUTES


class PersonForm(forms.ModelForm):
    """Somebody who signs in, as another admin sees them."""

    address = forms.EmailField(
        label=_("Email address"),
        required=False,
        help_text=_("Kept encrypted. It’s shown only on this page, and the access log records who opens this page."),
    )

    class Meta:
        model = User
        fields = ["username", "address", "is_active", "is_staff", "groups", "is_superuser"]
        field_classes = {"username": UsernameField}  # its length counts as it is kept, which may be many times longer


class StayForm(forms.Form):
    """The pause in minutes that a page allows, as the page itself says it."""

    minutes = forms.IntegerField(min_value=1, max_value=MINUTES)


class ChoosePasswordForm(SetPasswordForm):
    """Two fields, the same password twice; the rules are those of AUTH_PASSWORD_VALIDATORS."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password1"].help_text = _(
            "Use at least 12 characters. Four or five words that don’t belong together are easy to remember."
        )
        self.fields["new_password2"].label = _("Repeat the password")
        self.fields["new_password2"].help_text = ""
