"""How users sign in with passkeys in a browser, and how long they stay signed in."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from s4jr.accounts.invitations import issue_invitation
from s4jr.accounts.models import Invitation, Session, User
from s4jr.accounts.sessions import SessionStore
from tests import make
from tests.e2e.test_main_job import sign_in

TYPED = "something somebody typed"


@pytest.fixture
def at_localhost(browser, site):
    """A page on `http://localhost`, the only origin without TLS with passkeys, and a virtual device for them."""
    context = browser.new_context(base_url=f"http://localhost:{site.port}")
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    add_virtual_device(page)
    yield page
    context.close()
    assert complaints == []  # CSP blocked nothing


def add_virtual_device(page):
    """Adds a virtual authenticator to this page that always verifies its user."""
    kind = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    asks = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    page.devtools = page.context.new_cdp_session(page)
    page.devtools.send("WebAuthn.enable")
    page.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, **asks}})


@pytest.fixture
def katherine(transactional_db):
    user = User(username="katherine", is_staff=True, is_superuser=True)
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def invitation(katherine):
    link = issue_invitation(user=katherine, purpose=Invitation.Purpose.JOIN_STAFF)
    return link[link.index("/invitation/") :]


def make_passkey(page, name):
    page.get_by_label("Passkey name").fill(name)
    page.get_by_role("button", name="Create my passkey").click()


def accept(page, invitation):
    page.goto(invitation)
    make_passkey(page, "Laptop")
    page.wait_for_url("**/recovery-codes/")


def test_a_passkey_is_enough_from_the_invitation_to_the_admin_and_back(at_localhost, katherine, invitation):
    page = at_localhost
    accept(page, invitation)
    page.get_by_role("link", name="I’ve written them down").click()
    page.wait_for_url("**/manage/")

    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/manage/accounts/user/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/manage/accounts/user/")

    katherine.refresh_from_db()
    assert (katherine.has_usable_password(), katherine.last_login is not None) == (False, True)


def test_the_button_waits_for_late_scripts(at_localhost, invitation):
    page, held = at_localhost, []
    page.route("**/onload*.js", lambda route: held.append(route))
    page.goto(invitation, wait_until="commit")
    button = page.get_by_role("button", name="Create my passkey")
    assert button.is_disabled()
    held.pop().continue_()
    make_passkey(page, "Laptop")
    page.wait_for_url("**/recovery-codes/")


def test_the_last_passkey_stays_until_there_is_another_way_to_sign_in(at_localhost, katherine, invitation):
    page = at_localhost
    accept(page, invitation)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Remove Laptop").click()
    expect(page.get_by_text("so you can’t remove it yet")).to_have_count(1)

    page.goto("/account/2fa/totp/activate/")
    page.get_by_label("code").fill(make.code_for(page.locator(".totp__secret").inner_text()))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/account/2fa/")
    kinds = sorted(Authenticator.objects.filter(user=katherine).values_list("type", flat=True))
    assert kinds == ["recovery_codes", "totp"]


def test_a_passkey_is_asked_for_again_if_the_session_did_not_use_it(at_localhost, katherine, invitation, settings):
    page = at_localhost
    accept(page, invitation)
    (stored,) = Session.objects.all()
    session = SessionStore(stored.pk)
    session["account_authentication_methods"] = []
    session.save()

    page.goto("/manage/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/manage/")


def test_where_a_browser_cannot_create_a_passkey_the_page_says_so_and_offers_the_password(new_page, invitation):
    page = new_page()  # at 127.0.0.1 no browser creates passkeys
    page.goto(invitation)
    page.get_by_role("button", name="Create my passkey").click()
    page.get_by_text("That didn’t work.").wait_for()
    page.get_by_label("Password", exact=True).wait_for()


# --- staying signed in


def record(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def let_pass(minutes):
    """Ages all sessions by some minutes."""
    for stored in Session.objects.all():
        session = SessionStore(stored.pk)
        session["last_seen_at"] -= 60 * minutes
        session.save()


def test_a_warning_comes_two_minutes_before_and_one_click_extends(new_page, ada, katherine):
    page = new_page()
    sign_in(page, ada)
    page.clock.install()
    page.goto(record(katherine))
    warning = page.get_by_role("alertdialog")
    page.get_by_label("Email address").fill(TYPED)

    page.clock.run_for("12:50")
    assert warning.count() == 0
    page.clock.run_for("00:15")
    let_pass(13)
    page.get_by_role("button", name="Stay signed in").click()
    page.wait_for_timeout(500)
    page.clock.run_for("12:50")
    assert warning.count() == 0
    let_pass(13)
    assert page.get_by_label("Email address").input_value() == TYPED
    page.goto(record(katherine))
    expect(page.get_by_label("Email address")).to_have_count(1)


def test_the_warning_is_reachable_by_keyboard_and_says_when_it_is_too_late(new_page, ada, katherine):
    page = new_page()
    sign_in(page, ada)
    page.clock.install()
    page.goto(record(katherine))
    page.clock.run_for("13:05")
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    page.keyboard.press("Escape")  # any key counts as activity
    page.wait_for_timeout(500)
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.clock.run_for("15:05")
    expect(page.get_by_role("alertdialog").get_by_text("You’re signed out now.")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)


@pytest.mark.parametrize("javascript", [False, True])
def test_typed_text_comes_back_after_signing_in_and_one_button_sends_it(new_page, ada, katherine, javascript):
    page = new_page(javascript=javascript)
    sign_in(page, ada)
    page.goto(record(katherine))
    page.get_by_label("Email address").fill(TYPED)
    let_pass(20)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/account/login/**")

    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(make.code_of(ada))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account/typed/")
    expect(page.get_by_text(TYPED)).to_have_count(1)

    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"**{record(katherine)}")
    expect(page.get_by_text("There is no @ in the address.")).to_have_count(1)
    assert page.get_by_label("Email address").input_value() == TYPED
