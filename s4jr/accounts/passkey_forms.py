"""What a device answers when it makes or gives a passkey.

The answer is a stranger's input. allauth hands it to fido2 as it is, and that raises whatever comes up; so it is read
once before, and what cannot be read is an error of the form.
"""

import struct

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
    """A credential in JSON (WebAuthn level 3, 5.1), made or given."""

    widget = forms.HiddenInput

    def to_python(self, value):
        value = super().to_python(value)
        try:
            self.read(value)
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None
        return value


class MadeCredentialField(CredentialField):
    def read(self, value):
        RegistrationResponse.from_dict(value).response.attestation_object.auth_data.credential_data.credential_id  # noqa: B018


class GivenCredentialField(CredentialField):
    def read(self, value):
        AuthenticationResponse.from_dict(value)


class AddForm(AddWebAuthnForm):
    """A new passkey, and the name its owner gives it."""

    passwordless = None
    name = forms.CharField(
        label=_("Passkey name"),
        help_text=_("Only for you, such as the device it’s on."),
        max_length=60,
        required=False,
    )
    credential = MadeCredentialField()


class AuthenticateForm(AuthenticateWebAuthnForm):
    credential = GivenCredentialField()


class LoginForm(LoginWebAuthnForm):
    credential = GivenCredentialField()


class ReauthenticateForm(ReauthenticateWebAuthnForm):
    credential = GivenCredentialField()
