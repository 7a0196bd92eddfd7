"""One-time invitation links."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.invitations import (
    cancel_invitation,
    has_sign_in,
    issue_invitation,
    renew_invitation,
    use_invitation,
)
from s4jr.accounts.models import Invitation, Session, User
from s4jr.audit.models import AccessLog
from s4jr.crypto.fields import Ciphertext
from tests import make
from tests.races import race
from tests.reading import Page

NEW = "seven paper herons waiting"
BOTH = {"new_password1": NEW, "new_password2": NEW}

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    user = User(username="katherine", is_staff=True)
    user.set_unusable_password()
    user.save()
    return user


def address_for(user, purpose=Invitation.Purpose.JOIN_STAFF):
    link = issue_invitation(user=user, purpose=purpose)
    return link[link.index("/invitation/") :]


def may_sign_in(user):
    return User.objects.get(pk=user.pk).check_password(NEW)


def test_the_link_leads_to_this_site(invited, settings):
    settings.SITE_URL = "https://example.org"
    link = issue_invitation(user=invited, purpose=Invitation.Purpose.JOIN_STAFF)
    assert link.startswith("https://example.org/invitation/")


def test_a_get_changes_nothing(client, invited):
    address = address_for(invited)
    assert [client.get(address).status_code, client.head(address).status_code] == [200, 200]
    assert Invitation.objects.get().used_at is None


def test_the_invited_person_chooses_a_password_and_is_signed_in_with_it(client, invited):
    response = client.post(address_for(invited), BOTH)
    assert (response.status_code, response.headers["Location"]) == (302, "/manage/")
    assert int(client.session["_auth_user_id"]) == invited.pk
    assert mail.outbox == []


def test_the_chosen_password_opens_the_admin_only_after_the_second_step(client, invited, settings):
    settings.STAFF_SECOND_FACTOR = True
    page = client.post(address_for(invited), BOTH, follow=True)
    assert page.redirect_chain[-1][0] == "/account/2fa/totp/activate/"
    client.post("/account/2fa/totp/activate/", {"code": make.code_for(page.context["form"].secret)})
    page = client.get("/account/2fa/recovery-codes/")
    assert 'href="/manage/"' in page.content.decode()
    assert client.get("/manage/").status_code == 200


def test_the_chosen_password_works_at_the_next_sign_in(client, invited):
    client.post(address_for(invited), BOTH)
    client.post("/account/logout/")
    client.post("/account/login/", {"login": "katherine", "password": NEW})
    assert int(client.session["_auth_user_id"]) == invited.pk


def test_a_representative_who_chose_a_password_comes_to_their_own_pages(client):
    orla = User.objects.create(username="orla")
    response = client.post(address_for(orla), BOTH)
    assert response.headers["Location"] == reverse("representative_home")


def test_a_link_works_once(client, invited):
    address = address_for(invited)
    client.post(address, BOTH)
    again = client.post(
        address, {"new_password1": "another four word thing", "new_password2": "another four word thing"}
    )
    assert (again.status_code, may_sign_in(invited)) == (404, True)


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_weak_password_is_refused_and_the_link_still_works(client, invited, password):
    address = address_for(invited)
    assert client.post(address, {"new_password1": password, "new_password2": password}).status_code == 200
    client.post(address, BOTH)
    assert may_sign_in(invited)


def test_a_link_expires_after_48_hours(client, invited):
    address = address_for(invited)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (client.get(address).status_code, client.post(address, BOTH).status_code) == (404, 404)
    assert not may_sign_in(invited)


def test_a_link_lasts_48_hours(invited):
    before = timezone.now()
    address_for(invited)
    lasts = Invitation.objects.get().expires_at - before
    assert timedelta(hours=48) <= lasts < timedelta(hours=48, minutes=1)


def test_a_new_link_replaces_the_earlier_one(client, invited):
    first, second = address_for(invited), address_for(invited)
    assert [client.get(first).status_code, client.get(second).status_code] == [404, 200]


def test_a_link_for_an_inactive_user_does_not_work(client, invited):
    address = address_for(invited)
    User.objects.update(is_active=False)
    assert client.post(address, BOTH).status_code == 404


def test_a_made_up_link_does_not_work(client, invited):
    address_for(invited)
    assert client.get("/invitation/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_the_database_does_not_hold_the_link(invited):
    token = address_for(invited).split("/")[-2]
    kept = Invitation.objects.values().get()
    assert token not in str(kept)
    assert len(token) == 22  # 128 bits


def test_an_unfinished_sign_in_in_this_browser_does_not_block_the_link(client):
    """A user who lost the phone may have stopped at the question for its code; after recovery they sign in again."""
    user = make.admin()
    make.second_factor(user)
    make.sign_in(client, user)
    from s4jr.accounts.account_recovery import recover_sign_in

    link = recover_sign_in(user)
    client.post(link[link.index("/invitation/") :], BOTH)
    page = client.post("/account/login/", {"login": "ada", "password": NEW}, follow=True)
    assert page.redirect_chain[-1][0] == "/account/2fa/totp/activate/"


def test_another_user_of_this_browser_is_signed_out(client, invited):
    make.signed_in_staff(client)
    client.post(address_for(invited), BOTH)
    assert int(client.session["_auth_user_id"]) == invited.pk


def test_guessing_links_is_rate_limited(client, invited):
    answers = {client.post(f"/invitation/guess{number}/", BOTH).status_code for number in range(20)}
    assert answers == {404}
    assert client.post("/invitation/guess/", BOTH).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_posts_use_the_link_once(invited):
    address_for(invited)
    copies = [Invitation.objects.get() for _ in range(6)]
    gate, won = threading.Barrier(6), []

    def submit(invitation):
        gate.wait()
        won.append(use_invitation(invitation, NEW))
        connection.close()

    threads = [threading.Thread(target=submit, args=[copy]) for copy in copies]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(won) == [False] * 5 + [True]


# --- the page


def test_the_page_asks_for_a_display_name_and_says_why(client, invited):
    text = client.get(address_for(invited)).content.decode()
    assert [words in text for words in ('name="display_name"', "who shouldn’t read their message")] == [True, True]


def test_the_display_name_is_saved_and_the_log_leaves_it_out(client, invited):
    client.post(address_for(invited), {**BOTH, "display_name": "Katherine of the river"})
    assert User.objects.get().display_name == "Katherine of the river"
    row = AccessLog.objects.get()
    assert (row.who, row.action, row.field_names) == ("katherine", "changed", "display_name")


def test_the_page_as_a_browser_submits_it_sets_the_password(client, invited):
    """The field for the device's answer is empty until a script fills it in."""
    address = address_for(invited)
    page = Page(client.get(address).content.decode())
    as_shown = {e["name"]: e.get("value", "") for e in page.elements if e["tag"] == "input" and "name" in e}
    assert as_shown["credential"] == ""
    client.post(address, {**as_shown, **BOTH})
    assert may_sign_in(invited)


