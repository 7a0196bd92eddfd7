"""The data export: previewed, then downloaded as a file."""

import json

import pytest

from members.models import Sharing
from members.rsvps.personal_calendar import make_calendar
from members.self_service.data_export import as_data
from members.self_service.session import Reach
from tests import cast
from tests.members.rsvps.people import NEEDS, a_meeting, comes
from tests.members.skills.people import MESSAGE, TOPIC, asked, orla, skill_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
#: The sections about topics, and about the questions to the member.
TITLES = ("What you can teach or would like to learn", "Questions of representatives about it")


@pytest.fixture
def file(client, member, come_in_by_link):
    come_in_by_link(member)
    return client.post("/my-details/all/take/")


def test_it_contains_everything_we_store(file):
    data = json.loads(file.content)
    held = {record["what"]: record["you"] for record in data["The information we have about you"]}
    assert (held["name to use"], held["email address"], held["message"]) == (cast.NAME, cast.ADDRESS, cast.MESSAGE)
    assert [record["purpose"] for record in data["One-time links we sent you"]] == [
        "confirm an address",
        "see your status and delete your information",
        "see and change your information",
    ]
    assert [record["type"] for record in data["Emails to you"]] == ["Sign-in link"]


def test_it_says_what_is_not_written_in_it(file):
    marks = json.loads(file.content)["What only the site itself uses (not included here)"]
    assert "Why a volunteer decided as they did" in [record["what"] for record in marks]


def test_its_headers_keep_it_private(file):
    assert file["Content-Disposition"].startswith('attachment; filename="details-')
    assert (file["Cache-Control"], file["Content-Type"]) == ("no-store", "application/json")


def test_its_name_names_no_cause(file, settings):
    assert [word for word in settings.COALITION_WORDS if word in file["Content-Disposition"].lower()] == []


def test_the_preview_shows_the_same(client, member, file):
    page = Page(client.get("/my-details/all/show/").content.decode())
    shown = [words(element) for element in page.elements if element["tag"] == "dd"]
    data = json.loads(file.content)
    in_file = [said for records in data.values() for record in records for said in record.values()]
    assert shown == [" ".join(said.split()) or "–" for said in in_file]


def test_the_html_version_says_the_same_and_names_no_cause(client, member, file, settings):
    response = client.post("/my-details/all/take/", {"format": "html"})
    page, before = (Page(answer.content.decode()) for answer in (response, client.get("/my-details/all/show/")))
    shown, said = ([words(element) for element in one.elements if element["tag"] == "dd"] for one in (page, before))
    assert (shown, response["Cache-Control"], response["Content-Type"]) == (
        said,
        "no-store",
        "text/html; charset=utf-8",
    )
    assert response["Content-Disposition"].endswith('.html"')
    [title] = [words(element) for element in page.elements if element["tag"] == "title"]
    assert title == "My information"


def test_the_html_version_loads_nothing(client, member, file):
    page = client.post("/my-details/all/take/", {"format": "html"}).content.decode()
    assert [part for part in ("<link", "<script", "<img", "<form", "src=", "style") if part in page] == []


def test_previewing_downloads_nothing(client, member, come_in_by_link):
    come_in_by_link(member)
    assert client.get("/my-details/all/take/").status_code == 405


def test_shared_fields_are_named_in_words(member):
    Sharing.objects.create(member=member, region="CA-ON", fields="name ways_to_help", since="2026-01-02")
    [shared] = as_data(member, Reach.WHOLE, is_proved=True)["What your representatives can see"]
    assert shared == {"shared with": "Ontario", "what": "name to use, ways to help", "since": "January 2, 2026"}


def test_topics_and_questions_are_in_it_for_a_session_that_shows_everything(member):
    asked(skill_of(member), orla())
    whole = as_data(member, Reach.WHOLE, is_proved=True)
    [topic], [question] = (whole[title] for title in TITLES)
    assert topic == {"what": "I can teach", "topic": TOPIC, "shared": "yes"}
    assert (question["who asked"], question["message"], question["answer"]) == (
        "The representative of Ontario", MESSAGE, "not answered yet",
    )  # fmt: skip
    assert not [what for what in whole["Elsewhere on this site"] if "learn" in str(what)]


@pytest.mark.parametrize("reach", [Reach.CODE, Reach.LINK])
def test_without_everything_it_does_not_tell_whether_there_are_topics_or_questions(member, reach):
    term = orla()
    before = as_data(member, reach, is_proved=False)
    asked(skill_of(member), term)
    after = as_data(member, reach, is_proved=False)
    assert (after == before, [len(after[title]) for title in TITLES]) == (True, [1, 1])


def test_with_a_code_alone_it_contains_no_answers(member):
    data = str(as_data(member, Reach.CODE, is_proved=False))
    assert [canary for canary in (cast.NAME, cast.ADDRESS, cast.MESSAGE, "ze/hir") if canary in data] == []


def test_one_line_says_what_a_visit_leaves_out(member):
    by_code = as_data(member, Reach.CODE, is_proved=False)["The information we have about you"]
    left_out = [record["what"] for record in by_code if record["you"] == "not shown with only your code"]
    assert left_out == ["your name, your email address, and what you wrote"]


def test_it_counts_applications_with_the_same_address_for_its_confirmed_owner(member):
    cast.ask(name="Somebody Else", message="a duplicate")
    said = [as_data(member, Reach.WHOLE, is_proved=proved)["Elsewhere on this site"] for proved in (True, False)]
    what = "Other requests made with your address and never confirmed"
    assert said == [[{"what": what, "how many": "1"}], []]


def test_it_contains_meetings_and_the_calendar_but_hides_text_from_a_code(member):
    meeting = a_meeting(title="Planning around a new bill")
    comes(meeting, member, needs=NEEDS, wants_reminder=True)
    make_calendar(member, "going")
    whole, by_code = (as_data(member, reach, is_proved=True) for reach in (Reach.WHOLE, Reach.CODE))
    [entry] = whole["Your meeting RSVPs"]
    assert (entry["what"], entry["status"], entry["reminder"]) == ("Planning around a new bill", "going", "yes")
    assert (entry["what would help you take part"], NEEDS in str(by_code)) == (NEEDS, False)
    [calendar] = by_code["Your calendar address"]
    assert calendar["what it shows"] == "Meetings I’m going to"
