"""What the site expects of each allauth internal. Run these tests after every upgrade of allauth."""

import json
import time

import pytest
from allauth.account.authentication import get_authentication_records
from allauth.account.models import Login
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache

from s4jr.accounts import allauth_internals as internals
from s4jr.accounts.models import Session
from s4jr.accounts.sessions import SessionStore
from tests import make
from tests.accounts.soft_passkey import HOST, Device

pytestmark = pytest.mark.django_db

#: The secret of the examples in RFC 4226 (appendix D), in base 32 as apps receive it.
SECRET_OF_THE_RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def imogen():
    return make.person_who_signs_in("imogen")


@pytest.fixture
def request_of(rf):
    """A factory: builds a request of a user, with an empty session."""

    def build(user):
        request = rf.post("/", headers={"host": HOST})
        request.user, request.session, request._messages = user, SessionStore(), CookieStorage(request)
        return request

    return build


@pytest.fixture
def request_now(request_of):
    """The current request, from a visitor who is not signed in."""
    request = request_of(AnonymousUser())
    with context.request_context(request):
        yield request


def methods(request, user):
    """Return the sign-in methods that allauth recorded, without their times."""
    return [{**record, "at": ...} for record in get_authentication_records(request, user)]


# --- one-time codes


@pytest.mark.parametrize("typed", ["287082", "287 082", " 287-082\t", "28 70 82\n"])
def test_a_code_is_the_same_however_it_is_spaced(typed):
    assert internals.normalize_user_code(typed) == "287082"


def test_codes_are_those_of_the_standard():
    assert [internals.totp_code(SECRET_OF_THE_RFC, counter) for counter in range(3)] == ["755224", "287082", "359152"]


def test_an_activated_app_accepts_each_code_once(imogen):
    totp = internals.TOTP.activate(imogen, internals.generate_totp_secret())
    assert totp.instance == Authenticator.objects.get(user=imogen, type=Authenticator.Type.TOTP)
    code = make.code_of(imogen)
    assert [totp.validate_code(code), totp.validate_code(code)] == [True, False]


def test_a_code_that_was_used_works_again_once_its_cache_key_is_deleted(imogen):
    totp = internals.TOTP.activate(imogen, internals.generate_totp_secret())
    code = make.code_of(imogen)
    assert totp.validate_code(code) is True
    cache.delete(totp._get_used_cache_key(code))
    assert totp.validate_code(code) is True


def test_each_new_secret_is_different():
    assert len({internals.generate_totp_secret() for _ in range(20)}) == 20


# --- signing in


def test_a_user_who_chose_a_password_is_signed_in_as_if_they_had_entered_it(imogen, request_of):
    request = request_of(AnonymousUser())
    with context.request_context(request):
        response = internals.sign_in_with_password(request, imogen)
    assert (request.user, response.status_code) == (imogen, 302)
    assert methods(request, imogen) == [{"method": "password", "at": ..., "username": "imogen"}]


def test_options_for_an_invited_users_passkey_leave_nothing_in_the_session(imogen, request_now):
    options, state = internals.begin_passkey_creation(imogen)
    assert (list(options), "challenge" in state, list(request_now.session.keys())) == (["publicKey"], True, [])


# --- recovery codes


def test_recovery_codes_are_activated_once_and_each_works_once(imogen):
    codes = internals.RecoveryCodes.activate(imogen)
    assert internals.RecoveryCodes.activate(imogen).generate_codes() == codes.generate_codes()
    first = codes.generate_codes()[0]
    assert [codes.validate_code(first), codes.validate_code(first)] == [True, False]


def test_a_user_who_is_signed_in_gets_recovery_codes_unless_they_have_some(imogen, request_of):
    request = request_of(imogen)
    made = internals.auto_generate_recovery_codes(request)
    assert (made.user, made.type) == (imogen, Authenticator.Type.RECOVERY_CODES)
    assert internals.auto_generate_recovery_codes(request) is None
    assert list(Authenticator.objects.filter(user=imogen)) == [made]


