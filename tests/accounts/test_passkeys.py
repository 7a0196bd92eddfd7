"""Passkeys: as first factor, as only factor without a password, and as the last factor, which users cannot remove."""

import json
import re
import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from s4jr.accounts.invitations import cancel_invitation, issue_invitation
from s4jr.accounts.models import Invitation, Session, User
from s4jr.audit.models import AccessLog
from s4jr.security.models import RateLimit
from tests import make
from tests.accounts.soft_passkey import HOST, Device
from tests.races import race

pytestmark = pytest.mark.django_db

ADD = "/account/2fa/passkeys/add/"
LOG_IN = "/account/2fa/passkeys/login/"
FAILED = "/account/login/?passkey=failed"
GIVE_AGAIN = "/account/2fa/passkeys/reauthenticate/"
GIVE_A_CODE = "/account/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def client():
    """Passkeys are bound to a host, and browsers allow http on this one only."""
    return browser()


def browser():
    return Client(headers={"host": HOST})


def invited(username="katherine"):
    """Create a user who has only an invitation; return the user and the invitation's URL."""
    user = User(username=username, is_staff=True)
    user.set_unusable_password()
    user.save()
    link = issue_invitation(user=user, purpose=Invitation.Purpose.JOIN_STAFF)
    return user, link[link.index("/invitation/") :]


def accept(client, address, device):
    """Accept an invitation with a passkey; return the last response."""
    credential = device.make(client.get(address).context["js_data"])
    return client.post(address, {"name": "Laptop", "credential": credential})


def with_passkey(client, username="katherine"):
    """Create a signed-in user who has a passkey and no password; return the user and the device."""
    user, address = invited(username)
    device = Device()
    accept(client, address, device)
    return user, device


def sign_in(client, device, **more):
    options = client.get(LOG_IN, headers={"accept": "application/json"}).json()
    return client.post(LOG_IN, {"credential": device.give(options), **more})


def open_admin(client):
    """Open the admin and follow redirects; return the last path and its status."""
    response = client.get(reverse("admin:index"), follow=True)
    address = response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]
    return address.partition("?")[0], response.status_code


def kinds(user):
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


# --- invited


def test_an_invited_person_is_offered_a_passkey_before_a_password(client):
    text = client.get(invited()[1]).content.decode()
    assert 0 < text.index('id="make-passkey"') < text.index('name="new_password1"')


def test_an_invited_person_signs_in_with_a_passkey_and_no_password(client):
    user, address = invited()
    response = accept(client, address, Device())
    assert response.headers["Location"] == "/account/2fa/recovery-codes/"
    user.refresh_from_db()
    assert (user.has_usable_password(), kinds(user)) == (False, ["recovery_codes", "webauthn"])
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    shown = client.get("/account/2fa/recovery-codes/").content.decode()
    assert [code in shown for code in codes] == [True] * 10
    assert open_admin(client) == (reverse("admin:index"), 200)


def test_a_passkey_uses_the_link_up_and_a_second_post_creates_none(client):
    user, address = invited()
    late = browser()
    credential = Device().make(late.get(address).context["js_data"])
    accept(client, address, Device())
    answer = late.post(address, {"name": "Theirs", "credential": credential})
    assert (answer.status_code, kinds(user)) == (404, ["recovery_codes", "webauthn"])


def test_a_get_of_the_passkey_page_does_not_use_the_link_up(client):
    _, address = invited()
    assert client.get(address).status_code == 200
    assert Invitation.objects.get().used_at is None


def test_another_signed_in_user_is_signed_out_first(client):
    ada = make.signed_in_staff(client)
    user, address = invited()
    accept(client, address, Device())
    assert int(client.session["_auth_user_id"]) == user.pk != ada.pk
    assert open_admin(client) == (reverse("admin:index"), 200)


def test_the_options_require_a_resident_key_and_user_verification(client):
    _, address = invited()
    asked = client.get(address).context["js_data"]["creation_options"]["publicKey"]
    asked = asked["authenticatorSelection"]
    assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")


