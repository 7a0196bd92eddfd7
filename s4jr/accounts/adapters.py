"""How allauth behaves here: nobody signs up, nothing goes by e-mail, and what it keeps names no person."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Send nothing: a lost sign-in is mended by another admin, and no notice names a time, an IP or a browser."""

    def get_client_ip(self, request):
        """A keyed hash: whatever allauth notes of a client holds no IP."""
        return peer_key(request)

    def pre_authenticate(self, request, **credentials):
        """Count the try in our own table, before the password is looked at: allauth's counters live in a cache."""
        self._tried = count_password(request, credentials.get("username", ""))
        if not self._tried.is_allowed:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            self._tried.take_back()
        return user

    def login(self, request, user):
        super().login(request, user)
        begin_visit(request)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        remember_device(response, user.username)
        return response

    def get_login_redirect_url(self, request):
        return reverse("admin:index") if request.user.is_staff else super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user):
        """Whoever has a second factor confirms with it: a password must not be enough to take the factor away.

        A passkey comes first, then the code of an app or a recovery code.
        """
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != PASSWORD_METHOD]
        return sorted(factors, key=lambda method: method["id"] != PASSKEY_METHOD) or methods

    def is_reauthentication_required(self, *, app, **kwargs):
        return super().is_reauthentication_required(app=app, **kwargs) and not self._signed_in_just_now()

    def _signed_in_just_now(self):
        """A sign-in of the last minutes is as good as asking again."""
        records = get_authentication_records(self.request, self.request.user)
        return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("This is your only way to finish two-step sign-in. Add another one first."),
        "incorrect_code": _("That didn’t work. Try again."),
    }

    def can_delete_authenticator(self, authenticator):
        """The last factor stays where one is asked for, and where there is no password to come in with either."""
        is_needed = settings.STAFF_SECOND_FACTOR or not authenticator.user.has_usable_password()
        return not (is_needed and is_the_last(authenticator))

    def generate_authenticator_name(self, user, type):
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self):
        """A passkey is kept under a neutral name; the host, to which browsers bind it, cannot be left out."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def encrypt(self, text):
        return encrypt(text, SECRET_CONTEXT)

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text, SECRET_CONTEXT)

    def build_totp_svg(self, url):
        """A picture that stands in the page itself: our policy allows no `data:` image."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
