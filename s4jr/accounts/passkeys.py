"""Passkeys: a key in somebody's own device, which opens with their finger, face or PIN. One is enough to sign in.

allauth and fido2 do the ceremony (WebAuthn level 2). Here every key is a passkey: it is kept on the device, and the
device asks each time whether it is its owner.
"""

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
from django.http import HttpResponseRedirect, JsonResponse
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
from s4jr.accounts.passkey_challenge import keep_challenge, kept_challenge, use_challenge
from s4jr.security.cookies import challenge_cookie
from s4jr.security.known_device import remember_device

#: What the sign-in page is told when a passkey did not work. A message in the session would be a row for a stranger.
FAILED = "passkey=failed"


def creation_options(user):
    """What a page tells the device that is to make a passkey. The challenge waits in the session."""
    return {"creation_options": begin_passkey_registration(user)}


@transaction.atomic
def take_with_passkey(invitation, form):
    """Give the invited person the passkey in a valid form, once; None when the link was used in the meantime."""
    if not invitation.take():
        return None
    return add_passkey(invitation.user, form.cleaned_data["name"], form.cleaned_data["credential"])


def sign_in_with_new(request, passkey):
    """Sign in whoever has just made their first passkey, and show their recovery codes."""
    logout(request)
    perform_passwordless_login(request, passkey, Login(user=passkey.user))
    auto_generate_recovery_codes(request)
    response = redirect("mfa_view_recovery_codes")
    remember_device(response, passkey.user.username)
    return response


class AddPasskeyView(AddWebAuthnView):
    """Making one, signed in. Having made it counts as giving it: nobody is asked for it right after."""

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "js_data": creation_options(self.request.user)}

    def form_valid(self, form):
        response = super().form_valid(form)
        made = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        post_authentication(self.request, made, reauthenticated=True)
        return response


class LoginView(LoginWebAuthnView):
    """Signing in with a passkey alone. Until it is right, nothing of it is written anywhere but into a cookie."""

    def get(self, request, *args, **kwargs):
        if not get_account_adapter().is_ajax(request):
            return redirect("account_login")
        options, state = begin_passkey_authentication()
        response = JsonResponse({"request_options": options})
        keep_challenge(response, state)
        return response

    def post(self, request, *args, **kwargs):
        self.challenge = kept_challenge(request)
        set_passkey_state(self.challenge)
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(challenge_cookie(), samesite="Strict")
        return response

    def form_valid(self, form):
        return super().form_valid(form) if use_challenge(self.challenge) else self.form_invalid(form)

    def form_invalid(self, form):
        clear_passkey_state()
        return redirect(f"{reverse('account_login')}?{FAILED}")


class ReauthenticateView(ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        messages.error(self.request, gettext("That passkey didn’t work here. Try again, or use another way."))
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


class RemoveView(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "may_go": get_adapter().can_delete_authenticator(self.object)}

    def form_valid(self, form):
        if not get_adapter().can_delete_authenticator(self.object):
            return HttpResponseRedirect(reverse("mfa_remove_webauthn", args=[self.object.pk]))
        return super().form_valid(form)


add = AddPasskeyView.as_view()
log_in = LoginView.as_view()
reauthenticate = ReauthenticateView.as_view()
remove = RemoveView.as_view()
