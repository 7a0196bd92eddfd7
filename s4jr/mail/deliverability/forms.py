from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.one_line import OneLineField

#: RFC 6376, 3.1: labels of the DNS with dots between them.
SELECTOR = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62}){0,4}"


class CheckSettingsForm(forms.Form):
    """What the check of the email settings needs to know."""

    use_required_attribute = False

    selector = OneLineField(
        label=_("DKIM selector"),
        help_text=_("Your email provider tells you this name. Leave it empty to use the one in the settings."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[RegexValidator(rf"\A{SELECTOR}\Z", _("Enter only the selector, such as s1 or mail2026."))],
    )

    @property
    def selectors(self) -> list[str] | None:
        """The selector that was typed; None for those of the settings."""
        return [self.cleaned_data["selector"]] if self.cleaned_data["selector"] else None
