"""An admin who unsubscribed with one click sees that, and so does the team; the admin can resume emails."""

import re

import pytest
from django.contrib.auth.models import Group

from members.review.dashboard import waiting_for
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import unsubscribe_token
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db
ADA, BO = "ada@coalition.example", "bo@coalition.example"
EMAIL, FRONT, USERS = "/account/emails/", "/manage/", "/manage/accounts/user/"
TOLD = "Emails to you are stopped."


@pytest.fixture
def ada(client):
    user = make.signed_in_staff(client)
    user.address = ADA
    user.save()
    return user


def unsubscribe(client, address):
    client.post(f"/unsubscribe/{unsubscribe_token(blind_index(address))}/", {"List-Unsubscribe": "One-Click"})


def words_of(response):
    return " ".join(response.content.decode().split())


def listed(response):
    return {user.username for user in response.context["cl"].result_list}


def test_an_admin_who_unsubscribed_sees_it_and_resumes_emails(client, ada):
    assert TOLD not in words_of(client.get(FRONT))
    unsubscribe(client, ADA)
    assert TOLD in words_of(client.get(FRONT))
    assert "We don’t email this address." in words_of(client.get(EMAIL))
    client.post(EMAIL, {"action": "again"})
    [email] = [email for email in OutgoingEmail.objects.all() if email.to == ADA]
    client.post(re.search(r"https?://[^/]+(/account/emails/\S+)", email.body)[1])
    assert (TOLD in words_of(client.get(FRONT)), Suppression.objects.count()) == (False, 0)


def test_the_team_sees_on_the_index_and_in_the_list_who_cannot_be_reached(client, ada):
    make.admin("bo", address=BO)
    make.admin("cleo", address="cleo@coalition.example")
    unsubscribe(client, BO)
    assert "1 admin to talk with: emails to them are stopped" in words_of(client.get(FRONT))
    everybody, stopped = client.get(USERS), client.get(f"{USERS}?email=no")
    assert (listed(everybody), listed(stopped)) == ({"ada", "bo", "cleo"}, {"bo"})
    assert [cell in words_of(stopped) for cell in ("stopped", BO)] == [True, False]


def test_only_active_staff_with_all_emails_suppressed_are_counted(client, ada):
    make.admin("bo", address=BO, is_active=False)
    make.person_who_signs_in("dov", address="dov@mailbox.example")
    unsubscribe(client, BO)
    unsubscribe(client, "dov@mailbox.example")
    make.stop(blind_index(ADA), "unsubscribed", "announcements")
    assert (waiting_for(ada), TOLD in words_of(client.get(FRONT))) == ([], False)


def test_a_typed_unconfirmed_address_reveals_nothing(client, ada):
    """An admin enters a stranger's address as their own: neither page says whether it is suppressed."""
    unsubscribe(client, "stranger@mailbox.example")
    client.post(EMAIL, {"action": "change", "address": "stranger@mailbox.example"})
    pages = words_of(client.get(FRONT)) + words_of(client.get(f"{USERS}?email=no"))
    assert (waiting_for(ada), "stopped</td>" in pages, TOLD in pages) == ([], False, False)


@pytest.mark.parametrize("query", ["", "?email=no"])
def test_the_list_of_users_takes_the_same_queries_for_one_and_for_thirty(client, ada, query):
    def create(number):
        user = make.admin(f"user{number}", address=f"user{number}@coalition.example")
        user.groups.add(Group.objects.create(name=f"Group {number}"))
        make.stop(blind_index(user.address), "unsubscribed")

    one, thirty = for_one_and_thirty(create, lambda: client.get(f"{USERS}{query}"))
    assert (one, len(listed(client.get(f"{USERS}{query}")) - {"ada"})) == (thirty, 30)


def test_other_users_have_no_such_page(client):
    user = make.person_who_signs_in("dov", address="dov@mailbox.example")
    make.second_factor(user)
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    assert client.get(EMAIL).status_code == 404
