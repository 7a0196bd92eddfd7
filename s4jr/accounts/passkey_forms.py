"""Forms for what a device sends when it creates or presents a passkey.

The input is untrusted. allauth passes it to fido2 unchecked, which raises arbitrary exceptions; so it is parsed once
before, and what cannot be parsed is a form error.
"""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, struct.error)


class CredentialField(forms.JSONField):
    """A JSON credential (WebAuthn level 3, 5.1)."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        """Empty until the device answers: JSON's `null` would look like an answer."""
        return "" if value is None else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        try:
            self.read(value)
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None
        return value

    def read(self, value: Any) -> None:
        """Parse the credential. Raises one of UNREADABLE if that fails."""
        raise NotImplementedError


class MadeCredentialField(CredentialField):
    def read(self, value: Any) -> None:
        RegistrationResponse.from_dict(value).response.attestation_object.auth_data.credential_data.credential_id  # noqa: B018


class GivenCredentialField(CredentialField):
    def read(self, value: Any) -> None:
        AuthenticationResponse.from_dict(value)


class AddForm(AddWebAuthnForm):
    """A new passkey and the name its owner gives it."""

    passwordless = None
    name = forms.CharField(
        label=_("Passkey name"),
        help_text=_("Only for you, such as the device it’s on."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = MadeCredentialField()


class AuthenticateForm(AuthenticateWebAuthnForm):
    credential = GivenCredentialField()


class LoginForm(LoginWebAuthnForm):
    credential = GivenCredentialField()


class ReauthenticateForm(ReauthenticateWebAuthnForm):
    credential = GivenCredentialField()
