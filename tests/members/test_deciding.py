"""Deciding: one press, one letter, whoever presses and however often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import AccessLog
from tests import cast, make

pytestmark = pytest.mark.django_db
Status = Member.Status


@pytest.fixture
def ada(db):
    return make.admin("ada")


class TestApproving:
    def test_a_press_welcomes_once_says_who_and_writes_one_letter(self, ada):
        member = cast.waiting()
        decision = member.approve(by=ada)
        member.refresh_from_db()
        [letter] = OutgoingEmail.objects.all()
        assert (decision.won, decision.already) == ([member], 0)
        assert (member.status, member.decided_by) == (Status.APPROVED, ada)
        assert (letter.kind, letter.to, letter.subject) == ("welcome", cast.ADDRESS, "Welcome")
        assert cast.NAME in letter.body

    def test_a_second_press_changes_and_sends_nothing(self, ada):
        member = cast.waiting()
        member.approve(by=ada)
        decision = member.approve(by=make.admin("bo"))
        member.refresh_from_db()
        assert (decision.won, decision.already) == ([], 1)
        assert (member.decided_by, OutgoingEmail.objects.count()) == (ada, 1)

    def test_of_many_only_the_newly_approved_are_written_to(self, ada):
        people = [cast.waiting(email=f"reader{number}@mailbox.example") for number in range(3)]
        people[0].approve(by=ada)
        decision = Member.objects.filter(pk__in=[member.pk for member in people]).approve(by=ada)
        assert (decision.won, decision.already) == (people[1:], 1)
        assert OutgoingEmail.objects.count() == 3

    def test_who_must_not_be_e_mailed_is_welcomed_without_a_letter(self, ada):
        member = cast.waiting(contact="none", email="")
        member.approve(by=ada)
        assert OutgoingEmail.objects.count() == 0

    @pytest.mark.parametrize("status", [Status.UNCONFIRMED, Status.LEFT, Status.ECHO])
    def test_nobody_is_approved_who_is_not_being_read(self, ada, status):
        member = cast.waiting()
        Member.objects.filter(pk=member.pk).update(status=status)
        assert member.approve(by=ada).won == []

    def test_each_decision_is_in_the_access_log_without_a_value(self, ada):
        member = cast.waiting()
        member.approve(by=ada)
        [entry] = AccessLog.objects.all()
        assert (entry.who, entry.action, entry.object_id) == ("ada", "decided", member.number)
        assert (entry.field_names, entry.reason) == ("status", "")

    @pytest.mark.parametrize("count", [1, 30])
    def test_a_press_costs_the_same_for_one_and_for_thirty(self, ada, count, django_assert_num_queries):
        for number in range(count):
            cast.waiting(email=f"reader{number}@mailbox.example")
        with django_assert_num_queries(10):
            assert len(Member.objects.waiting().approve(by=ada).won) == count

    def test_a_discreet_member_is_welcomed_in_neutral_words(self, ada, settings):
        cast.waiting(contact="discreet").approve(by=ada)
        [letter] = OutgoingEmail.objects.all()
        assert [word for word in settings.COALITION_WORDS if word in (letter.subject + letter.body).lower()] == []


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_write_one_letter():
    member = cast.waiting()
    admins = [make.admin(name) for name in ("ada", "bo", "cleo", "dov")] * 2

    def press(user):
        try:
            return len(member.approve(by=user).won)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(press, admins))
    assert (sum(won), OutgoingEmail.objects.filter(kind="welcome").count()) == (1, 1)


class TestNotNow:
    def test_it_can_be_stopped_for_an_hour(self, ada):
        member = cast.waiting()
        member.decline(by=ada)
        member.refresh_from_db()
        assert (member.status, Member.objects.settle_declining()) == (Status.DECLINING, 0)
        assert member.stop_declining(by=make.admin("bo")).won == [member]
        member.refresh_from_db()
        assert (member.status, member.declining_until) == (Status.WAITING, None)

    def test_after_the_hour_it_stands_and_no_letter_was_written(self, ada):
        member = cast.waiting()
        member.decline(by=ada)
        Member.objects.update(declining_until=timezone.now() - timedelta(seconds=1))
        assert Member.objects.settle_declining() == 1
        member.refresh_from_db()
        assert member.status == Status.DECLINED
        assert member.stop_declining(by=ada).won == []
        assert OutgoingEmail.objects.count() == 0

    def test_whoever_was_declined_cannot_be_approved_by_a_late_press(self, ada):
        member = cast.waiting()
        member.decline(by=ada)
        assert member.approve(by=ada).won == []


class TestLettingThrough:
    def test_a_held_application_gets_its_letter_once(self, ada):
        member = cast.ask(held_for="too_fast")
        assert (member.release(by=ada), member.release(by=ada)) == (1, 0)
        member.refresh_from_db()
        assert (member.held_for, OutgoingEmail.objects.get().kind) == ("", "confirm")

    def test_one_without_an_address_joins_those_being_read(self, ada):
        member = cast.ask(cast.without_email(held_for="honeypot"))
        member.release(by=ada)
        member.refresh_from_db()
        assert (member.status, OutgoingEmail.objects.count()) == (Status.WAITING, 0)