@pytest.mark.parametrize(
    "wrong",
    [Device(is_verified=False), Device(origin="http://elsewhere.example"), Device(origin="http://127.0.0.1")],
    ids=["nobody asked whose it is", "another site", "an address by number"],
)
def test_a_passkey_with_a_wrong_response_is_refused(client, wrong):
    user, address = invited()
    assert accept(client, address, wrong).status_code == 200
    assert (kinds(user), Invitation.objects.get().used_at) == ([], None)


def test_a_response_to_an_earlier_challenge_is_refused(client):
    user, address = invited()
    old = client.get(address).context["js_data"]
    client.get(address)
    answer = client.post(address, {"credential": Device().make(old)})
    assert (answer.status_code, kinds(user)) == (200, [])


def test_a_response_to_the_challenge_of_another_browser_is_refused(client):
    user, address = invited()
    theirs = browser().get(address).context["js_data"]
    client.get(address)
    answer = client.post(address, {"credential": Device().make(theirs)})
    assert (answer.status_code, kinds(user), Invitation.objects.get().used_at) == (200, [], None)


@pytest.mark.parametrize("late", [0, 3601])
def test_a_passkey_can_be_created_for_an_hour_after_the_page_opened(client, late, monkeypatch):
    user, address = invited()
    credential = Device().make(client.get(address).context["js_data"])
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + late)
    client.post(address, {"credential": credential})
    assert kinds(user) == (["recovery_codes", "webauthn"] if late == 0 else [])


def test_a_user_with_a_passkey_gives_a_display_name_on_the_same_page(client):
    _, address = invited()
    credential = Device().make(client.get(address).context["js_data"])
    client.post(address, {"credential": credential, "display_name": "Katherine"})
    assert User.objects.get().display_name == "Katherine"


@pytest.mark.django_db(transaction=True)
def test_of_a_passkey_and_a_cancellation_at_the_same_time_one_wins(client):
    user, address = invited()
    credential = Device().make(client.get(address).context["js_data"])
    ada = make.admin()
    answer, canceled = race(
        lambda: client.post(address, {"credential": credential}).status_code,
        lambda: cancel_invitation(user, by=ada),
    )
    assert (answer, canceled, kinds(user)) in [(302, False, ["recovery_codes", "webauthn"]), (404, True, [])]


NONSENSE = ["{", "null", "[]", "1", '"x"', "{}", '{"id": "eA"}', '{"id":"eA","rawId":"eA","type":"public-key"}',
            '{"id":"eA","rawId":"eA","type":"public-key","response":{}}',
            '{"id":"eA","rawId":"eA","type":"public-key","response":{"userHandle":7}}',
            '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
            '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA",'
            '"signature":"AA","userHandle":"__8"}}']  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_an_invalid_response_shows_an_error_on_the_page(client, nonsense):
    user, address = invited()
    client.get(address)
    making = client.post(address, {"credential": nonsense})
    client.get(LOG_IN, headers={"accept": "application/json"})
    giving = client.post(LOG_IN, {"credential": nonsense})
    client.force_login(with_passkey(browser(), "dorothy")[0])
    client.get(GIVE_AGAIN)
    again = client.post(GIVE_AGAIN, {"credential": nonsense})
    assert (making.status_code, giving.status_code, again.status_code, kinds(user)) == (200, 302, 302, [])


def test_a_passkey_of_a_missing_user_opens_nothing(client):
    _, device = with_passkey(browser())
    for handle in ("__8", "YWJj", "OTk5OTk5", None, 7, [], {}):
        device.owner = handle
        assert sign_in(client, device).status_code == 302
    assert "_auth_user_id" not in client.session


# --- signing in


def test_a_passkey_alone_opens_the_admin(client):
    _, device = with_passkey(browser())
    assert sign_in(client, device).headers["Location"] == reverse("admin:index")
    assert open_admin(client) == (reverse("admin:index"), 200)


def test_signing_in_with_a_passkey_leads_to_the_requested_page(client):
    _, device = with_passkey(browser())
    assert sign_in(client, device, next="/account/2fa/").headers["Location"] == "/account/2fa/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_signing_in_with_a_passkey_leads_to_no_other_site(client, elsewhere):
    _, device = with_passkey(browser())
    assert sign_in(client, device, next=elsewhere).headers["Location"] == reverse("admin:index")