def test_a_display_name_that_another_user_has_is_refused_and_the_link_still_works(client, invited):
    make.admin("ada", display_name="Ada")
    address = address_for(invited)
    page = client.post(address, {**BOTH, "display_name": "ada"})
    assert (page.status_code, "already uses this name" in page.content.decode()) == (200, True)
    assert not may_sign_in(invited)
    client.post(address, {**BOTH, "display_name": "Katherine"})
    assert may_sign_in(invited)


def test_an_unreadable_display_name_is_kept_unless_another_is_typed(client, invited):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET display_name = 'v1.gone.AAAA'")
    client.post(address_for(invited), {**BOTH, "display_name": ""})
    assert vars(User.objects.get())["display_name"] == Ciphertext("v1.gone.AAAA")


@pytest.mark.parametrize(("is_staff", "purpose"), [(False, "join_staff"), (True, "recover_sign_in")])
def test_representatives_and_recovering_users_are_not_asked_for_a_display_name(client, invited, is_staff, purpose):
    User.objects.update(is_staff=is_staff, display_name="")
    address = address_for(User.objects.get(), purpose)
    assert 'name="display_name"' not in client.get(address).content.decode()
    client.post(address, {**BOTH, "display_name": "Mallory"})
    assert (may_sign_in(invited), User.objects.get().display_name) == (True, "")


def test_a_get_leaves_no_row_behind(client, invited):
    """Programs that check links open them too: the passkey's challenge is in a cookie, not in a session."""
    client.get(address_for(invited))
    assert (Session.objects.count(), AccessLog.objects.count()) == (0, 0)


def test_the_page_of_a_dead_link_says_why_and_what_to_do(client):
    page = client.get("/invitation/AAAAAAAAAAAAAAAAAAAAAA/")
    text = page.content.decode()
    said = ("works once, within 48 hours", 'href="/account/login/"', "ask the person who gave it to you for a new one")
    assert (page.status_code, [words in text for words in said]) == (404, [True] * 3)


