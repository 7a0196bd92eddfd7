from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.crypto.blind_index import blind_index
from s4jr.form_fields.email import EmailAddressField
from s4jr.mail.models import Suppression
from s4jr.mail.services import stop_emails


class UnsubscribeForm(forms.Form):
    """Stops emails, for anyone who received one. `meant` is the blind index and the scope in the token."""

    NEVER = "never"
    STOPS = {
        Suppression.Scope.EVERY_EMAIL: _("No more emails, until I ask for them again."),
        Suppression.Scope.ANNOUNCEMENTS: _("No more news. Emails that are only about me may still come."),
    }

    use_required_attribute = False

    which = forms.ChoiceField(label=_("What should we stop?"), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, *, meant: tuple[str, Suppression.Scope]) -> None:
        self.to_index, self.scope = meant
        if data is not None and "which" not in data:  # a mail program (RFC 8058) makes no choice
            data = {"which": self.scope}
        super().__init__(data, initial={"which": self.scope})
        never = (self.NEVER, _("Never email me, even if someone gives us this address again."))
        self.fields["which"].choices = [(self.scope, self.STOPS[self.scope]), never]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def stop_emails(self) -> Suppression:
        """Stop what was chosen and cancel queued emails. Returns the Suppression."""
        if self.cleaned_data["which"] == self.NEVER:
            return stop_emails(self.to_index, Suppression.Reason.NEVER)
        return stop_emails(self.to_index, Suppression.Reason.UNSUBSCRIBED, self.scope)


class SuppressionForm(forms.Form):
    """An address to stop emailing. It is stored as a keyed hash only."""

    use_required_attribute = False

    address = EmailAddressField(
        label=_("Address to stop emailing"),
        help_text=_(
            "We don’t keep the address itself, so no one can read it here later. To find the entry "
            "again, type the full address."
        ),
        suggests=False,
        error_messages={"required": _("Enter the email address.")},
    )

    def stop_emails(self) -> Suppression:
        """Stop emails to this address and cancel queued ones; returns the Suppression."""
        return stop_emails(blind_index(self.cleaned_data["address"]), Suppression.Reason.COORDINATOR)
