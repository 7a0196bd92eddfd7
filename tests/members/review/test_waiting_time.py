"""The waiting time that we publish: recent answers, or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Member
from members.review.services import end_membership, undo
from members.review.waiting_time import median_wait_days
from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered():
    """`answered(3, 5)` creates people who waited three and five days for an answer that came `ago` days ago."""

    def answered(*waits, status="approved", ago=1):
        decided = timezone.now() - timedelta(days=ago)
        for days in waits:
            member = cast.ask(cast.without_email())
            cast.put(member, status, decided_at=decided, received_on=decided.date() - timedelta(days=days))

    return answered


def median():
    return median_wait_days(timezone.now().date())


def test_it_is_the_median_of_answered_applications(answered):
    answered(1, 2, 4, 9)
    answered(30, status="declined")
    assert median() == 4


def test_imported_members_do_not_count(answered):
    answered(0, 0, 0, 0, 0)
    Member.objects.update(agreement_version="imported")
    assert median() is None
    answered(7, 7, 7, 7, 7)
    assert median() == 7


def test_fewer_than_five_answers_show_nothing(answered):
    answered(1, 2, 3, 4)
    assert median() is None


@pytest.mark.parametrize("status", ["closed", "lapsed", "left", "membership_ended"])
def test_other_statuses_do_not_count(answered, status):
    answered(1, 1, 1, 1)
    answered(20, status=status)
    assert median() is None


def test_an_answer_of_the_month_before_does_not_count(answered):
    answered(1, 1, 1, 1)
    answered(20, ago=32)
    assert median() is None


def test_of_very_many_the_newest_count(answered, monkeypatch):
    monkeypatch.setattr("members.review.waiting_time.MOST", 5)
    answered(9, 9, 9, 9, 9, ago=3)
    answered(2, 2, 2, 2, 2, ago=1)
    assert median() == 2


def test_asking_someone_to_leave_and_undoing_it_does_not_count_as_an_answer(answered):
    answered(1, 1, 1, 1)
    answered(2, ago=90)
    ada = make.admin("ada")
    old = Member.objects.latest("pk")
    end_membership(old.as_read, by=ada, reason="r", parting_email="")
    undo(old.row, by=ada)
    assert median() is None


def test_it_takes_one_query(answered, django_assert_num_queries):
    answered(*range(30))
    with django_assert_num_queries(1):
        assert median() == 14.5


def test_the_form_shows_it_rounded_up(answered, client):
    answered(1, 2, 2, 3, 4, 9)
    sentence = "half of the people who asked to join got an answer within 3 days."
    assert sentence in client.get("/join/").content.decode()


def test_pages_show_nothing_without_a_waiting_time(client):
    assert "In the last 30 days" not in client.get("/join/").content.decode()


def test_an_answer_on_the_same_day_is_within_one_day(answered, client):
    answered(0, 0, 0, 0, 0)
    assert "got an answer within 1 day." in client.get("/join/").content.decode()
