"""The search by name compares whole words, opens at most five names, and keeps nothing of what was typed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members.find import services
from members.find.names import can_be_searched, words_of
from s4jr.audit.models import AccessLog
from tests import cast, make
from tests.audit.test_unreadable_values import break_one
from tests.query_counts import queries_of
from tests.reading import Page, words

BY_NAME = reverse("admin:members_member_find_by_name")
TERM = "Zéphyrine"
LAST_DAY = timezone.now().date().replace(day=1) - timedelta(days=1)
LAST_MONTH = f"{LAST_DAY:%Y-%m}"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Zéphyrine O’Neil", {"zephyrine", "o", "neil"}),
        ("ZÉPHYRINE  Straße", {"zephyrine", "strasse"}),
        ("Søren Łucja-Æon", {"soren", "lucja", "aeon"}),
        ("Ann\u200dika", {"annika"}),
        ("हिन्दी", words_of("हिन्दी")),
        ("%%% ...", set()),
    ],
)
def test_the_words_of_a_name_ignore_case_accents_and_joiners(name, folded):
    assert words_of(name) == folded


def test_a_word_in_another_script_stays_one_word():
    assert [len(words_of(name)) for name in ("हिन्दी", "می\u200cخواهم", "王小明")] == [1, 1, 1]


@pytest.mark.parametrize(("name", "is_enough"), [("Zep", True), ("Bo Ann", True), ("Bo Li", False), ("", False)])
def test_one_word_needs_three_letters(name, is_enough):
    assert can_be_searched(words_of(name)) == is_enough


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def called(number, surname="Testperson"):
    return cast.waiting(email=f"n{number}@mailbox.example", name=f"Zéphyrine {surname}")


def search(client, name=TERM, reason="they called", **filters):
    return client.post(BY_NAME, {"name": name, "reason": reason, **filters})


def log():
    rows = AccessLog.objects.order_by("pk")
    return [(row.action, row.object_id, row.field_names, row.reason, row.budget) for row in rows]


def said(response):
    return " ".join(response.content.decode().split())


def shown_on(response):
    lists = Page(response.content.decode()).all(class_="found")
    return [words(one) for one in lists]


@pytest.mark.django_db
class TestASearch:
    @pytest.mark.parametrize("name", ["zephyrine", "ZÉPHYRINE testperson", "Testperson Zephyrine"])
    def test_finds_whole_words_in_any_order(self, client, ada, name):
        member = called(1)
        [found] = shown_on(search(client, name))
        assert found == f"{member} {member.name}, Ontario, waiting for review, {day_of(member)}"

    @pytest.mark.parametrize(
        "name", ["zephyrin", "zephyrine other", "ontario", cast.MESSAGE[:40], "n1@mailbox.example"]
    )
    def test_does_not_find_parts_of_words_or_other_answers(self, client, ada, name):
        called(1)
        assert "No one was found." in search(client, name).content.decode()

    def test_opens_each_name_and_logs_the_reason_and_counts_but_not_the_term(self, client, ada):
        member = called(1)
        cast.waiting()
        search(client, "zephyrine", month=f"{member.received_on:%Y-%m}", place="Canada")
        reason = f"they called [place=CA month={member.received_on:%Y-%m} found=1 searched=2 of=2]"
        assert log() == [
            ("searched", "", "name", reason, ""),
            ("opened", member.number, "name", "they called", "lists"),
        ]

    def test_that_finds_no_one_is_counted_once(self, client, ada):
        called(1)
        search(client, "nobody")
        assert log() == [("searched", "", "name", "they called [found=0 searched=1 of=1]", "lists")]

    def test_opens_nothing_but_the_name(self, client, ada):
        member = called(1)
        page = search(client).content.decode()
        assert ("n1@mailbox.example" in page, "heron" in page) == (False, False)
        record = reverse("admin:members_member_change", args=[member.pk])
        assert member.name not in client.get(record).content.decode()

    def test_that_matches_five_shows_them_and_six_shows_no_one(self, client, ada):
        for number in range(5):
            called(number)
        assert shown_on(search(client))[0].count(TERM) == 5
        called(5)
        AccessLog.objects.all().delete()
        page = search(client)
        assert ("More than 5 people match" in said(page), shown_on(page)) == (True, [])
        assert log() == [("searched", "", "name", "they called [found=6 searched=6 of=6]", "lists")]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"place": "Canada"}, [0, 1]),
            ({"place": "CA"}, []),  # California, as in every box for a place
            ({"place": "Quebec"}, [1]),
            ({"month": LAST_MONTH}, [1]),
            ({"month": "earlier"}, [2]),
        ],
    )
    def test_is_narrowed_by_place_and_month(self, client, ada, filters, found):
        people = [called(0), called(1), called(2)]
        people[1].row.update(region="CA-QC", received_on=LAST_DAY)
        people[2].row.update(region="", country="GH", received_on=date(2001, 1, 1))
        numbers = [people[index].number for index in found]
        result = search(client, **filters).context["result"]
        assert sorted(member.number for member in result.shown) == sorted(numbers)

    @pytest.mark.parametrize("filters", [{"place": "XX"}, {"month": "2026-99"}, {"month": "x"}])
    def test_refuses_unknown_filters(self, client, ada, filters):
        called(1)
        page = search(client, **filters)
        assert ("result" in page.context, log()) == (False, [])

    @pytest.mark.parametrize("typed", [{"name": "ze"}, {"name": "%%%"}, {"name": ""}, {"reason": " "}])
    def test_without_a_word_or_a_reason_searches_nothing(self, client, ada, typed):
        called(1)
        assert ("result" in search(client, **typed).context, log()) == (False, [])

    def test_says_where_it_was_cut_off(self, client, ada, monkeypatch):
        monkeypatch.setattr(services, "SEARCHED_AT_MOST", 2)
        for number in range(3):
            called(number)
        page = search(client)
        assert "Searched the newest 2 of 3 people. Add a month or a place." in said(page)
        assert len(page.context["result"].shown) == 2

    def test_does_not_count_everyone(self, client, ada, monkeypatch):
        monkeypatch.setattr(services, "SEARCHED_AT_MOST", 1)
        monkeypatch.setattr(services, "COUNTED_AT_MOST", 2)
        for number in range(4):
            called(number)
        page = search(client)
        assert "Searched the newest 1 of more than 10,000 people." in said(page)
        assert log()[0][3] == "they called [found=1 searched=1 of=3]"

    def test_skips_a_name_that_cannot_be_decrypted(self, client, ada):
        broken, member = called(1), called(2)
        break_one(broken, "name")
        assert [one.number for one in search(client).context["result"].shown] == [member.number]

    def test_takes_the_same_queries_for_one_and_for_thirty(self, client, ada):
        called(0)
        search(client)
        for_one = queries_of(lambda: search(client))
        for number in range(1, 30):
            cast.one_of_many(number)
        assert queries_of(lambda: search(client)) == for_one

    def test_leaves_the_term_in_no_url_session_or_log(self, client, ada):
        called(1)
        page = search(client, "zephyrine unlikelyword")
        session = str(dict(client.session))
        assert (page.status_code, "no-store" in page.headers["Cache-Control"], "unlikelyword" in session) == (
            200,
            True,
            False,
        )
        assert ["unlikelyword" in str(row) for row in log()] == [False]

    def test_is_refused_to_users_who_may_not_see_members(self, client):
        make.signed_in_staff(client, "grace", superuser=False)
        assert search(client).status_code == 403


@pytest.mark.django_db
class TestTheLimits:
    def test_ten_searches_a_day_for_each_admin(self, client, ada):
        member = called(1)
        for _ in range(10):
            assert search(client, "nobody").status_code == 200
        page = search(client)
        assert (page.status_code, member.name in page.content.decode()) == (429, False)
        assert "You made ten of these searches today" in said(page)
        assert len(log()) == 10

    def test_an_admin_s_searches_leave_another_s(self, client, ada):
        called(1)
        for _ in range(11):
            search(client, "nobody")
        client.logout()
        make.signed_in_staff(client, "bo")
        assert len(shown_on(search(client))) == 1

    @pytest.mark.parametrize("name", [TERM, "nobody"])
    def test_a_refusal_by_the_budget_says_nothing_about_who_is_here(self, client, ada, settings, name):
        settings.OPENINGS_AN_HOUR = 4
        called(1)
        page = search(client, name)
        assert (page.status_code, TERM in page.content.decode(), log()) == (403, False, [])

    def test_a_search_within_the_budget_opens_all_it_shows(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 5
        for number in range(5):
            called(number)
        assert (search(client).status_code, search(client).status_code) == (200, 403)


@pytest.mark.django_db
class TestNarrowing:
    """Six or more who match are not shown; an admin narrows by month and place until they are few enough."""

    PLACES, DAYS = ["CA-ON", "CA-QC", "US-WA", "CA-YT"], [timezone.now().date(), LAST_DAY, date(2001, 1, 1)]

    @pytest.fixture
    def people(self):
        found = [called(number) for number in range(12)]
        for number, member in enumerate(found):
            place = self.PLACES[number % 4]
            member.row.update(region=place, country=place[:2], received_on=self.DAYS[number % 3])
        return found

    def every_way(self):
        months = ["", f"{self.DAYS[0]:%Y-%m}", LAST_MONTH, "earlier"]
        return [{"place": place, "month": month} for place in ("Canada", *self.PLACES) for month in months]

    def test_names_no_one_without_a_row_in_the_log(self, client, ada, people, settings):
        settings.OPENINGS_AN_HOUR = 1000
        named = []
        for filters in self.every_way():
            answer = search(client, **filters)
            said_names = answer.content.decode().count(f"{TERM} Testperson")
            result = answer.context.get("result")
            named += [member.number for member in result.shown] if result else []
            assert said_names == (len(result.shown) if result else 0)
        opened = AccessLog.objects.filter(action="opened", field_names="name")
        assert sorted(opened.values_list("object_id", flat=True)) == sorted(named)
        assert AccessLog.objects.filter(action="searched").count() == 10

    def test_names_no_more_people_than_the_budget_of_the_hour(self, client, ada, people, settings):
        settings.OPENINGS_AN_HOUR = 12
        for filters in self.every_way():
            search(client, **filters)
        assert AccessLog.objects.filter(budget="lists").count() <= 12

    def test_each_refused_search_is_logged_and_counted_too(self, client, ada, people):
        """“More than 5” tells an admin something as well."""
        search(client, place="Canada"), search(client)
        rows = [(action, number, budget) for action, number, _names, _reason, budget in log()]
        assert rows == [("searched", "", "lists")] * 2


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_two_searches_at_the_same_moment_open_no_more_than_the_budget(client, rf, settings):
    settings.OPENINGS_AN_HOUR = 7
    user = make.admin("ada")
    for number in range(5):
        called(number)

    def ask(_turn):
        request = rf.post(BY_NAME)
        request.user = user
        try:
            return services.search_by_name(request, services.Filters(), TERM, "they called").count
        except services.record_access.TooManyOpeningsError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(map(str, pool.map(ask, range(2))))
    assert (answers, AccessLog.objects.filter(action="opened").count()) == (["5", "refused"], 5)


def day_of(member):
    return f"{member.received_on:%B} {member.received_on.day}, {member.received_on.year}"
