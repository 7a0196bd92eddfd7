"""A browser shows a reader the coalition's own text word for word, both displayed and copied."""

from pathlib import Path

import pytest

from tests.chapters.meetings.meetings import make_meeting
from tests.reading import Page

pytestmark = pytest.mark.django_db(transaction=True)
SEED = (Path(__file__).parent.parent / "data" / "coalition-home-page.txt").read_text(encoding="utf-8")
LINES = [" ".join(line.split()) for line in SEED.splitlines() if line.strip()]
#: The part that `/why/` shows.
WHY = LINES[LINES.index("Our Why:") : LINES.index("A Pathway Forward:")]


def read(page):
    """Returns the text of the page as displayed and as its elements contain it; white space as a reader sees it."""
    main = page.locator("main")
    return [" ".join(text.split()) for text in (main.inner_text(), main.text_content())]


def missing(lines, text):
    """Returns the lines that the text doesn't contain whole and in order."""
    found, place = [], 0
    for line in lines:
        if line in text[place:]:
            place = text.index(line, place) + len(line)
        else:
            found.append(line)
    return found


@pytest.mark.parametrize(("address", "lines"), [("/", LINES), ("/why/", WHY)], ids=["home", "why"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_gets_every_sentence_of_the_coalition_whole(new_page, address, lines, width):
    make_meeting()
    page = new_page(javascript=False, width=width)
    page.goto(address)
    assert [missing(lines, text) for text in read(page)] == [[], []]


@pytest.mark.parametrize(("width", "height", "screens"), [(1280, 800, 1), (360, 640, 2)])
def test_join_and_the_next_meeting_are_visible_at_once_and_within_one_scroll_on_a_phone(
    new_page, width, height, screens
):
    meeting = make_meeting(title="Planning around a new bill")
    page = new_page(javascript=False, width=width, height=height)
    page.goto("/")
    shown = [page.locator(".hero__join a"), page.get_by_text(meeting.when)]
    boxes = [element.bounding_box() for element in shown]
    assert [box["y"] + box["height"] <= screens * height for box in boxes] == [True, True]


def test_the_mission_is_one_column(new_page):
    page = new_page(javascript=False)
    page.goto("/")
    assert page.locator(".hero__mission").evaluate("element => getComputedStyle(element).columnCount") == "auto"


def test_the_asterisk_of_a_statistic_links_to_its_source(new_page):
    page = new_page(javascript=False)
    page.goto("/why/")
    page.get_by_role("link", name="source: +20 years").click()
    page.wait_for_url("**/sources/#twenty-years")
    assert Page(page.content()).one(id="twenty-years")["tag"] == "section"
