"""Forms for authenticator app codes and recovery codes: attempts are counted, and no app code works twice."""

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator

from s4jr.accounts.allauth_internals import normalize_user_code
from s4jr.accounts.sign_in_limits import count_code
from s4jr.invisible_marks import plain_text
from s4jr.security.ratelimit import use_once

MARK = "one-time code"


def mark_code_used(authenticator: Authenticator, code: str) -> bool:
    """Mark an app code as used for as long as the app's clock may be off; False if it was used already."""
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return use_once(MARK, f"{authenticator.pk} {normalize_user_code(code)}", seconds)


class OneTimeCodeMixin(forms.BaseAuthenticateForm):
    def clean_code(self) -> str:
        assert context.request is not None  # allauth's middleware sets it
        tried = count_code(context.request, self.user)
        if not tried.is_allowed:
            raise account_adapter().validation_error("too_many_login_attempts")
        self.cleaned_data["code"] = plain_text(self.cleaned_data["code"])
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not mark_code_used(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        tried.take_back()
        return code


class AuthenticateForm(OneTimeCodeMixin, forms.AuthenticateForm):
    pass


class ReauthenticateForm(OneTimeCodeMixin, forms.ReauthenticateForm):
    pass
