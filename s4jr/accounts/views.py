from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from s4jr.accounts.allauth_internals import post_authentication
from s4jr.accounts.forms import StayForm
from s4jr.accounts.one_time_codes import mark_code_used
from s4jr.accounts.session_timeout import seconds_left
from s4jr.security import form_recovery
from s4jr.security.cookies import delete_cookie, device_cookie
from s4jr.security.quick_exit import our_cookies


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
