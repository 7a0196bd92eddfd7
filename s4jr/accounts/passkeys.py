"""Passkeys: a key on the user's device, unlocked with their finger, face or PIN. One is enough to sign in.

allauth and fido2 implement the ceremony (WebAuthn level 2). Every key here is a passkey: it is stored on the device,
which verifies its user each time.
"""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext

from s4jr.accounts.allauth_internals import (
    add_passkey,
    auto_generate_recovery_codes,
    begin_passkey_authentication,
    begin_passkey_registration,
    clear_passkey_state,
    perform_passwordless_login,
    post_authentication,
    set_passkey_state,
)
from s4jr.accounts.invitations import name_invited, take_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.passkey_challenge import keep_challenge, kept_challenge, use_challenge
from s4jr.accounts.requests import signed_in_user
from s4jr.security.cookies import challenge_cookie, delete_cookie
from s4jr.security.known_device import remember_device

#: Tells the sign-in page that a passkey failed. A message would create a session row for a visitor.
FAILED = "passkey=failed"


def creation_options(user: User) -> dict[str, Any]:
    """Context for a page that asks the device to create a passkey. The challenge is stored in the session."""
    return {"creation_options": begin_passkey_registration(user)}


@transaction.atomic
def take_with_passkey(invitation: Invitation, form: Form, *, display_name: str | None = None) -> Authenticator | None:
    """Give the invited user the passkey in a valid form, once; None if the link was used or canceled meanwhile."""
    if not take_invitation(invitation):
        return None
    name_invited(invitation.user, display_name)
    return add_passkey(invitation.user, form.cleaned_data["name"], form.cleaned_data["credential"])


def sign_in_with_new(request: HttpRequest, passkey: Authenticator) -> HttpResponse:
    """Sign in a user who just created their first passkey, and show their recovery codes."""
    logout(request)
    perform_passwordless_login(request, passkey, Login(user=passkey.user))
    auto_generate_recovery_codes(request)
    response = redirect("mfa_view_recovery_codes")
    remember_device(response, passkey.user.username)
    return response


class AddPasskeyView(AddWebAuthnView):
    """Adds a passkey for a signed-in user. It counts as presented, so the user is not asked for it right after."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = signed_in_user(self.request)
        return {**super().get_context_data(**kwargs), "js_data": creation_options(user)}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        made = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        post_authentication(self.request, made, reauthenticated=True)
        return response


class LoginView(LoginWebAuthnView):
    """Signs in with a passkey alone. Until it is verified, only a cookie is written."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not get_account_adapter().is_ajax(request):
            return redirect("account_login")
        options, state = begin_passkey_authentication()
        response = JsonResponse({"request_options": options})
        keep_challenge(response, state)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.challenge = kept_challenge(request)
        set_passkey_state(self.challenge or {})
        response = super().post(request, *args, **kwargs)
        delete_cookie(response, challenge_cookie(), samesite="Strict")
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        is_new = self.challenge is not None and use_challenge(self.challenge)
        return super().form_valid(form) if is_new else self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        clear_passkey_state()
        return redirect(f"{reverse('account_login')}?{FAILED}")


class ReauthenticateView(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, gettext("That passkey didn’t work here. Try again, or use another way."))
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


class RemoveView(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "may_go": get_adapter().can_delete_authenticator(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            return HttpResponseRedirect(reverse("mfa_remove_webauthn", args=[self.object.pk]))
        return super().form_valid(form)


add = AddPasskeyView.as_view()
log_in = LoginView.as_view()
reauthenticate = ReauthenticateView.as_view()
remove = RemoveView.as_view()
