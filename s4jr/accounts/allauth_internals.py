"""Everything the site uses of allauth that allauth calls internal. No other file imports `allauth.*.internal`.

Any release of allauth may change it without notice. `tests/accounts/test_allauth_internals.py` states what the site
needs of each name: run it after every upgrade of allauth.

- `LOGIN_SESSION_KEY`: `sessions` reads the user of an unfinished sign-in from it, so that it ends with the others.
- `TOTP`, `RecoveryCodes`, `generate_totp_secret`: tests create users with an authenticator app.
- `auto_generate_recovery_codes`: a user who accepts an invitation with a passkey gets recovery codes.
- `normalize_user_code`: a one-time code counts as used however it was spaced.
- `perform_passwordless_login`: a user who accepts an invitation with a passkey is signed in by it.
- `sign_in_with_password`: one who accepts it with a password is signed in by that.
- `post_authentication`: a second step that our own views checked counts as passed.
"""

from typing import Any

from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import Login
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from fido2.webauthn import UserVerificationRequirement

__all__ = [
    "LOGIN_SESSION_KEY",
    "TOTP",
    "RecoveryCodes",
    "add_passkey",
    "auto_generate_recovery_codes",
    "begin_passkey_authentication",
    "begin_passkey_creation",
    "begin_passkey_registration",
    "clear_passkey_state",
    "generate_totp_secret",
    "is_reauthentication_required",
    "normalize_user_code",
    "perform_passwordless_login",
    "post_authentication",
    "set_passkey_state",
    "sign_in_with_password",
    "totp_code",
]


def is_reauthentication_required(request: HttpRequest) -> bool:
    """Whether the user must reauthenticate first. An export asks; it is not one of allauth's views."""
    return reauthentication.is_reauthentication_required(request, app="")


def begin_passkey_registration(user: AbstractBaseUser) -> dict[str, Any]:
    """Options for a device that creates a passkey; allauth's own view supports signed-in users only.

    The challenge is stored in the session of the current request.
    """
    return webauthn.begin_registration(user, passwordless=True)


def begin_passkey_creation(user: AbstractBaseUser) -> tuple[dict[str, Any], dict[str, Any]]:
    """(options for the device, state to check its answer with) for a user who is not signed in; the session keeps none.

    The state is the challenge, so whoever calls this stores it.
    """
    options = webauthn.begin_registration(user, passwordless=True)
    state = webauthn.get_state()
    webauthn.clear_state()
    return options, state or {}


def add_passkey(user: AbstractBaseUser, name: str, credential: dict[str, Any]) -> Authenticator:
    """Save a verified passkey for a user who is not signed in yet."""
    return webauthn.WebAuthn.add(user, name, credential).instance


def begin_passkey_authentication() -> tuple[dict[str, Any], dict[str, Any]]:
    """(options for the device, state to check its answer with) for any user; allauth's own writes to the session."""
    options, state = webauthn.get_server().authenticate_begin(
        credentials=[], user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), state


def set_passkey_state(state: dict[str, Any]) -> None:
    """Put a state where allauth's form looks for it: in the session of the current request."""
    webauthn.set_state(state)


def clear_passkey_state() -> None:
    """Remove the state from the session of the current request, so that no session row is saved for it."""
    webauthn.clear_state()


def sign_in_with_password(request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
    """Sign in a user who just chose their password, as if they had entered it."""
    return perform_password_login(request, {"username": user.get_username()}, Login(user=user))


def totp_code(secret: str, counter: int) -> str:
    """The code an authenticator app shows in period number `counter` since 1970; for tests."""
    return format_hotp_value(hotp_value(secret, counter))
