"""Configures allauth: no sign-up, no emails, and nothing it stores names a person."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.requests import signed_in_user
from s4jr.accounts.session_timeout import begin_visit
from s4jr.accounts.sign_in_limits import count_password
from s4jr.accounts.two_step import is_the_last
from s4jr.crypto.fields import decrypt, encrypt
from s4jr.crypto.key_rotation import SECRET_CONTEXT
from s4jr.security.known_device import remember_device
from s4jr.security.ratelimit import peer_key

PASSWORD_METHOD = "reauthenticate"  # noqa: S105 (allauth's name for "ask for the password")
PASSKEY_METHOD = "mfa_reauthenticate:webauthn"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "There were too many wrong tries here. Wait 15 minutes, or use your passkey. You can also "
            "use another network, or a browser where you’ve signed in before."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: another admin recovers a lost sign-in, and no notice reveals a time, IP address or browser."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return a keyed hash, so that nothing allauth stores about a client holds an IP address."""
        return peer_key(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt in our own table before the password is checked: allauth keeps its counters in a cache."""
        self._tried = count_password(request, credentials.get("username", ""))
        if not self._tried.is_allowed:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user:
            self._tried.take_back()
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        begin_visit(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        remember_device(response, user.get_username())
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index") if request.user.is_staff else super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """Ask a user with a second factor for that factor: a password alone must not be enough to remove it.

        A passkey comes first, then a code from an authenticator app or a recovery code.
        """
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != PASSWORD_METHOD]
        return sorted(factors, key=lambda method: method["id"] != PASSKEY_METHOD) or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return super().is_reauthentication_required(app=app, **kwargs) and not self._signed_in_just_now()

    def _signed_in_just_now(self):
        """A sign-in within the last minutes counts as reauthentication."""
        if self.request is None:
            return False
        records = get_authentication_records(self.request, signed_in_user(self.request))
        return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("This is your only way to finish two-step sign-in. Add another one first."),
        "incorrect_code": _("That didn’t work. Try again."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last factor if one is required, or if the user has no password to sign in with."""
        is_needed = settings.STAFF_SECOND_FACTOR or not authenticator.user.has_usable_password()
        return not (is_needed and is_the_last(authenticator))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Store passkeys under a neutral name. The host cannot be left out: browsers bind the passkey to it."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def encrypt(self, text: str) -> str:
        return encrypt(text, SECRET_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, SECRET_CONTEXT)

    def build_totp_svg(self, url: str) -> str:
        """Return an inline SVG: our content security policy allows no `data:` image."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
