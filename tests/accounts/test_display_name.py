"""What somebody who signs in is known by: theirs alone to say, noted, and nobody else's name."""

import pytest
from django.urls import reverse

from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(client):
    return make.signed_in_staff(client, "grace", superuser=False)


def say(client, name):
    return client.post(reverse("account_known_as"), {"known_as": name})


def known_as(user):
    return User.objects.get(pk=user.pk).known_as


def test_somebody_says_it_themselves_and_it_is_noted_without_the_name(client, grace):
    assert say(client, " Grace of the river ").status_code == 302
    assert known_as(grace) == "Grace of the river"
    [row] = AccessLog.objects.all()
    assert (row.who, row.action, row.object_id, row.field_names) == ("grace", "changed", str(grace.pk), "known_as")


def test_they_may_take_it_back(client, grace):
    say(client, "Grace")
    say(client, "")
    assert known_as(grace) == ""


def test_the_page_says_that_anybody_can_see_it(client, grace):
    assert "Anybody can see the list" in client.get(reverse("account_known_as")).content.decode()


@pytest.mark.parametrize("name", ["Ada", "ada", "A\u200bda", "\u202eAda", "Ada\u200d", "A\u034fda"])
def test_nobody_takes_anothers_name(client, grace, name):
    make.admin("ada", known_as="Ada")
    page = say(client, name)
    assert "Somebody else here is known by this name." in page.content.decode()
    assert known_as(grace) == ""


def test_marks_that_turn_text_round_are_left_out_and_emails_stay(client, grace):
    say(client, "Ann\u202e\u200bevil می\u200cخواهم")
    assert known_as(grace) == "Annevil می\u200cخواهم"


def test_no_other_admin_says_it_for_them(client):
    make.signed_in_staff(client)
    grace = make.admin("grace", superuser=False, known_as="Grace")
    address = reverse("admin:accounts_user_change", args=[grace.pk])
    form = {"username": "grace", "address": "", "is_active": "on", "is_staff": "on", "known_as": "Mallory"}
    assert client.post(address, form).status_code == 302
    assert known_as(grace) == "Grace"
    assert "Grace" in client.get(address).content.decode()


def test_whoever_is_no_staff_has_no_such_page(client):
    make.sign_in(client, make.person_who_signs_in())
    assert client.get(reverse("account_known_as")).status_code == 403


def test_signed_out_it_leads_to_signing_in(client):
    assert client.get(reverse("account_known_as")).url.startswith("/account/login/")


def test_it_stands_on_the_page_of_how_one_signs_in(client, grace):
    assert reverse("account_known_as") in client.get(reverse("mfa_index")).content.decode()
