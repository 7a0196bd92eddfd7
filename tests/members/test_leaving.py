"""Withdrawing erases at once; a letter that waits never leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

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


def test_who_proved_the_mailbox_takes_along_all_that_was_asked_with_it():
    cast.ask(message="from the telephone")
    member = cast.ask(message="from the laptop")
    other = cast.ask(email="other@mailbox.example")
    assert Member.objects.filter(pk=member.pk).withdraw_with_echoes() == 2
    assert list(Member.objects.all()) == [other]


class TestWhatNobodyConfirmed:
    def erased_after(self, **passed):
        return Member.objects.erase_unproved(timezone.now() + timedelta(**passed))

    def test_it_is_erased_seven_days_after_its_letter(self):
        cast.ask()
        assert (self.erased_after(days=6), self.erased_after(days=7, minutes=1)) == (0, 1)
        assert (Member.objects.count(), OutgoingEmail.objects.count()) == (0, 0)

    def test_an_echo_goes_too_and_whoever_is_known_stays(self):
        known = cast.waiting()
        cast.ask()
        assert self.erased_after(days=9) == 1
        assert list(Member.objects.all()) == [known]

    def test_what_is_held_waits_for_a_person(self):
        cast.ask(held_for="too_fast")
        assert self.erased_after(days=30) == 0


def test_nobody_elses_letter_is_touched():
    cast.ask().withdraw()
    other = cast.ask(email="other@mailbox.example")
    assert [letter.about for letter in OutgoingEmail.objects.all()] == [other.about]
