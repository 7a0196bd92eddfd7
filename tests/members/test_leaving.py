"""Withdrawing erases at once; a letter that waits never leaves."""

import pytest

from members.models import Member, MemberLink
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.sender import send_what_is_due
from s4jr.privacy.models import Tombstone
from tests import cast, make

pytestmark = pytest.mark.django_db


def test_everything_goes_but_a_number_and_a_day():
    member = cast.ask()
    assert member.withdraw() == 1
    assert [model.objects.count() for model in (Member, MemberLink, OutgoingEmail)] == [0, 0, 0]
    assert list(Tombstone.objects.values_list("number", flat=True)) == [member.number]


def test_the_welcome_letter_of_somebody_who_withdrew_never_leaves(smtp_sink):
    member = cast.waiting()
    member.approve(by=make.admin())
    member.withdraw()
    send_what_is_due()
    assert smtp_sink.letters == []


def test_nobody_elses_letter_is_touched():
    cast.ask().withdraw()
    other = cast.ask(email="other@mailbox.example")
    assert [letter.about for letter in OutgoingEmail.objects.all()] == [other.about]
