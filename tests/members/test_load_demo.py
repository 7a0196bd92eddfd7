"""Fictional people to try the desk with, and never among real ones."""

import pytest
from django.core.management import CommandError, call_command

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from tests import cast

pytestmark = pytest.mark.django_db


def test_fourteen_fictional_people_are_being_read_and_nobody_is_written_to():
    call_command("load_demo", verbosity=0)
    assert (Member.objects.waiting().count(), OutgoingEmail.objects.count()) == (14, 0)


def test_it_is_refused_where_somebody_may_be_real():
    cast.waiting(email="somebody@mailbox.invalid")
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert Member.objects.count() == 1
