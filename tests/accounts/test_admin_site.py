"""Who may open the admin: the six cases, and the detours that must stay closed."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.models import Session, User
from s4jr.accounts.sessions import end_sessions_of
from s4jr.security.models import RateLimit
from tests import make

pytestmark = pytest.mark.django_db

ENROL = "/account/2fa/totp/activate/"
ASK_FOR_CODE = "/account/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def door():
    return reverse("admin:index")


def open_admin(client):
    """Open the admin and follow redirects; return the last path and its status."""
    response = client.get(reverse("admin:index"), follow=True)
    address = response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]
    return address.partition("?")[0], response.status_code


def test_password_only_is_sent_to_set_up_a_second_factor(client):
    make.sign_in(client, make.admin())
    assert open_admin(client) == (ENROL, 200)


def test_password_with_an_enrolled_factor_is_asked_for_the_code(client, door):
    user = make.admin()
    make.sign_in(client, user)
    make.second_factor(user)
    assert open_admin(client) == (ASK_FOR_CODE, 200)
    client.post(f"{ASK_FOR_CODE}?next={door}", {"code": make.code_of(user)})
    assert open_admin(client) == (door, 200)


def test_a_session_made_without_allauth_is_asked_for_the_code(client):
    user = make.admin()
    make.second_factor(user)
    client.force_login(user)
    assert open_admin(client) == (ASK_FOR_CODE, 200)


def test_a_pending_factor_opens_nothing(client):
    user = make.admin()
    make.second_factor(user)
    make.sign_in(client, user)
    assert open_admin(client) == ("/account/2fa/authenticate/", 200)


def test_a_wrong_code_opens_nothing(client):
    user = make.admin()
    make.second_factor(user)
    make.sign_in(client, user)
    wrong = f"{(int(make.code_of(user)) + 1) % 1_000_000:06}"
    client.post("/account/2fa/authenticate/", {"code": wrong})
    assert open_admin(client) == ("/account/2fa/authenticate/", 200)


def test_a_given_factor_opens_the_admin(client, door):
    make.signed_in_staff(client)
    assert open_admin(client) == (door, 200)


def test_a_recovery_code_opens_the_admin_once(client, door):
    user = make.admin()
    make.second_factor(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    code = codes.get_unused_codes()[0]
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": code})
    assert open_admin(client) == (door, 200)
    client.post("/account/logout/")
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": code})
    assert open_admin(client) == ("/account/2fa/authenticate/", 200)


def test_an_ordinary_account_gets_a_page_and_no_redirect_loop(client):
    make.sign_in(client, make.person_who_signs_in())
    assert open_admin(client)[1] == 403


def test_an_ordinary_account_with_a_factor_gets_a_page_too(client):
    user = make.person_who_signs_in()
    make.second_factor(user)
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    assert open_admin(client)[1] == 403


def test_a_removed_factor_closes_the_admin_again(client):
    user = make.signed_in_staff(client)
    Authenticator.objects.filter(user=user).delete()
    assert open_admin(client) == (ENROL, 200)


def test_a_new_factor_that_this_session_never_gave_does_not_replace_a_removed_one(client):
    user = make.signed_in_staff(client)
    Authenticator.objects.filter(user=user).delete()
    make.second_factor(user)
    assert open_admin(client) == (ASK_FOR_CODE, 200)


def test_recovery_codes_alone_are_not_a_second_factor(client):
    user = make.admin()
    make.second_factor(user)
    make.sign_in(client, user)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    client.post("/account/2fa/authenticate/", {"code": code})
    Authenticator.objects.filter(user=user, type="totp").delete()
    assert open_admin(client) == (ENROL, 200)


@pytest.mark.parametrize(("chosen", "shown"), [("Ada", "Ada"), ("", "ada")])
def test_signing_in_greets_a_user_by_the_name_they_chose(client, settings, chosen, shown):
    settings.STAFF_SECOND_FACTOR = False
    make.admin("ada", display_name=chosen)
    answer = client.post("/account/login/", {"login": "ada", "password": make.PASSWORD}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [f"You’re signed in as {shown}."]


def test_a_visitor_signs_in_and_returns_to_the_requested_page(client, door):
    user = make.admin()
    make.second_factor(user)
    wanted = reverse("admin:audit_accesslog_changelist")
    response = client.get(wanted, follow=True)
    address = response.redirect_chain[-1][0]
    assert address == f"/account/login/?next={wanted}"
    client.post(address, {"login": user.username, "password": make.PASSWORD, "next": wanted})
    response = client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    assert response.headers["Location"] == wanted


def test_the_admin_never_shows_a_password_form_of_its_own(client, door):
    response = client.get(f"{door}login/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/account/login/?next={door}")


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, door, elsewhere):
    make.signed_in_staff(client)
    assert client.get(f"{door}login/", {"next": elsewhere}).headers["Location"] == door


def test_without_the_setting_a_password_is_enough_and_the_banner_says_so(client, door, settings):
    settings.STAFF_SECOND_FACTOR = False
    make.sign_in(client, make.admin())
    response = client.get(door)
    assert (response.status_code, response.context["second_factor_off"]) == (200, True)


def test_with_the_setting_there_is_no_banner(client, door):
    make.signed_in_staff(client)
    assert client.get(door).context["second_factor_off"] is False


def test_factor_setup_shows_qr_code_and_secret_and_opens_the_admin(client, door):
    user = make.admin()
    make.sign_in(client, user)
    page = client.get(ENROL)
    secret = page.context["form"].secret
    text = page.content.decode()
    assert "<svg" in text
    assert "data:" not in text
    assert secret in text
    response = client.post(ENROL, {"code": make.code_for(secret)}, follow=True)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert [code in response.content.decode() for code in codes] == [True] * 10
    assert open_admin(client) == (door, 200)


def test_seeds_are_kept_encrypted(client):
    user = make.admin()
    make.sign_in(client, user)
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": make.code_for(secret)})
    kept = dict(Authenticator.objects.filter(user=user).values_list("type", "data"))
    assert secret not in str(kept)
    assert kept["totp"]["secret"].startswith("v1.")
    assert kept["recovery_codes"]["seed"].startswith("v1.")


def test_a_session_without_the_factor_cannot_remove_the_factor(client):
    user = make.admin()
    make.sign_in(client, user)
    make.second_factor(user)
    client.post("/account/reauthenticate/", {"password": make.PASSWORD})
    for address in ("totp/deactivate/", "recovery-codes/generate/", "recovery-codes/"):
        response = client.post(f"/account/2fa/{address}")
        assert response.headers["Location"].startswith(ASK_FOR_CODE)
    assert Authenticator.objects.filter(user=user).count() == 2


def test_users_with_a_factor_confirm_with_it_and_not_with_the_password(client):
    user = make.admin()
    make.second_factor(user)
    client.force_login(user)
    response = client.get("/account/reauthenticate/")
    assert response.headers["Location"] == ASK_FOR_CODE


def test_changing_the_password_ends_the_other_sessions_and_not_this_one(client, door):
    from django.test import Client

    user = make.signed_in_staff(client)
    other = Client()
    make.sign_in(other, user)
    other.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    new = "seven paper herons waiting"
    form = {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    client.post("/account/password/change/", form)
    assert open_admin(client) == (door, 200)
    assert open_admin(other) == ("/account/login/", 200)


def test_users_who_are_no_longer_staff_lose_access_right_away(client):
    user = make.signed_in_staff(client)
    user.is_staff = False
    user.save()
    assert open_admin(client)[1] == 403


def test_the_session_ends_with_the_browser(client, settings):
    make.signed_in_staff(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["expires"], cookie["max-age"], cookie["httponly"]) == ("", "", True)


def test_ending_a_users_sessions_ends_no_other_sessions(client, door):
    from django.test import Client

    other, half_way = Client(), Client()
    user = make.signed_in_staff(client)
    make.signed_in_staff(other, "grace")
    make.sign_in(half_way, user)
    assert end_sessions_of(user) == 2
    assert open_admin(client) == ("/account/login/", 200)
    assert open_admin(half_way) == ("/account/login/", 200)
    assert open_admin(other) == (door, 200)


def test_ending_a_users_sessions_reads_no_other_sessions(client, door):
    user = make.signed_in_staff(client)
    said = {"session_data": "what no longer decodes", "expire_date": timezone.now()}
    Session.objects.bulk_create([Session(session_key=f"of-nobody-{nth}", **said) for nth in range(300)])
    with CaptureQueriesContext(connection) as asked:
        assert end_sessions_of(user) == 1
    assert (len(asked), "user_pk" in asked[0]["sql"], Session.objects.count()) == (1, True, 300)


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_is_closed(client, method):
    form = {"username": "mallory", "password1": make.PASSWORD, "password2": make.PASSWORD}
    response = getattr(client, method)("/account/signup/", form)
    assert response.status_code == 200
    assert "by invitation" in response.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize("rest", ["", "done/", "key/1-abc/", "key/done/", "anything"])
def test_every_reset_url_says_who_can_recover_an_account(client, rest):
    response = client.get(f"/account/password/reset/{rest}")
    assert response.status_code == 200
    assert "Ask another admin" in response.content.decode()


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "confirm-email/abc/", "2fa/recovery-codes/download/"])
def test_unused_allauth_views_have_no_url(client, address):
    make.signed_in_staff(client)
    assert client.get(f"/account/{address}").status_code == 404


def test_no_address_is_saved_and_no_email_is_sent(client):
    user = make.admin()
    make.sign_in(client, user)
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": make.code_for(secret)})
    client.get("/account/2fa/")
    client.post("/account/2fa/recovery-codes/generate/")
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    new = "seven paper herons waiting"
    client.post("/account/password/change/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone"})
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=user, type="totp").count() == 0
    assert (EmailAddress.objects.count(), mail.outbox) == (0, [])


def test_guessing_passwords_is_slowed_down_without_keeping_an_ip(client):
    user = make.admin("grace")  # "grace" never appears in a hash by chance: hashes have only the letters a to f
    for _ in range(6):
        response = client.post(
            "/account/login/", {"login": user.username, "password": "wrong"}, REMOTE_ADDR="203.0.113.77"
        )
    assert "too many wrong tries" in response.content.decode()
    kept = list(RateLimit.objects.values_list("name", "key"))
    assert "password of a network" in dict(kept)
    assert ("203.0.113.77" in str(kept), user.username in str(kept)) == (False, False)


@pytest.mark.parametrize("model", ["account/emailaddress", "mfa/authenticator"])
def test_secrets_and_addresses_have_no_admin_page(client, door, model):
    make.signed_in_staff(client)
    assert client.get(f"{door}{model}/").status_code == 404


STRANGER, KNOWN = "nobody.known@example.org", "ada.known@example.org"


@pytest.mark.parametrize("address", ["/account/signup/", "/account/password/reset/"])
def test_sign_up_and_reset_give_everyone_the_same_answer_and_send_nothing(client, address):
    make.admin("ada")
    User.objects.update(address=KNOWN)
    forms = [
        {"email": email, "username": name, "login": name, "password1": make.PASSWORD, "password2": make.PASSWORD}
        for email, name in [(KNOWN, "ada"), (STRANGER, "mallory"), ("no address", ""), ("", "")]
    ]
    answers = [client.post(address, form) for form in forms]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert (User.objects.count(), EmailAddress.objects.count(), mail.outbox) == (1, 0, [])


def test_no_subject_names_the_site(settings):
    assert (settings.ACCOUNT_EMAIL_SUBJECT_PREFIX, settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS) == ("", False)


def test_signing_out_in_the_admin_leaves_as_little_in_the_browser_as_anywhere_else(client):
    make.signed_in_staff(client)
    client.cookies["form"] = "a guard"
    answer = client.post(reverse("admin:logout"))
    assert (answer.headers.get("Clear-Site-Data"), client.cookies["form"].value) == ('"cache"', "")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
    assert client.get(reverse("admin:index")).status_code == 302
