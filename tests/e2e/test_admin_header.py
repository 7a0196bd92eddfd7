"""The admin on a phone, without JavaScript: a low header with everything in its menu, and filters that are folded."""

import pytest

from chapters.models import Chapter
from tests.e2e.test_main_job import sign_in

PARTS = "#header, .strip, .sections, .tabs, .crumbs, #user-tools"
BOTTOM = f"""() => Math.max(...[...document.querySelectorAll("{PARTS}")]
    .map((part) => part.getBoundingClientRect().bottom))"""
SIX = ["Inbox", "People", "Announcements", "Website", "Chapters and meetings", "Settings"]
PAGES = ["/manage/", "/manage/accounts/user/", "/desk/meetings/", "/account/password/change/"]


@pytest.fixture
def phone(new_page, ada):
    page = new_page(javascript=False, width=390, height=844)
    sign_in(page, ada)
    return page


def shown(page):
    return page.locator(".sections a:visible").all_inner_texts()


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_the_header_takes_at_most_200_pixels_of_a_phone(phone, language):
    heights = {}
    for address in PAGES:
        phone.goto(f"{language}{address}")
        heights[address] = phone.evaluate(BOTTOM)
    assert {address: height for address, height in heights.items() if height > 200} == {}


@pytest.mark.parametrize("address", PAGES)
def test_the_menu_of_a_phone_has_the_six_sections_and_the_ways_out(phone, address):
    phone.goto(address)
    assert shown(phone) == []
    phone.locator(".menu-fold summary").click()
    assert shown(phone) == SIX
    heights = phone.locator(":is(.sections, .tabs, #user-tools) :is(a, button)").evaluate_all(
        "all => all.map((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height))"
    )
    assert min(heights) >= 44
    phone.locator("#user-tools").get_by_role("button", name="Sign out").click()
    phone.goto("/manage/")
    assert phone.get_by_label("Password").is_visible()


@pytest.mark.parametrize("address", PAGES)
def test_a_wide_page_shows_the_six_sections_and_no_menu(new_page, ada, address):
    page = new_page(javascript=False)
    sign_in(page, ada)
    page.goto(address)
    assert (shown(page), page.locator(".menu-fold:visible").count()) == (SIX, 0)


@pytest.mark.parametrize(
    ("address", "filters"),
    [("/manage/chapters/chapter/", "#changelist-filter"), ("/manage/members/member/", ".list-filters")],
)
def test_filters_are_folded_on_a_phone_and_stand_above_the_list(phone, address, filters):
    for number in range(20):
        Chapter.objects.create(slug=f"chapter-{number}", name=f"Chapter {number}", status="closed")
    phone.goto(address)
    assert phone.locator(filters).is_visible() is False
    phone.locator(".filter-fold summary").click()
    opened, below = phone.locator(filters).bounding_box(), phone.locator("#changelist-form").bounding_box()
    assert opened["y"] + opened["height"] <= below["y"] + 1


def test_filters_that_narrow_a_list_are_open_on_a_phone(phone):
    phone.goto("/manage/chapters/chapter/?status__exact=open")
    assert phone.locator("#changelist-filter").is_visible()
