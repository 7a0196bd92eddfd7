from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm, UsernameField
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.accounts.role_choices import NONE, RoleChoices
from s4jr.accounts.services import Role, UserChange, version_of
from s4jr.accounts.session_timeout import MINUTES
from s4jr.form_fields.email import EmailAddressField


class UserForm(forms.ModelForm):
    """A user, as another admin edits them. Saves nothing: `change` and `role_chosen` go to `services`."""

    address = EmailAddressField(
        label=_("Email address"),
        required=False,
        help_text=_("Kept encrypted. It’s shown only on this page, and the access log records who opens this page."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("A person whose role changes is signed out and signs in again."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Also reads"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Messages that this person may read besides their role."),
    )
    #: Which version of the user this page was made from. The template shows it: a hidden field has no label.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = ["username", "address", "is_active"]
        labels = {"username": _("Username"), "is_active": _("Can sign in")}
        help_texts = {
            "username": _("The name they sign in with, without spaces. It can’t be changed later."),
            "is_active": _("Clear this to keep someone out without deleting their account."),
        }
        field_classes = {
            "username": UsernameField
        }  # checks the length after normalization, which may be many times longer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = version_of(self.instance)
        if "role" in self.fields:
            self._offer_roles(RoleChoices(self.instance))

    def _offer_roles(self, choices):
        self.choices = choices
        fields: dict[str, Any] = self.fields
        fields["role"].choices, fields["topics"].choices = choices.choices, choices.topic_choices
        self.initial.update({"role": choices.current, "topics": choices.current_topics})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == NONE and cleaned.get("topics"):
            self.add_error("topics", _("A person without a role can’t read messages. Choose a role or clear these."))
        return cleaned

    @property
    def role_chosen(self) -> Role | None:
        """The submitted role; None if it stays as it is."""
        if not {"role", "topics"} & set(self.changed_data) or not self.cleaned_data["role"]:
            return None
        return self.choices.role(self.cleaned_data["role"], self.cleaned_data["topics"])

    @property
    def change(self) -> UserChange:
        """What was submitted and differs from what the page showed."""
        changed = {name: self.cleaned_data[name] for name in ("address", "is_active") if name in self.changed_data}
        return UserChange(**changed, role=self.role_chosen)


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
