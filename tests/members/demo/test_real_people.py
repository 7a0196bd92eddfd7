"""The demo data is never added to a site with real people."""

import pytest
from django.core.management import CommandError, call_command

from members.demo.real_people import count_real_people
from members.models import Member
from s4jr.accounts.models import User
from tests import cast, make
from tests.chapters.representative_messages import cast as messages
from tests.members.inquiries import people as inquiries
from tests.members.rsvps import people as rsvps

pytestmark = pytest.mark.django_db
REAL = "somebody@mailbox.invalid"


def test_it_refuses_a_site_where_a_member_may_be_real():
    cast.waiting(email=REAL)
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert (Member.objects.count(), User.objects.count()) == (1, 0)


def test_an_application_without_an_address_may_be_real():
    cast.ask(cast.without_email())
    assert count_real_people() == 1


def test_a_sender_a_user_or_a_guest_may_be_real_too():
    inquiries.written(email=REAL)
    messages.message(messages.representative(), email=REAL)
    rsvps.guest(rsvps.a_meeting(), email=REAL)
    make.admin("grace", address="grace@coalition.invalid")
    assert count_real_people() == 4


def test_an_admin_without_an_address_may_be_real_unless_they_are_the_first_on_this_machine():
    make.admin("first-admin")
    assert count_real_people() == 0
    make.admin("grace")
    assert count_real_people() == 1


def test_fictional_addresses_belong_to_no_one():
    cast.waiting()
    messages.message(messages.representative())
    inquiries.written()
    make.admin("ada", address="ada@coalition.example")
    assert count_real_people() == 0


@pytest.mark.parametrize("said", ["-1", "many", "1.5"])
def test_the_number_of_people_must_be_an_integer(said):
    with pytest.raises(CommandError):
        call_command("load_demo", f"--people={said}")
    assert User.objects.count() == 0
