"""Upcoming and past meetings, and who may see them; the query uses its index, however many are past."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from chapters.models import Meeting, Representative
from tests.chapters.meetings.meetings import chapter, make_meeting

pytestmark = pytest.mark.django_db


def test_upcoming_has_published_meetings_that_are_not_over_next_first():
    later, running, off = make_meeting(72), make_meeting(-1), make_meeting(24, is_canceled=True)
    make_meeting(-2)
    make_meeting(is_published=False)
    assert list(Meeting.objects.upcoming()) == [running, off, later]
    assert list(Meeting.objects.upcoming().taking_place()) == [running, later]


def test_a_meeting_that_lasts_all_day_is_upcoming_until_its_end():
    long = make_meeting(-23, minutes=24 * 60)
    assert list(Meeting.objects.upcoming()) == [long]


def test_past_has_meetings_that_took_place_latest_first():
    earlier, last = make_meeting(-72), make_meeting(-24)
    make_meeting(-48, is_canceled=True)
    make_meeting(-48, is_published=False)
    make_meeting(24)
    assert list(Meeting.objects.past()) == [last, earlier]


def test_a_member_may_come_to_meetings_for_everyone_and_nearby_ones():
    riverside = chapter()
    near = [make_meeting(1), make_meeting(2, audience="members", region="CA-ON"), make_meeting(3, chapter=riverside)]
    make_meeting(4, region="CA-BC", audience="members")
    make_meeting(5, chapter=chapter("Lakeside"))
    make_meeting(6, audience="representatives")
    assert list(Meeting.objects.upcoming().for_members(region="CA-ON", chapter=riverside.pk)) == near


@pytest.mark.parametrize(("place", "country"), [("CA-ON", "CA"), ("GB-SCT", "GB"), ("DE", "DE")])
def test_members_and_representatives_may_come_to_meetings_of_their_whole_country(place, country):
    of_members, of_representatives = [
        make_meeting(1, region=country, audience=audience) for audience in ("members", "representatives")
    ]
    for audience in ("members", "representatives"):
        make_meeting(2, region="FR", audience=audience), make_meeting(3, region=f"{country}-ZZ", audience=audience)
    upcoming, terms = Meeting.objects.upcoming(), [Representative(region=place)]
    assert list(upcoming.for_members(region=place)) == [of_members]
    assert list(upcoming.for_representatives(terms)) == [of_representatives]


def a_hundred_thousand(first):
    """Copies of one meeting, an hour apart: most are over, and as many are upcoming as in a hundred weekly series."""
    columns = {field.column: f'"{field.column}"' for field in Meeting._meta.concrete_fields}
    shift = "(n - 94000) * interval '1 hour'"
    columns |= {name: f'"{name}" + {shift}' for name in ("starts_at", "ends_at")} | {"id": "gen_random_uuid()"}
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO chapters_meeting ({names}) SELECT {', '.join(columns.values())} "
            "FROM chapters_meeting, generate_series(1, 99999) n WHERE id = %s",
            [first.pk],
        )
        cursor.execute("ANALYZE chapters_meeting")


def nodes_of(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes_of(inner)


def explained(meetings):
    """Return the nodes of the executed query plan."""
    plan = json.loads(meetings.explain(format="json", analyze=True, buffers=True))
    return list(nodes_of(plan[0]["Plan"]))


def scans_of(nodes):
    """Return the scans of the meeting table."""
    return [node for node in nodes if node.get("Relation Name") == "chapters_meeting"]


@pytest.mark.only_postgres
@pytest.mark.parametrize(
    "asked",
    [
        lambda: Meeting.objects.upcoming()[:20],
        lambda: Meeting.objects.upcoming().for_everybody().select_related("chapter")[:20],
        lambda: Meeting.objects.upcoming().taking_place().for_members(region="CA-ON")[:5],
        lambda: Meeting.objects.past()[:20],
    ],
    ids=["the next", "a page for everybody", "a handful for a member", "a page of the past"],
)
def test_among_a_hundred_thousand_the_index_gives_the_next_ones_without_sorting(asked):
    a_hundred_thousand(make_meeting(starts_at=timezone.now()))
    assert Meeting.objects.count() == 100_000
    nodes = explained(asked())
    (scan,) = scans_of(nodes)
    assert (scan["Node Type"], scan.get("Index Name")) == ("Index Scan", "meetings_upcoming")
    assert "starts_at" in scan["Index Cond"]
    assert [node["Node Type"] for node in nodes if "Sort" in node["Node Type"]] == []


@pytest.mark.only_postgres
def test_the_index_finds_all_six_thousand_upcoming_ones_too():
    a_hundred_thousand(make_meeting(starts_at=timezone.now()))
    nodes = explained(Meeting.objects.upcoming())
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == {"meetings_upcoming"}
    assert {node["Node Type"] for node in scans_of(nodes)} <= {"Index Scan", "Bitmap Heap Scan"}


def test_upcoming_takes_one_query(django_assert_num_queries):
    make_meeting()
    with django_assert_num_queries(1):
        list(Meeting.objects.upcoming())
