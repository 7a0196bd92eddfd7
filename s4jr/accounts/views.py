from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from s4jr.accounts.allauth_internals import post_authentication
from s4jr.accounts.forms import ChoosePasswordForm, StayForm
from s4jr.accounts.models import Invitation
from s4jr.accounts.one_time_codes import mark_code_used
from s4jr.accounts.passkey_forms import AddForm
from s4jr.accounts.passkeys import creation_options, sign_in_with_new, take_with_passkey
from s4jr.accounts.services import use_invitation
from s4jr.accounts.session_timeout import seconds_left
from s4jr.security import form_recovery
from s4jr.security.cookies import delete_cookie, device_cookie
from s4jr.security.quick_exit import our_cookies
from s4jr.security.ratelimit import limited


@sensitive_post_parameters()
@limited("invitation", "20/h")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a one-time link create a passkey or choose a password. GET changes nothing: scanners use it."""
    found = Invitation.objects.live().with_token(token).select_related("user").first()
    if not found:
        return _gone(request)
    if request.POST.get("way") == "passkey":
        return _with_passkey(request, found)
    return _with_password(request, found)


def _with_passkey(request, found):
    form = AddForm(request.POST if "credential" in request.POST else None, user=found.user)
    if not form.is_valid():
        context = {"form": form, "invitation": found, "js_data": creation_options(found.user)}
        return render(request, "accounts/invitation_passkey.html", context)
    passkey = take_with_passkey(found, form)
    return sign_in_with_new(request, passkey) if passkey else _gone(request)


def _with_password(request, found):
    form = ChoosePasswordForm(found.user, request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/invitation.html", {"form": form, "invitation": found})
    if not use_invitation(found, form.cleaned_data["new_password1"]):
        return _gone(request)
    logout(request)  # also ends a sign-in in this browser that still waits for the lost factor
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("account_login")


def _gone(request):
    return render(request, "accounts/invitation_gone.html", status=404)


def log_out(request: HttpRequest) -> HttpResponse:
    """Sign out and have the browser drop its cache, so that a shared device keeps no pages or submitted forms.

    Cookies are deleted by name: "cookies" would also delete the guard of Exit and the known-browser cookie.
    """
    response = account.logout(request)
    if request.method == "POST" and not request.user.is_authenticated:
        response["Clear-Site-Data"] = '"cache"'
        for name in set(our_cookies()) & request.COOKIES.keys() - {device_cookie(), settings.SESSION_COOKIE_NAME}:
            delete_cookie(response, name, samesite="Lax")
    return response


def lost_sign_in(request: HttpRequest) -> HttpResponse:
    """Explain who recovers a sign-in: it is not done by email."""
    return render(request, "accounts/lost_sign_in.html")


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Keep the user signed in; the answer says for how many seconds their page stays open."""
    form = StayForm(request.POST)
    if not request.user.is_authenticated or not form.is_valid():
        raise PermissionDenied
    return JsonResponse({"seconds": seconds_left(request.session, form.cleaned_data["minutes"])})


@login_required
def what_was_typed(request: HttpRequest) -> HttpResponse:
    """Show what the user typed before they were signed out, to submit it or discard it."""
    kept = form_recovery.kept_for(request)
    if kept and request.method != "POST":
        return render(request, "accounts/typed.html", {"typed": kept})
    form_recovery.forget(request)
    return redirect(get_adapter().get_login_redirect_url(request))


class EnrolView(ActivateTOTPView):
    """Sets up the second factor. The code that proves it counts as presented: the user is not asked for it twice."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        authenticator = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        mark_code_used(authenticator, form.cleaned_data["code"])
        post_authentication(self.request, authenticator, reauthenticated=True)
        return response


enrol = EnrolView.as_view()
