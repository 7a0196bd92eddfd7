from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
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
from s4jr.accounts.session_timeout import seconds_left
from s4jr.security import form_recovery
from s4jr.security.cookies import device_cookie
from s4jr.security.quick_exit import our_cookies
from s4jr.security.ratelimit import limited


@sensitive_post_parameters()
@limited("invitation", "20/h")
def invitation(request, token):
    """A passkey is made, or a password chosen, by a one-time link. Looking changes nothing: mail scanners look."""
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
    if not found.use(form.cleaned_data["new_password1"]):
        return _gone(request)
    logout(request)  # also a sign-in of this browser that still waits for the factor that was lost
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("account_login")


def _gone(request):
    return render(request, "accounts/invitation_gone.html", status=404)


def log_out(request):
    """Sign out; on a shared device the browser then forgets what it kept of the pages and of the forms that were sent.

    Cookies go by name: "cookies" would take along the guard of Exit, and what makes this a known browser.
    """
    response = account.logout(request)
    if request.method == "POST" and not request.user.is_authenticated:
        response.headers["Clear-Site-Data"] = '"cache"'
        for name in set(our_cookies()) & request.COOKIES.keys() - {device_cookie(), settings.SESSION_COOKIE_NAME}:
            response.delete_cookie(name, samesite="Lax")
    return response


def lost_sign_in(request):
    """Nobody gets a sign-in back by e-mail; this says who mends it."""
    return render(request, "accounts/lost_sign_in.html")


@require_POST
def stay(request):
    """The press that keeps somebody signed in; says for how many seconds the page they are on now stays open."""
    form = StayForm(request.POST)
    if not request.user.is_authenticated or not form.is_valid():
        raise PermissionDenied
    return JsonResponse({"seconds": seconds_left(request.session, form.cleaned_data["minutes"])})


@login_required
def what_was_typed(request):
    """What somebody typed before they were signed out: to send by a press of theirs, or to throw away."""
    kept = form_recovery.kept_for(request)
    if kept and request.method != "POST":
        return render(request, "accounts/typed.html", {"typed": kept})
    form_recovery.forget(request)
    return redirect(get_adapter().get_login_redirect_url(request))


class EnrolView(ActivateTOTPView):
    """Setting up the second factor. The code that proves it counts as giving it: nobody is asked for it twice."""

    def form_valid(self, form):
        response = super().form_valid(form)
        authenticator = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        mark_code_used(authenticator, form.cleaned_data["code"])
        post_authentication(self.request, authenticator, reauthenticated=True)
        return response


enrol = EnrolView.as_view()