# --- canceled and made anew


def test_a_canceled_link_does_not_work(client, invited):
    address = address_for(invited)
    assert cancel_invitation(invited, by=make.admin()) is True
    assert (client.get(address).status_code, client.post(address, BOTH).status_code) == (404, 404)
    assert not may_sign_in(invited)


def test_an_invitation_is_canceled_once_and_the_log_says_by_whom(invited):
    ada = make.admin()
    address_for(invited)
    assert [cancel_invitation(invited, by=ada), cancel_invitation(invited, by=ada)] == [True, False]
    row = AccessLog.objects.get()
    assert (row.who, row.object_id, row.field_names) == ("ada", str(invited.pk), "invitation")


@pytest.mark.parametrize("over", ["used_at", "expires_at"])
def test_what_was_used_or_expired_is_not_canceled(invited, over):
    address_for(invited)
    Invitation.objects.update(**{over: timezone.now()})
    assert cancel_invitation(invited, by=make.admin()) is False
    assert (Invitation.objects.get().canceled_at, AccessLog.objects.count()) == (None, 0)


def test_a_new_link_works_after_the_earlier_one_was_canceled_or_expired(client, invited):
    ada = make.admin()
    address_for(invited)
    cancel_invitation(invited, by=ada)
    link = renew_invitation(invited, by=ada)
    client.post(link[link.index("/invitation/") :], BOTH)
    assert (may_sign_in(invited), has_sign_in(User.objects.get(pk=invited.pk))) == (True, True)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "set"}, {"last_login": timezone.now()}])
def test_who_has_signed_in_or_may_not_sign_in_gets_no_new_link(invited, change):
    User.objects.update(**change)
    assert renew_invitation(invited, by=make.admin()) == ""
    assert (Invitation.objects.count(), AccessLog.objects.count()) == (0, 0)


def test_who_has_a_passkey_gets_no_new_link(invited):
    make.second_factor(invited)
    assert renew_invitation(invited, by=make.admin()) == ""


@pytest.mark.django_db(transaction=True)
def test_of_canceling_and_using_at_the_same_time_one_wins(invited):
    ada = make.admin()
    for _ in range(10):
        Invitation.objects.all().delete()
        address_for(invited)
        invitation = Invitation.objects.get()
        won = race(lambda: use_invitation(invitation, NEW), lambda: cancel_invitation(invited, by=ada))  # noqa: B023
        ended = Invitation.objects.get()
        assert sorted(won) == [False, True]
        assert [bool(ended.used_at), bool(ended.canceled_at)] == won


def test_a_new_link_takes_away_what_was_entrusted_to_the_user_alone(invited, monkeypatch):
    """The admin sees the link, and could use it."""
    taken = []
    monkeypatch.setattr("s4jr.accounts.trust._takers", [taken.append])
    renew_invitation(invited, by=make.admin())
    assert taken == [invited]


@pytest.mark.django_db(transaction=True)
def test_of_two_links_issued_at_the_same_time_one_stays(invited):
    for _ in range(10):
        race(*[lambda: issue_invitation(user=invited, purpose=Invitation.Purpose.JOIN_STAFF)] * 2)
        assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_new_links_at_the_same_time_one_works(invited):
    ada, bo = make.admin("ada"), make.admin("bo")
    links = race(lambda: renew_invitation(invited, by=ada), lambda: renew_invitation(invited, by=bo))
    tokens = [link.split("/")[-2] for link in links]
    assert sorted(Invitation.objects.live().with_token(token).count() for token in tokens) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_of_a_new_link_and_the_use_of_the_earlier_one_at_the_same_time_one_wins(invited):
    """Otherwise the new link would set another password for someone who has just signed in."""
    ada = make.admin()
    for _ in range(10):
        invited.set_unusable_password()
        invited.save()
        address_for(invited)
        invitation = Invitation.objects.get()
        used, link = race(lambda: use_invitation(invitation, NEW), lambda: renew_invitation(invited, by=ada))  # noqa: B023
        assert (used, bool(link)) in [(True, False), (False, True)]
        Invitation.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_browsers_with_the_same_link_sign_in_one(invited):
    address, browsers = address_for(invited), [Client(), Client()]
    answers = race(*[lambda browser=browser: browser.post(address, BOTH).status_code for browser in browsers])
    assert sorted(answers) == [302, 404]
    assert ["_auth_user_id" in browser.session for browser in browsers] == [answer == 302 for answer in answers]
