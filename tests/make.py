"""Factories for users and other small objects, so that a test states only its subject. All people are invented."""

import time

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils import timezone

from s4jr.accounts.allauth_internals import TOTP, RecoveryCodes, generate_totp_secret, totp_code
from s4jr.accounts.models import User
from s4jr.accounts.one_time_codes import MARK
from s4jr.mail.models import Suppression
from s4jr.security.models import RateLimit

PASSWORD = "lantern harbour quilt forty"
PERIOD = 30  # seconds that an authenticator app shows one code


def person_who_signs_in(username="imogen", **fields):
    """A user with a password and no role."""
    return User.objects.create_user(username, password=PASSWORD, **fields)


def admin(username="ada", *, superuser=True, **fields):
    """A user who may open the admin after the second factor."""
    return person_who_signs_in(username, is_staff=True, is_superuser=superuser, **fields)


def group(name):
    """A default group, which exists from the start."""
    return Group.objects.get(name=name)


def second_factor(user):
    """Activate an authenticator app and recovery codes for `user`."""
    totp = TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return totp.instance


def code_of(user):
    """Return the current code of the user's authenticator app, and allow its reuse, as if 30 seconds had passed."""
    totp = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap()
    code = code_for(_secret(totp))
    cache.delete(totp._get_used_cache_key(code))
    RateLimit.objects.filter(name=MARK).delete()
    return code


def code_for(secret):
    """Return the current code of `secret`, which is valid for at least 30 seconds (`MFA_TOTP_TOLERANCE`)."""
    return totp_code(secret, int(time.time()) // PERIOD)


def _secret(totp):
    from allauth.mfa.utils import decrypt

    return decrypt(totp.instance.data["secret"])


def signed_in_staff(client, username="ada", *, superuser=True):
    """An admin who signs in to this client with password and second factor."""
    user = admin(username, superuser=superuser)
    second_factor(user)
    sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": code_of(user)})
    return user


def sign_in(client, user, **more):
    """Submit the sign-in form as a browser does; return the response."""
    return client.post("/account/login/", {"login": user.username, "password": PASSWORD, **more})


def stop(to_index, reason, scope=Suppression.Scope.EVERY_EMAIL):
    """Suppress an address without canceling the emails that wait."""
    return Suppression.objects.create(to_index=to_index, reason=reason, scope=scope, created_on=timezone.now().date())
