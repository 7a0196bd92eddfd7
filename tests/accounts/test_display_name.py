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
    return client.post(reverse("account_display_name"), {"display_name": name})


def display_name(user):
    return User.objects.get(pk=user.pk).display_name


def test_somebody_says_it_themselves_and_it_is_noted_without_the_name(client, grace):
    assert say(client, " Grace of the river ").status_code == 302
    assert display_name(grace) == "Grace of the river"
    [row] = AccessLog.objects.all()
    assert (row.who, row.action, row.object_id, row.field_names) == ("grace", "changed", str(grace.pk), "display_name")


def test_they_may_take_it_back(client, grace):
    say(client, "Grace")
    say(client, "")
    assert display_name(grace) == ""


def test_the_page_says_that_anybody_can_see_it(client, grace):
    assert "Anyone can see the list" in client.get(reverse("account_display_name")).content.decode()


@pytest.mark.parametrize("name", ["Ada", "ada", "A\u200bda", "\u202eAda", "Ada\u200d", "A\u034fda"])
def test_nobody_takes_anothers_name(client, grace, name):
    make.admin("ada", display_name="Ada")
    page = say(client, name)
    assert "Someone else here already uses this name." in page.content.decode()
    assert display_name(grace) == ""


def test_marks_that_turn_text_round_are_left_out_and_emails_stay(client, grace):
    say(client, "Ann\u202e\u200bevil می\u200cخواهم")
    assert display_name(grace) == "Annevil می\u200cخواهم"


def test_no_other_admin_says_it_for_them(client):
    make.signed_in_staff(client)
    grace = make.admin("grace", superuser=False, display_name="Grace")
    address = reverse("admin:accounts_user_change", args=[grace.pk])
    form = {"username": "grace", "address": "", "is_active": "on", "is_staff": "on", "display_name": "Mallory"}
    assert client.post(address, form).status_code == 302
    assert display_name(grace) == "Grace"
    assert "Grace" in client.get(address).content.decode()


def test_whoever_is_no_staff_has_no_such_page(client):
    make.sign_in(client, make.person_who_signs_in())
    assert client.get(reverse("account_display_name")).status_code == 403


def test_signed_out_it_leads_to_signing_in(client):
    assert client.get(reverse("account_display_name")).url.startswith("/account/login/")


def test_it_stands_on_the_page_of_how_one_signs_in(client, grace):
    assert reverse("account_display_name") in client.get(reverse("mfa_index")).content.decode()
