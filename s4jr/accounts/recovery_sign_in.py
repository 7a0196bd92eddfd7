"""Signing in with a recovery code, for a user who has no password and lost their passkey.

A user with a password enters it first and the recovery code as the second step; here their code does not work.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from s4jr.accounts.allauth_internals import post_authentication
from s4jr.accounts.models import User
from s4jr.accounts.sign_in_limits import count_recovery, sign_in_key
from s4jr.accounts.two_step import is_enrolled
from s4jr.form_fields.pasted import PastedCodeField
from s4jr.security.constant_time import in_even_steps
from s4jr.security.known_device import remember_device
from s4jr.security.ratelimit import limited


class RecoverySignInForm(forms.Form):
    """A name and a recovery code. One error covers both, so that it does not reveal who has an account."""

    use_required_attribute = False

    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        error_messages={"required": _("Enter your sign-in name.")},
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    code = PastedCodeField(
        label=_("Recovery code"),
        max_length=40,
        error_messages={"required": _("Enter one of your recovery codes.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    authenticator: Authenticator

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        tried = count_recovery(self.request, data["login"])
        if not tried.is_allowed:
            raise get_adapter().validation_error("too_many_login_attempts")
        authenticator = _codes_of(data["login"])
        if authenticator is None or not authenticator.wrap().validate_code(data["code"]):
            raise ValidationError(_("That name and recovery code don’t match. Check both and try again."))
        self.authenticator = authenticator
        tried.take_back()
        return data


def _codes_of(username):
    """The recovery codes of an active user with a passkey and no password; None for anyone else."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None or user.has_usable_password() or not is_enrolled(user):
        return None
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()


@sensitive_post_parameters()
@limited("sign-in", "30/m", who=sign_in_key)
@in_even_steps
def recovery_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign the user in and lead them to the page where they add a new passkey."""
    if request.user.is_authenticated:
        return redirect("mfa_index")
    form = RecoverySignInForm(request.POST or None, request=request)
    if not form.is_valid():
        return render(request, "accounts/recovery_sign_in.html", {"form": form})
    user = form.authenticator.user
    get_adapter().login(request, user)
    post_authentication(request, form.authenticator)
    messages.info(request, gettext("That code can’t be used again. Add a new passkey, and remove the one you lost."))
    response = redirect("mfa_index")
    remember_device(response, user.username)
    return response
