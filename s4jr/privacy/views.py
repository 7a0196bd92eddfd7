from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s4jr.privacy.forms import ChoosePasswordForm
from s4jr.privacy.limits import limited
from s4jr.privacy.models import Invitation


@sensitive_post_parameters()
@limited("invitation", "20/h")
def invitation(request, token):
    """Somebody chooses a password by a one-time link. Looking changes nothing: mail scanners look."""
    found = Invitation.objects.live().with_token(token).select_related("user").first()
    if not found:
        return _gone(request)
    form = ChoosePasswordForm(found.user, request.POST or None)
    if not form.is_valid():
        return render(request, "privacy/invitation.html", {"form": form, "invitation": found})
    if not found.use(form.cleaned_data["new_password1"]):
        return _gone(request)
    logout(request)  # also a sign-in of this browser that still waits for the factor that was lost
    messages.success(request, _("Your password is set. Please sign in with it."))
    return redirect("account_login")


def _gone(request):
    return render(request, "privacy/invitation_gone.html", status=404)


def lost_sign_in(request):
    """Nobody gets a sign-in back by e-mail; this says who mends it."""
    return render(request, "privacy/lost_sign_in.html")


class EnrolView(ActivateTOTPView):
    """Setting up the second factor. The code that proves it counts as giving it: nobody is asked for it twice."""

    def form_valid(self, form):
        response = super().form_valid(form)
        authenticator = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        post_authentication(self.request, authenticator, reauthenticated=True)
        return response


enrol = EnrolView.as_view()