def test_a_passkey_with_another_key_opens_nothing(client):
    _, device = with_passkey(browser())
    with_passkey(browser(), "dorothy")
    stranger = Device()
    stranger.id, stranger.owner = device.id, device.owner
    response = sign_in(client, stranger)
    assert (response.headers["Location"], "_auth_user_id" in client.session) == (FAILED, False)


def test_a_passkey_without_user_verification_opens_nothing(client):
    _, device = with_passkey(browser())
    device.flags = 0x01
    sign_in(client, device)
    assert "_auth_user_id" not in client.session


def test_a_response_works_once(client):
    _, device = with_passkey(browser())
    options = client.get(LOG_IN, headers={"accept": "application/json"}).json()
    answer = device.give(options)
    client.post(LOG_IN, {"credential": answer})
    client.post("/account/logout/")
    client.post(LOG_IN, {"credential": answer})
    assert "_auth_user_id" not in client.session


def test_a_used_response_and_its_cookie_open_nothing_in_another_browser(client):
    _, device = with_passkey(browser())
    options = client.get(LOG_IN, headers={"accept": "application/json"}).json()
    thief, answer = browser(), device.give(options)
    thief.cookies["passkey"] = client.cookies["passkey"].value
    client.post(LOG_IN, {"credential": answer})
    assert thief.post(LOG_IN, {"credential": answer}).headers["Location"] == FAILED
    assert ("_auth_user_id" in client.session, "_auth_user_id" in thief.session) == (True, False)


@pytest.mark.parametrize("late", [0, 301])
def test_a_response_is_valid_for_five_minutes(client, late, monkeypatch):
    _, device = with_passkey(browser())
    answer = device.give(client.get(LOG_IN, headers={"accept": "application/json"}).json())
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + late)
    client.post(LOG_IN, {"credential": answer})
    assert ("_auth_user_id" in client.session) is (late == 0)


def test_failed_passkey_sign_ins_of_visitors_create_no_rows(client):
    with_passkey(browser())
    before = Session.objects.count(), RateLimit.objects.count()
    for _ in range(20):
        stranger = browser()
        options = stranger.get(LOG_IN, headers={"accept": "application/json"}).json()
        stranger.post(LOG_IN, {"credential": Device().give(options)})
        stranger.post(LOG_IN, {"credential": "{}"})
    assert (Session.objects.count(), RateLimit.objects.count()) == before


def test_an_inactive_user_cannot_sign_in_with_a_passkey(client):
    _, device = with_passkey(browser())
    User.objects.update(is_active=False)
    assert sign_in(client, device).headers["Location"] == "/account/inactive/"
    assert "_auth_user_id" not in client.session


def test_account_recovery_removes_the_passkey(client):
    from s4jr.accounts.account_recovery import recover_sign_in

    user, device = with_passkey(browser())
    recover_sign_in(user)
    sign_in(client, device)
    assert ("_auth_user_id" in client.session, AccessLog.objects.get().action) == (False, "changed")


def test_the_sign_in_page_works_without_scripts(client):
    page = client.post(LOG_IN, {"credential": ""}, follow=True)
    assert (page.status_code, page.redirect_chain) == (200, [(FAILED, 302)])
    assert "Try again, or sign in another way." in page.content.decode()


def test_a_password_and_then_a_passkey_open_the_admin_too(client):
    user, device = with_passkey(browser())
    user.set_password(make.PASSWORD)
    user.save()
    page = make.sign_in(client, user, follow=True)
    assert page.headers["Location"] == "/account/2fa/authenticate/"
    page = client.get("/account/2fa/authenticate/")
    client.post("/account/2fa/authenticate/", {"credential": device.give(page.context["js_data"])})
    assert open_admin(client) == (reverse("admin:index"), 200)


def test_a_session_made_without_allauth_is_asked_for_the_passkey(client):
    user, device = with_passkey(browser())
    client.force_login(user)
    assert open_admin(client) == (GIVE_AGAIN, 200)
    page = client.get(GIVE_AGAIN)
    client.post(f"{GIVE_AGAIN}?next={reverse('admin:index')}", {"credential": device.give(page.context["js_data"])})
    assert open_admin(client) == (reverse("admin:index"), 200)


def test_a_passkey_as_second_step_requires_user_verification_too(client):
    user, device = with_passkey(browser())
    device.flags = 0x01
    client.force_login(user)
    client.post(GIVE_AGAIN, {"credential": device.give(client.get(GIVE_AGAIN).context["js_data"])})
    assert open_admin(client) == (GIVE_AGAIN, 200)


