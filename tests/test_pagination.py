"""Long admin lists: users can reach any page, and no query counts a whole table."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from s4jr.mail.admin import SuppressionAdmin
from s4jr.mail.models import Suppression
from s4jr.pagination import PAGES_AHEAD, NearbyPaginator
from tests import make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LIST = reverse("admin:mail_suppression_changelist")
ROWS = 40


@pytest.fixture(autouse=True)
def _rows():
    rows = [Suppression(to_index=f"{n:064}", reason="bounced", created_on="2026-01-01") for n in range(ROWS)]
    Suppression.objects.bulk_create(rows)


def pages(page, per_page=2):
    return NearbyPaginator(Suppression.objects.order_by("pk"), per_page, page=page)


@pytest.mark.parametrize(
    ("page", "per_page", "count", "is_cut"),
    [(1, 2, 22, True), (9, 2, 38, True), (10, 2, ROWS, False), (1, 50, ROWS, False)],
)
def test_it_counts_only_a_few_pages_ahead(page, per_page, count, is_cut):
    assert (pages(page, per_page).count, pages(page, per_page).is_cut) == (count, is_cut)


def test_the_query_ends_where_the_count_ends(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert pages(1).is_cut is True
    assert f"LIMIT {2 * (1 + PAGES_AHEAD) + 1}" in asked[0]["sql"]


class TestInTheAdmin:
    @pytest.fixture(autouse=True)
    def _ada(self, client, monkeypatch):
        make.signed_in_staff(client)
        monkeypatch.setattr(SuppressionAdmin, "list_per_page", 2)
        monkeypatch.setattr(SuppressionAdmin, "list_max_show_all", 2)

    def foot(self, client, page):
        shown = Page(client.get(LIST, {"p": page}).content.decode())
        return words(shown.one(class_="paginator"))

    def test_it_says_that_more_rows_follow_the_counted_ones(self, client):
        assert "more than 22 do-not-email entries" in self.foot(client, 1)
        assert "40 do-not-email entries" in self.foot(client, 20)

    def test_every_row_can_be_reached_page_by_page(self, client):
        page, seen = 1, set()
        while page:
            shown = client.get(LIST, {"p": page}).context["cl"]
            seen |= {row.pk for row in shown.result_list}
            page = page + 1 if page < shown.paginator.num_pages else 0
        assert len(seen) == ROWS

    def test_select_all_is_not_offered_for_rows_that_were_not_counted(self, client):
        assert [" all 40 " in client.get(LIST, {"p": page}).content.decode() for page in (1, 20)] == [False, True]

    @pytest.mark.parametrize("page", ["", "x", "-1", "0", "99999999999999999999"])
    def test_an_invalid_page_number_is_not_an_error(self, client, page):
        assert client.get(LIST, {"p": page}, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("name", "choice"), [("mail_outgoingemail", "kind=welcome"), ("audit_accesslog", "object_kind=members.member")]
)
def test_no_filter_queries_its_choices_from_the_whole_table(client, name, choice):
    make.signed_in_staff(client)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse(f"admin:{name}_changelist"), query_params=dict([choice.split("=")])).content.decode()
    assert [query["sql"] for query in asked if "SELECT DISTINCT" in query["sql"]] == []
    assert f"?{choice}" in page
