"""The nightly count of members: what it stores, and what can never be found in it."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from members.import_export.services import IMPORTED
from members.membership_counts.services import count_membership
from members.models import Member, MembershipCount
from s4jr.crypto import decryption_guard
from tests import cast

NOW = datetime(2026, 11, 30, 7, 15, tzinfo=UTC)


def members(count, status="approved", decided_at=NOW, agreement_version="", **answers):
    """So many members who gave the same answers."""
    start = Member.objects.count()
    for number in range(start, start + count):
        member = cast.waiting(email=f"reader{number}@mailbox.example", **answers)
        version = {"agreement_version": agreement_version} if agreement_version else {}
        cast.put(member, status, decided_at=decided_at, **version)


def counted(kind=None):
    count_membership(NOW)
    rows = MembershipCount.objects.filter(kind=kind) if kind else MembershipCount.objects.all()
    return dict(rows.order_by("key").values_list("key", "count"))


@pytest.mark.django_db
class TestWhatIsCounted:
    def test_the_total_is_exact_and_counts_members_alone(self):
        members(6)
        members(1, "ending_membership")
        members(5, "left")
        members(5, "waiting")
        assert counted("total") == {"": 7}

    def test_places_are_regions_or_countries(self):
        members(5, country="CA", region="CA-ON")
        members(5, country="NO", region="")
        members(5, country="", region="")
        assert counted("place") == {"CA-ON": 5, "NO": 5}

    def test_ways_to_help_are_decrypted_and_added_up(self):
        members(5, ways_to_help="policy media")
        members(2, ways_to_help="policy stories")
        assert counted("way") == {"media": 5, "policy": 5}

    def test_a_value_that_is_no_way_to_help_is_not_stored(self):
        members(5, ways_to_help="policy carving")
        assert counted("way") == {"policy": 5}

    def test_months_are_those_of_the_approval_in_the_last_twelve(self):
        members(5, decided_at=NOW - timedelta(days=35))
        members(5, decided_at=datetime(2025, 12, 1, tzinfo=UTC))
        members(5, decided_at=datetime(2025, 11, 30, 23, tzinfo=UTC))
        assert counted("month") == {"2025-12": 5, "2026-10": 5}

    def test_a_month_keeps_a_member_whose_end_of_membership_can_still_be_undone(self):
        """Like every other count: one that goes down and up again would say that someone was asked to leave."""
        members(4)
        members(1, "ending_membership")
        assert counted("month") == {"2026-11": 5}

    def test_imported_members_were_not_approved(self):
        members(5, agreement_version=IMPORTED)
        assert (counted("month"), counted("total")) == ({}, {"": 5})


@pytest.mark.django_db
class TestSmallGroups:
    def test_fewer_than_five_are_not_stored_at_all(self):
        members(4, country="CA", region="CA-ON", ways_to_help="policy")
        assert counted() == {}

    @pytest.mark.parametrize(("people", "stored"), [(5, 5), (9, 5), (10, 10)])
    def test_everything_but_the_total_is_rounded_down_to_a_multiple_of_five(self, people, stored):
        members(people, country="CA", region="CA-ON", ways_to_help="policy")
        assert [counted(kind) for kind in ("total", "month", "place", "way")] == [
            {"": people}, {"2026-11": stored}, {"CA-ON": stored}, {"policy": stored},
        ]  # fmt: skip

    def test_the_database_refuses_a_count_of_fewer_than_five(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipCount.objects.create(kind="place", key="CA-ON", count=4, counted_at=NOW)


@pytest.mark.django_db
class TestEachNight:
    def test_a_count_replaces_the_one_before(self):
        members(5, country="CA", region="CA-ON")
        count_membership(NOW - timedelta(days=1))
        Member.objects.update(country="NO", region="")
        assert counted("place") == {"NO": 5}
        assert set(MembershipCount.objects.values_list("counted_at", flat=True)) == {NOW}

    def test_a_group_that_became_small_is_gone(self):
        members(5, country="CA", region="CA-ON")
        count_membership(NOW - timedelta(days=1))
        Member.objects.order_by("pk").first().delete()
        assert counted() == {}

    def test_an_undecryptable_answer_stops_no_count(self):
        members(6, ways_to_help="policy")
        with connection.cursor() as cursor:
            broken = Member.objects.order_by("pk").first().pk
            cursor.execute("UPDATE members_member SET ways_to_help = 'v1.gone.AAAA' WHERE id = %s", [broken])
        assert (counted("way"), counted("total")) == ({"policy": 5}, {"": 6})

    def test_it_opens_no_other_field(self, monkeypatch):
        """Neither a name nor an address is decrypted for a number."""
        members(5, ways_to_help="policy")
        opened, check = [], decryption_guard.check
        monkeypatch.setattr(
            decryption_guard, "check", lambda row, field: opened.append(field.name) or check(row, field)
        )
        count_membership(NOW)
        assert set(opened) == {"ways_to_help"}

    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, django_assert_num_queries):
        members(5, ways_to_help="policy", country="CA", region="CA-ON")
        with django_assert_num_queries(8):
            count_membership(NOW)
        for region in ("CA-QC", "US-TX", "US-CA", "CA-BC"):
            members(6, ways_to_help="media stories", country=region[:2], region=region)
        with django_assert_num_queries(8):
            count_membership(NOW)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_leave_one_count():
    members(5, country="CA", region="CA-ON", ways_to_help="policy")
    ready, errors = Barrier(2), []

    def run(now):
        try:
            ready.wait()
            count_membership(now)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[NOW + timedelta(seconds=number)]) for number in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert dict(MembershipCount.objects.values_list("kind", "count")) == {"total": 5, "month": 5, "place": 5, "way": 5}
