"""A visitor finds the next meeting of a place from the home page in two clicks, and what can start there."""

import re

import pytest
from playwright.sync_api import expect

from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting


class CountedClicks:
    """Clicks on a page, and how many there were."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def on(self, locator):
        self.count += 1
        locator.click()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_visitor_finds_the_next_meeting_of_ontario_in_two_clicks(new_page, transactional_db, width):
    cast.representative("bram", place="CA-AB", display_name="Bram Madeup")
    later, _next = make_meeting(72, region="CA-ON", title="Later"), make_meeting(48, chapter=cast.chapter())
    make_meeting(5, region="CA-AB", title="Elsewhere")
    page = new_page(javascript=False, width=width)
    clicks = CountedClicks(page)
    page.goto("/?fresh")  # with a query, no page that was cached for an earlier test
    page.get_by_label("State, province or country").fill("Ontario")
    clicks.on(page.get_by_role("button", name="Find", exact=True))
    page.wait_for_url("**/representatives/?place=CA-ON")
    clicks.on(page.locator("ul.meetings h3 a").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Planning around a new bill")
    assert (clicks.count, later.title in page.title()) == (2, False)


def test_a_shape_on_the_map_says_its_name_and_leads_to_its_page(new_page, transactional_db):
    cast.representative()
    page = new_page(javascript=False)
    page.goto("/representatives/")
    shape = page.locator("svg a[href='?place=CA-ON']")
    assert shape.locator("title").text_content() == "Ontario: 1"
    page.get_by_role("link", name="Ontario: 1").click(force=True)
    expect(page).to_have_url(re.compile(r"/representatives/\?place=CA-ON$"))


def test_a_visitor_of_a_place_without_anyone_can_offer_to_represent_it(new_page, transactional_db):
    page = new_page(javascript=False)
    page.goto("/representatives/?place=CA-NU")
    page.get_by_role("link", name="Become a representative").click()
    expect(page.locator("#id_place")).to_have_value("Nunavut, Canada")