def test_a_visitor_gets_no_recovery_codes(request_now):
    assert internals.auto_generate_recovery_codes(request_now) is None
    assert Authenticator.objects.count() == 0


# --- what allauth records of a sign-in


def test_an_unfinished_sign_in_is_kept_under_the_login_key(client, imogen):
    make.second_factor(imogen)
    make.sign_in(client, imogen)
    assert client.session[internals.LOGIN_SESSION_KEY]["user_pk"] == user_pk_to_url_str(imogen)
    assert "_auth_user_id" not in client.session
    assert Session.objects.get().user_pk == imogen.pk


def test_post_authentication_records_that_a_second_step_was_passed(imogen, request_of):
    request, factor = request_of(imogen), make.second_factor(imogen)
    internals.post_authentication(request, factor)
    assert methods(request, imogen) == [{"method": "mfa", "at": ..., "id": factor.pk, "type": "totp"}]
    assert Authenticator.objects.get(pk=factor.pk).last_used_at is not None


def test_post_authentication_can_record_a_reauthentication(imogen, request_of):
    request, factor = request_of(imogen), make.second_factor(imogen)
    internals.post_authentication(request, factor, reauthenticated=True)
    assert [record["reauthenticated"] for record in methods(request, imogen)] == [True]


def test_a_passwordless_login_signs_in_and_records_the_passkey(imogen, request_now):
    passkey = internals.add_passkey(imogen, "Laptop", {})
    internals.perform_passwordless_login(request_now, passkey, Login(user=imogen))
    assert request_now.session["_auth_user_id"] == str(imogen.pk)
    assert methods(request_now, imogen) == [
        {"method": "mfa", "at": ..., "id": passkey.pk, "type": "webauthn", "passwordless": True}
    ]


# --- reauthentication


def test_a_visitor_must_sign_in_before_an_export(request_now):
    assert internals.is_reauthentication_required(request_now) is True


def test_a_user_with_an_old_sign_in_must_reauthenticate(imogen, request_of, monkeypatch):
    request, factor = request_of(imogen), make.second_factor(imogen)
    with context.request_context(request):
        assert internals.is_reauthentication_required(request) is True
        internals.post_authentication(request, factor, reauthenticated=True)
        assert internals.is_reauthentication_required(request) is False
        an_hour_later = time.time() + 3600
        monkeypatch.setattr(time, "time", lambda: an_hour_later)
        assert internals.is_reauthentication_required(request) is True


# --- passkeys


def test_a_new_passkey_is_stored_on_the_device_and_verifies_its_owner(imogen, request_now):
    options = internals.begin_passkey_registration(imogen)["publicKey"]
    asked = options["authenticatorSelection"]
    assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")
    assert [state["challenge"] for state in request_now.session.values()] == [options["challenge"]]


def test_an_added_passkey_is_one_of_the_users_authenticators(imogen, request_now):
    device = Device()
    credential = json.loads(device.make({"creation_options": internals.begin_passkey_registration(imogen)}))
    passkey = internals.add_passkey(imogen, "Laptop", credential)
    assert Authenticator.objects.get(user=imogen, type=Authenticator.Type.WEBAUTHN) == passkey
    assert (passkey.wrap().name, passkey.wrap().is_passwordless) == ("Laptop", True)
    assert passkey.wrap().authenticator_data.credential_data.credential_id == device.id


def test_a_sign_in_by_passkey_begins_without_a_session_and_for_any_user(request_now):
    options, state = internals.begin_passkey_authentication()
    asked = options["publicKey"]
    assert (asked["userVerification"], asked.get("allowCredentials", [])) == ("required", [])
    assert json.loads(json.dumps(state))["challenge"] == asked["challenge"]
    assert request_now.session.is_empty()


def test_the_session_keeps_the_state_of_a_passkey_sign_in_until_it_is_cleared(request_now):
    _options, state = internals.begin_passkey_authentication()
    internals.set_passkey_state(state)
    assert list(request_now.session.values()) == [state]
    internals.clear_passkey_state()
    assert list(request_now.session.keys()) == []