def test_a_wrong_passkey_is_asked_for_again_on_the_same_page(client):
    user, _ = with_passkey(browser())
    client.force_login(user)
    client.get(GIVE_AGAIN)
    wrong = client.post(f"{GIVE_AGAIN}?next=/manage/", {"credential": "{}"})
    assert wrong.headers["Location"] == f"{GIVE_AGAIN}?next=%2Fmanage%2F"
    assert open_admin(client) == (GIVE_AGAIN, 200)


def test_a_recovery_code_replaces_a_lost_passkey(client):
    user, _ = with_passkey(browser())
    client.force_login(user)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    assert GIVE_A_CODE in client.get(GIVE_AGAIN).content.decode()
    client.post(GIVE_A_CODE, {"code": code})
    assert open_admin(client) == (reverse("admin:index"), 200)


# --- without the passkey and without a password

RECOVER = "/account/2fa/recovery-codes/sign-in/"


def codes_of(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def recover(client, code, name="katherine", **meta):
    return client.post(RECOVER, {"login": name, "code": code}, **meta)


def test_a_user_who_lost_the_passkey_signs_in_with_a_recovery_code_and_adds_a_new_one(client):
    user, _ = with_passkey(browser())
    assert f'href="{RECOVER}"' in client.get("/account/login/").content.decode()
    assert recover(client, codes_of(user)[0], " Katherine ").headers["Location"] == "/account/2fa/"
    assert open_admin(client) == (reverse("admin:index"), 200)
    page = client.get(ADD)
    client.post(ADD, {"name": "New phone", "credential": Device().make(page.context["js_data"])})
    assert kinds(user) == ["recovery_codes", "webauthn", "webauthn"]


def test_a_recovery_code_is_understood_as_it_was_pasted(client):
    user, _ = with_passkey(browser())
    recover(client, f"\ufeff{codes_of(user)[0]}\u200b")
    assert "_auth_user_id" in client.session


def test_a_recovery_code_works_once(client):
    user, _ = with_passkey(browser())
    code = codes_of(user)[0]
    recover(client, code)
    again = browser()
    recover(again, code)
    assert ("_auth_user_id" in client.session, "_auth_user_id" in again.session) == (True, False)


def test_a_user_with_a_password_gives_it_first(client):
    user, _ = with_passkey(browser())
    user.set_password(make.PASSWORD)
    user.save()
    recover(client, codes_of(user)[0])
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("change", [{"is_active": False}, {"username": "another"}])
def test_an_inactive_or_missing_user_cannot_sign_in(client, change):
    user, _ = with_passkey(browser())
    User.objects.filter(pk=user.pk).update(**change)
    recover(client, codes_of(user)[0])
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_and_an_unknown_user_name_get_the_same_page(client):
    with_passkey(browser())
    pages = [recover(browser(), "11111111", name).content.decode() for name in ("katherine", "nobodyhere")]
    theirs, nobodys = (re.sub(r'value="[^"]*"', "", page) for page in pages)
    assert (theirs, "recovery code don’t match" in theirs) == (nobodys, True)


def test_guessing_recovery_codes_is_limited_and_the_owner_is_not_locked_out(client):
    user, _ = with_passkey(browser())
    pages = [recover(browser(), "1111", REMOTE_ADDR="203.0.113.8").content.decode() for _ in range(6)]
    assert ["too many wrong tries" in page for page in pages] == [False] * 5 + [True]
    recover(client, codes_of(user)[0], REMOTE_ADDR="198.51.100.8")
    assert "_auth_user_id" in client.session


def test_the_help_says_whom_a_representative_can_contact(client):
    page = client.get("/account/password/reset/").content.decode()
    assert ("If you are a representative" in page, 'href="/contact/"' in page) == (True, True)


# --- adding and removing


def test_a_user_with_a_password_adds_a_passkey_as_second_step_and_is_signed_in(client):
    user = make.admin()
    make.sign_in(client, user)
    page = client.get(ADD)
    client.post(ADD, {"name": "Phone", "credential": Device().make(page.context["js_data"])})
    assert open_admin(client) == (reverse("admin:index"), 200)
    assert "Phone" in client.get("/account/2fa/").content.decode()


@pytest.mark.parametrize("address", [ADD, "/account/2fa/totp/activate/"])
def test_a_session_without_the_second_factor_cannot_add_one(client, address):
    user, _ = with_passkey(browser())
    user.set_password(make.PASSWORD)
    user.save()
    Authenticator.objects.filter(user=user).update(user=make.admin())
    make.sign_in(client, user)
    Authenticator.objects.update(user=user)
    assert client.get(address).headers["Location"].partition("?")[0] == GIVE_AGAIN


def remove(passkey):
    return f"/account/2fa/passkeys/{passkey.pk}/remove/"


def test_the_last_passkey_stays(client):
    user, _ = with_passkey(client)
    passkey = Authenticator.objects.get(user=user, type="webauthn")
    assert "so you can’t remove it yet" in client.get(remove(passkey)).content.decode()
    client.post(remove(passkey))
    assert kinds(user) == ["recovery_codes", "webauthn"]


def test_the_last_app_stays(client):
    user = make.signed_in_staff(client)
    assert "so you can’t remove it yet" in client.get("/account/2fa/totp/deactivate/").content.decode()
    client.post("/account/2fa/totp/deactivate/")
    assert kinds(user) == ["recovery_codes", "totp"]


def test_one_of_two_factors_can_be_removed_and_the_other_stays(client):
    user, _ = with_passkey(client)
    make.second_factor(user)
    passkey = Authenticator.objects.get(user=user, type="webauthn")
    client.post(remove(passkey))
    client.post("/account/2fa/totp/deactivate/")
    assert kinds(user) == ["recovery_codes", "totp"]


def test_without_a_password_the_last_passkey_stays_even_if_no_factor_is_required(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user, _ = with_passkey(client)
    client.post(remove(Authenticator.objects.get(user=user, type="webauthn")))
    assert kinds(user) == ["recovery_codes", "webauthn"]


def test_with_a_password_the_last_factor_can_be_removed_if_none_is_required(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = make.signed_in_staff(client)
    client.post("/account/2fa/totp/deactivate/")
    assert kinds(user) == []


def test_users_cannot_remove_passkeys_of_other_users(client):
    other, _ = with_passkey(browser(), "dorothy")
    with_passkey(client)
    make.second_factor(other)
    assert client.post(remove(Authenticator.objects.get(user=other, type="webauthn"))).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_posts_do_not_remove_both_factors(client):
    """The second request waits for the first, and then sees that only one factor is left."""
    user, _ = with_passkey(client)
    make.second_factor(user)
    passkey = Authenticator.objects.get(user=user, type="webauthn")

    def submit():
        client.post(remove(passkey))
        connection.close()

    second = threading.Thread(target=submit)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        second.start()
        second.join(0.5)
        Authenticator.objects.get(user=user, type="totp").delete()
    second.join()
    assert kinds(user) == ["recovery_codes", "webauthn"]


def test_a_stored_passkey_holds_no_secret(client):
    """The database holds a public key and no secret."""
    user, device = with_passkey(client)
    kept = json.dumps(Authenticator.objects.get(user=user, type="webauthn").data)
    secret = device.key.private_numbers().private_value
    assert (str(secret) in kept, "v1." in kept) == (False, False)


def test_passkey_pages_have_no_inline_scripts(client):
    """The pages hold JSON data, which browsers do not run; scripts come from files."""
    _, address = invited("dorothy")
    pages = [client.get("/account/login/"), client.get(address)]
    with_passkey(client)
    pages += [client.get(ADD), client.get(GIVE_AGAIN)]
    for page in pages:
        text = page.content.decode()
        starts = [part.partition(">")[0] for part in text.split("<script")[1:]]
        assert [" src=" in start or 'type="application/json"' in start for start in starts] == [True] * len(starts)
        assert ("<style" in text, " style=" in text, " onclick=" in text) == (False, False, False)


def test_a_button_that_needs_a_script_is_disabled_until_it_loads(client):
    _, address = invited()
    page = client.get(address)
    assert 'id="make-passkey" disabled data-passkey>' in page.text
    assert 'id="passkey" disabled data-passkey>' in client.get("/account/login/").text
