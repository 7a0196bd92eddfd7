"""Possible duplicates are compared in memory and stored nowhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Member
from members.review.duplicates import like
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["Rosalind Testperson", "rosalind  testperson", "Rósalind Testperson", "Rosalind Testpersonn"]
)
def test_a_similar_name_in_the_same_place_is_reported(name):
    member = cast.waiting()
    other = cast.waiting(name=name, email="other@mailbox.example")
    assert like(member) == [other]


@pytest.mark.parametrize("answers", [{"name": "Bertil Other"}, {"country": "US", "region": "US-OH"}])
def test_another_name_or_another_country_is_a_different_person(answers):
    member = cast.waiting()
    cast.waiting(**{"email": "other@mailbox.example", **answers})
    assert like(member) == []


def test_old_decisions_are_not_compared():
    member = cast.waiting()
    other = cast.waiting(email="other@mailbox.example")
    long_ago = timezone.now().date() - timedelta(days=61)
    Member.objects.filter(pk=other.pk).update(status="approved", decided_at=timezone.now(), received_on=long_ago)
    assert like(member) == []


def test_of_very_many_the_newest_in_the_same_country_are_decrypted(monkeypatch):
    monkeypatch.setattr("members.review.duplicates.LOOKED_AT", 2)
    member, today = cast.waiting(), timezone.now().date()
    for days in range(4):
        other = cast.waiting(email=f"other{days}@mailbox.example")
        Member.objects.filter(pk=other.pk).update(received_on=today - timedelta(days=days))
    cast.waiting(email="far@mailbox.example", country="US", region="US-OH")
    assert [other.received_on for other in like(member)] == [today - timedelta(days=1), today]


def test_an_unconfirmed_application_is_not_compared():
    member = cast.waiting()
    cast.ask(email="other@mailbox.example")
    assert like(member) == []
