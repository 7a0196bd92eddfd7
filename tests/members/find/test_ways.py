"""The search by way to help lists numbers; each listed person can learn of it, and no encrypted field is shown."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.find import services
from s4jr.audit.models import AccessLog
from tests import cast, make
from tests.chapters.cast import one_of_many_chapters
from tests.query_counts import queries_of
from tests.races import race

pytestmark = pytest.mark.django_db
BY_WAYS = reverse("admin:members_member_find_by_ways")
LAST_DAY = timezone.now().date().replace(day=1) - timedelta(days=1)


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def member_offering(number, ways="media", **changes):
    member = cast.waiting(email=f"n{number}@mailbox.example", name=f"Quillon {number}", ways_to_help=ways)
    cast.put(member, "approved", **changes)
    member.refresh_from_db()
    return member


def search(client, ways=("media",), reason="a video workshop", status="approved", **filters):
    return client.post(BY_WAYS, {"ways": ways, "reason": reason, "status": status, **filters})


def found(response):
    return [member.number for member in response.context["result"].shown]


def said(response):
    return " ".join(response.content.decode().split())


def log():
    rows = AccessLog.objects.order_by("pk")
    return [(row.action, row.object_id, row.field_names, row.reason, row.budget) for row in rows]


class TestASearch:
    def test_lists_the_numbers_of_members_who_offered_one_of_the_ways(self, client, ada):
        people = [member_offering(1), member_offering(2, "policy"), member_offering(3, "policy media"), cast.waiting()]
        page = search(client)
        assert sorted(found(page)) == sorted([people[0].number, people[2].number])
        assert ("2 people offered this." in said(page), "Quillon" in said(page)) == (True, False)

    def test_logs_the_reason_and_counts_once_and_each_listed_person(self, client, ada):
        member = member_offering(1)
        member_offering(2, "policy")
        search(client, place="CA-ON")
        reason = "a video workshop [status=approved place=CA-ON found=1 searched=2 of=2]"
        assert log() == [
            ("searched", "", "ways_to_help", reason, "lists"),
            ("searched", member.number, "ways_to_help", "a video workshop", ""),
        ]

    @pytest.mark.parametrize("by", ["place", "chapter", "language", "month", "status"])
    def test_is_narrowed_by_each_filter(self, client, ada, by):
        chapter = one_of_many_chapters(1)
        member_offering(1)
        other = member_offering(2, chapter=chapter, region="CA-QC", language="es", received_on=LAST_DAY)
        left = member_offering(3)
        cast.put(left, "left")
        filters = {
            "place": "CA-QC",
            "chapter": chapter.pk,
            "language": "es",
            "month": f"{LAST_DAY:%Y-%m}",
            "status": "left",
        }
        assert found(search(client, **{by: filters[by]})) == [left.number if by == "status" else other.number]

    def test_lists_twenty_five_and_says_how_many_more(self, client, ada, monkeypatch):
        monkeypatch.setattr(services, "OFFERS_AT_MOST", 2)
        for number in range(5):
            member_offering(number)
        page = search(client)
        assert (len(found(page)), "3 more people aren’t listed." in said(page), len(log())) == (2, True, 3)

    def test_says_where_it_was_cut_off(self, client, ada, monkeypatch):
        monkeypatch.setattr(services, "SEARCHED_AT_MOST", 2)
        for number in range(3):
            member_offering(number)
        page = search(client)
        assert ("Searched the newest 2 of 3 people." in said(page), len(found(page))) == (True, 2)

    @pytest.mark.parametrize("typed", [{"ways": []}, {"ways": ["painting"]}, {"reason": ""}, {"status": "x"}])
    def test_without_a_way_or_a_reason_searches_nothing(self, client, ada, typed):
        member_offering(1)
        assert ("result" in search(client, **typed).context, log()) == (False, [])

    def test_begins_with_the_filters_of_the_list(self, client, ada):
        form = client.get(BY_WAYS, {"status": "left", "place": "CA-ON", "q": "x"}).context["form"]
        assert (form["status"].value(), form["place"].value(), form["chapter"].value()) == (
            "left",
            "Ontario, Canada",
            None,
        )

    def test_takes_the_same_queries_for_one_and_for_thirty(self, client, ada):
        member_offering(0)
        search(client)
        for_one = queries_of(lambda: search(client))
        for number in range(1, 30):
            cast.put(cast.one_of_many(number, ways_to_help="media"), "approved")
        assert queries_of(lambda: search(client)) == for_one

    def test_is_refused_to_users_who_may_not_see_members(self, client):
        make.signed_in_staff(client, "grace", superuser=False)
        assert search(client).status_code == 403


class TestTheLimits:
    def test_ten_searches_a_day(self, client, ada):
        member = member_offering(1)
        answers = [search(client) for _ in range(11)]
        assert [page.status_code for page in answers] == [200] * 10 + [429]
        assert (member.number in said(answers[-1]), len(log())) == (False, 20)

    def test_past_the_budget_no_one_is_listed(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 1
        member = member_offering(1)
        first, second = search(client), search(client)
        assert (first.status_code, second.status_code, member.number in said(second)) == (200, 403, False)


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("left", "answers"), [(1, ["1", "refused", "refused"]), (2, ["1", "1", "refused"])])
def test_searches_at_the_same_moment_use_no_more_than_the_budget(rf, settings, left, answers):
    settings.OPENINGS_AN_HOUR = left
    user = make.admin("ada")
    member_offering(1)

    def ask():
        request = rf.post(BY_WAYS)
        request.user = user
        try:
            return str(services.search_by_ways(request, services.Filters(), {"media"}, "a video workshop").count)
        except services.record_access.TooManyOpeningsError:
            return "refused"

    assert sorted(race(ask, ask, ask)) == answers
    assert AccessLog.objects.filter(action="searched", budget="lists").count() == left


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_no_more_than_ten_searches_a_day_are_made(rf):
    user = make.admin("ada")

    def ask():
        request = rf.post(BY_WAYS)
        request.user = user
        try:
            return services.search_by_ways(request, services.Filters(), {"media"}, "a video workshop").count
        except services.TooManySearchesError:
            return "too many"

    answers = race(*[ask] * 13)
    assert (answers.count(0), answers.count("too many")) == (10, 3)
