"""What a reader sees side by side: distances and wrapped lines that no other test measures."""

import pytest

from tests.chapters.meetings.meetings import make_meeting
from tests.e2e.test_main_job import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
#: For each label around a checkbox, whether a line of its words begins under the box.
WORDS_UNDER_THE_BOX = """labels => labels.map((label) => {
  const words = document.createRange();
  words.selectNodeContents([...label.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).at(-1));
  const edge = label.querySelector("input").getBoundingClientRect().right;
  return [...words.getClientRects()].filter((line) => line.width > 1).some((line) => line.left < edge);
})"""


def test_join_stands_right_below_the_circle(new_page):
    """Also where the words beside them are the taller column, as in wide fonts."""
    page = new_page(javascript=False)
    page.goto("/")
    circle, join = page.locator(".hero .circle").bounding_box(), page.locator(".hero__join").bounding_box()
    assert 0 <= join["y"] - circle["y"] - circle["height"] <= 32


def test_a_long_label_of_a_checkbox_stays_beside_it(new_page, ada):
    page = new_page(javascript=False, width=360)
    sign_in(page, ada)
    page.goto("/manage/auth/group/add/")
    labels = page.locator("label:has(> input[type=checkbox])")
    heights = labels.evaluate_all("all => all.map((label) => label.getBoundingClientRect().height)")
    assert max(heights) > min(heights) + 15  # some labels take two lines
    assert set(labels.evaluate_all(WORDS_UNDER_THE_BOX)) == {False}


def test_on_a_tablet_the_folded_filters_stand_above_the_list(new_page, ada):
    page = new_page(javascript=False, width=768)
    sign_in(page, ada)
    page.goto("/manage/audit/accesslog/")
    fold, below = page.locator(".filter-fold").bounding_box(), page.locator("#changelist-form").bounding_box()
    assert (fold["y"] + fold["height"] <= below["y"], fold["x"] <= below["x"]) == (True, True)


def test_past_meetings_begin_right_below_their_filters(new_page):
    make_meeting(-24 * 3)
    page = new_page(javascript=False)
    page.goto("/meetings/?when=past")
    filters, first = page.locator(".find").bounding_box(), page.locator(".past").first.bounding_box()
    assert 0 <= first["y"] - filters["y"] - filters["height"] <= 48
