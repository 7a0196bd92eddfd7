"""The page behind a one-time link. On it, a user chooses a password or creates a passkey, and is signed in with it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from s4jr.accounts.allauth_internals import (
    begin_passkey_creation,
    clear_passkey_state,
    set_passkey_state,
    sign_in_with_password,
)
from s4jr.accounts.display_name import DisplayNameForm
from s4jr.accounts.forms import ChoosePasswordForm
from s4jr.accounts.invitations import use_invitation
from s4jr.accounts.models import Invitation
from s4jr.accounts.passkey_challenge import CREATION_SECONDS, keep_challenge, kept_challenge
from s4jr.accounts.passkey_forms import AddForm
from s4jr.accounts.passkeys import sign_in_with_new, take_with_passkey
from s4jr.security.cookies import challenge_cookie, delete_cookie
from s4jr.security.ratelimit import limited


@dataclass(frozen=True)
class SetUp:
    """The forms of the page. The device fills in `passkey`; without it, the password counts."""

    password: ChoosePasswordForm
    passkey: AddForm
    display_name: DisplayNameForm | None
    is_with_passkey: bool

    def is_valid(self) -> bool:
        chosen = self.passkey if self.is_with_passkey else self.password
        valid = [form.is_valid() for form in (self.display_name, chosen) if form is not None]
        return all(valid)

    @property
    def name(self) -> str | None:
        """The submitted display name; None if the page does not ask for one."""
        return self.display_name.cleaned_data["display_name"] if self.display_name else None


@sensitive_post_parameters()
@limited("invitation", "20/h")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a one-time link set up a sign-in. GET changes nothing: scanners use it."""
    found = Invitation.objects.live().with_token(token).select_related("user").first()
    if not found:
        return _gone(request)
    set_up = _set_up(request, found)
    if request.method != "POST" or not _is_valid(request, set_up):
        return _page(request, found, set_up)
    response = (
        _with_passkey(request, found, set_up) if set_up.is_with_passkey else _with_password(request, found, set_up)
    )
    delete_cookie(response, challenge_cookie(), samesite="Strict")
    return response


def _set_up(request, found):
    data = request.POST if request.method == "POST" else None
    is_with_passkey = bool(request.POST.get("credential"))
    return SetUp(
        password=ChoosePasswordForm(found.user, None if is_with_passkey else data),
        passkey=AddForm(data if is_with_passkey else None, user=found.user),
        display_name=_name_form(found, data),
        is_with_passkey=is_with_passkey,
    )


def _name_form(found, data):
    """Only someone who joins the admins is asked, since only their names are on a list."""
    if found.purpose != Invitation.Purpose.JOIN_STAFF or not found.user.is_staff:
        return None
    return DisplayNameForm(data, user=found.user, initial={"display_name": found.user.display_name})


def _is_valid(request, set_up):
    """Checks the device's answer against the challenge in this browser's cookie; the session keeps none of it."""
    set_passkey_state(kept_challenge(request, seconds=CREATION_SECONDS) or {})
    is_valid = set_up.is_valid()
    clear_passkey_state()
    return is_valid


def _page(request, found, set_up):
    options, state = begin_passkey_creation(found.user)
    js_data = {"creation_options": options}
    response = render(request, "accounts/invitation.html", {"invitation": found, "set_up": set_up, "js_data": js_data})
    keep_challenge(response, state)
    return response


def _with_passkey(request, found, set_up):
    passkey = take_with_passkey(found, set_up.passkey, display_name=set_up.name)
    return sign_in_with_new(request, passkey) if passkey else _gone(request)


def _with_password(request, found, set_up):
    password = set_up.password.cleaned_data["new_password1"]
    if not use_invitation(found, password, display_name=set_up.name):
        return _gone(request)
    logout(request)  # also ends a sign-in in this browser that still waits for the lost factor
    response = sign_in_with_password(request, found.user)
    messages.success(request, gettext("Your password is set."))
    return response


def _gone(request):
    return render(request, "accounts/invitation_gone.html", status=404)
