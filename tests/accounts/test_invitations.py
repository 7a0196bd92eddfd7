"""One-time invitation links."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from s4jr.accounts.models import Invitation, User
from s4jr.accounts.services import issue_invitation, use_invitation
from tests import make

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


def test_the_invited_person_chooses_a_password_and_signs_in_with_it(client, invited):
    response = client.post(address_for(invited), BOTH)
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/")
    client.post("/account/login/", {"login": "katherine", "password": NEW})
    assert int(client.session["_auth_user_id"]) == invited.pk
    assert mail.outbox == []


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
    assert "_auth_user_id" not in client.session


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
