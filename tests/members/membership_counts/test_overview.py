"""The membership on the front page: ranges, a chart with a table, and nothing to subtract."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from members.membership_counts.months import last_months
from members.membership_counts.overview import LONGEST, START, in_words, membership_now
from members.models import MembershipCount
from tests import make
from tests.query_counts import queries_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 7, 15, tzinfo=UTC)
TODAY = NOW.date()


def count(kind, key, number):
    MembershipCount.objects.create(kind=kind, key=key, count=number, counted_at=NOW)


def test_without_a_count_it_says_so_and_shows_no_number(client):
    make.signed_in_staff(client)
    page = Page(client.get(reverse("admin:index")).content.decode())
    section = page.one(class_="membership")
    assert words(section) == (
        "The membership The site counts its members once a night. "
        "It shows nothing here until it has counted at least 5."
    )
    assert page.all(class_="chart") == []


def test_the_last_twelve_months_end_with_this_one():
    assert last_months(date(2026, 2, 28)) == [
        *(date(2025, month, 1) for month in range(3, 13)), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip


def test_a_month_with_few_approvals_reads_the_same_as_one_with_none():
    count("total", "", 40)
    count("month", "2026-10", 10)
    months = membership_now(TODAY).months
    assert [bar.said for bar in months] == ["fewer than 5"] * 10 + ["10 to 14", "fewer than 5"]
    assert len({bar.length for bar in months}) == 2


def test_the_longest_bar_fills_the_chart_and_all_begin_on_one_line():
    count("total", "", 40)
    count("month", "2026-10", 10)
    count("month", "2026-11", 5)
    months = membership_now(TODAY).months
    assert {bar.start for bar in months} == {START}
    assert [bar.length for bar in months[-2:]] == [LONGEST, LONGEST // 2]


def test_places_are_named_and_the_order_within_a_range_says_nothing():
    count("total", "", 40)
    for place, number in (("CA-QC", 5), ("NO", 10), ("US-NY", 5)):
        count("place", place, number)
    places = [(group.label, group.said) for group in membership_now(TODAY).places]
    assert places == [("Norway", "10 to 14"), ("New York", "5 to 9"), ("Quebec", "5 to 9")]


def test_every_way_to_help_is_listed_with_a_range():
    count("total", "", 40)
    count("way", "policy", 15)
    ways = {group.label: group.said for group in membership_now(TODAY).ways}
    assert (ways.pop("Policy advocacy"), set(ways.values()), len(ways)) == ("15 to 19", {"fewer than 5"}, 6)


def test_the_chart_says_the_same_as_its_table_and_uses_no_inline_style(client):
    make.signed_in_staff(client)
    count("total", "", 40)
    count("month", "2026-10", 10)
    page = Page(client.get(reverse("admin:index")).content.decode())
    chart = page.one(class_="chart")
    assert (chart["role"], chart["aria-labelledby"]) == ("img", "by-month")
    assert words(page.one(id="by-month")) == "Members by the month they were approved"
    assert [e for e in page.elements if "style" in e] == []
    assert len(page.all(class_="chart__bar")) == 1
    assert "October 2026 10 to 14" in words(page.one(class_="membership"))


@pytest.mark.parametrize("rights", [["change_textblock"], ["change_user", "view_accesslog"]])
def test_who_does_not_review_does_not_see_it(client, rights):
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    count("total", "", 40)
    page = Page(client.get(reverse("admin:index")).content.decode())
    assert page.all(class_="membership") == []


@pytest.mark.parametrize(
    ("rights", "said"),
    [(["change_member"], "40 to 44 members"), (["change_member", "view_member"], "43 members")],
)
def test_the_total_is_exact_only_for_users_who_may_read_the_list_of_members(client, rights, said):
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    count("total", "", 43)
    page = Page(client.get(reverse("admin:index")).content.decode())
    assert words(page.one(class_="membership__total")) == said


def test_of_two_days_with_one_member_more_others_see_the_same_page(client):
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename="change_member"))
    seen = []
    for total in (43, 44):
        MembershipCount.objects.all().delete()
        count("total", "", total)
        count("month", "2026-10", 10)
        seen.append(words(Page(client.get(reverse("admin:index")).content.decode()).one(class_="membership")))
    assert seen[0] == seen[1]


def test_one_count_and_many_take_the_same_queries():
    count("total", "", 40)
    one = queries_of(lambda: membership_now(TODAY))
    for month in last_months(TODAY):
        count("month", f"{month:%Y-%m}", 5)
    assert (one, queries_of(lambda: membership_now(TODAY))) == (2, 2)


def range_of(least):
    """The numbers that `in_words(least)` allows."""
    return range(least, least + 5)


def numbers_in(said):
    """The numbers that a range in words allows."""
    least, _to, most = said.partition(" to ")
    return range(int(least), int(most) + 1)


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_the_total_and_the_ranges_never_say_how_many_are_in_a_group_that_is_not_shown(groups):
    """For every total, the rest may be one of several numbers, unless no one is left for sure."""
    for leasts in product((5, 10, 15), repeat=groups):
        sums = {sum(numbers) for numbers in product(*(numbers_in(in_words(least)) for least in leasts))}
        for total in range(sum(leasts), sum(leasts) + 40):
            rests = {total - shown for shown in sums if shown <= total}
            assert len(rests) > 1 or rests == {0}


def test_ranges_are_said_in_words():
    assert [in_words(least) for least in (None, 0, 5, 10)] == ["fewer than 5", "fewer than 5", "5 to 9", "10 to 14"]
