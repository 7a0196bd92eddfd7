"""Display names: users set their own, the log records the change, and no two users share one."""

import pytest
from django.urls import reverse

from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(client):
    return make.signed_in_staff(client, "grace", superuser=False)


def set_name(client, name):
    return client.post(reverse("account_display_name"), {"display_name": name})


def display_name(user):
    return User.objects.get(pk=user.pk).display_name


def test_users_set_their_own_and_the_log_leaves_the_name_out(client, grace):
    assert set_name(client, " Grace of the river ").status_code == 302
    assert display_name(grace) == "Grace of the river"
    [row] = AccessLog.objects.all()
    assert (row.who, row.action, row.object_id, row.field_names) == ("grace", "changed", str(grace.pk), "display_name")


def test_users_can_remove_it(client, grace):
    set_name(client, "Grace")
    set_name(client, "")
    assert display_name(grace) == ""


def test_the_page_says_that_anyone_can_see_it(client, grace):
    assert "Anyone can see the list" in client.get(reverse("account_display_name")).content.decode()


@pytest.mark.parametrize("name", ["Ada", "ada", "A\u200bda", "\u202eAda", "Ada\u200d", "A\u034fda"])
def test_a_name_that_another_user_has_is_refused(client, grace, name):
    make.admin("ada", display_name="Ada")
    page = set_name(client, name)
    assert "Someone else here already uses this name." in page.content.decode()
    assert display_name(grace) == ""


def test_bidi_controls_are_removed_and_the_email_address_stays(client, grace):
    set_name(client, "Ann\u202e\u200bevil می\u200cخواهم")
    assert display_name(grace) == "Annevil می\u200cخواهم"


def test_admins_cannot_set_it_for_other_users(client):
    make.signed_in_staff(client)
    grace = make.admin("grace", superuser=False, display_name="Grace")
    address = reverse("admin:accounts_user_change", args=[grace.pk])
    form = {"username": "grace", "address": "", "is_active": "on", "is_staff": "on", "display_name": "Mallory"}
    assert client.post(address, form).status_code == 302
    assert display_name(grace) == "Grace"
    assert "Grace" in client.get(address).content.decode()


def test_users_who_are_not_staff_have_no_such_page(client):
    make.sign_in(client, make.person_who_signs_in())
    assert client.get(reverse("account_display_name")).status_code == 403


def test_visitors_are_sent_to_sign_in(client):
    assert client.get(reverse("account_display_name")).url.startswith("/account/login/")


def test_the_sign_in_settings_page_shows_it(client, grace):
    assert reverse("account_display_name") in client.get(reverse("mfa_index")).content.decode()
