"""Every URL in every state returns valid HTML without axe-core findings, and contacts no other host.

The tests walk the site once with Django's test client and open the pages in a browser, each at its own URL with its own
headers. They skip a page that has nothing new (`tests.crawl.telling`): the browser opens each structure once, and with
ATTACK=long a page of every view.
"""

import os

import pytest

from tests.after_post import SHOWN_ONCE, pages_after_changes
from tests.crawl import telling
from tests.e2e import everywhere
from tests.e2e.looked_at import Window
from tests.servers.node import run_node

pytestmark = pytest.mark.django_db  # pytest-django creates no database for fixtures alone


LONG = os.environ.get("ATTACK") == "long"


def pages_of(walks, every_view):
    return telling([page for walk in walks for page in walk.shown.values()], every_view)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    """Returns (walks, forms that changed something and answered with a page instead of a redirect)."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        everywhere.thrown_away(),
        pages_after_changes() as noted,
    ):
        patch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)
        return everywhere.everybody(), noted


@pytest.fixture(scope="module")
def walks(walked):
    return walked[0]


@pytest.fixture(scope="module")
def pages(walks):
    return pages_of(walks, every_view=True)


@pytest.fixture(scope="module")
def looked_at(browser, walks):
    """Returns axe's findings, keyboard and touch problems, other hosts, CSP errors, faults of the eye."""
    window = Window(browser, everywhere.made_scripts(), viewport={"width": 1280, "height": 800})
    found, for_hands, for_eyes = [], [], []
    for page in pages_of(walks, every_view=LONG):
        window.open(page)
        for_hands += [(str(page), *finding) for finding in window.for_hands()]
        if page.path.startswith("/manage/") or 'class="menu-fold"' in page.html:
            for_eyes += [(str(page), *finding) for finding in window.for_eyes()]
        found += [(str(page), *finding) for finding in window.findings()]
    window.close()
    return found, for_hands, window.strangers, window.complaints, for_eyes


def test_every_url_was_requested(walks):
    asked = set().union(*(walk.answered for walk in walks))
    assert sorted({*everywhere.names()} - asked - everywhere.LEAVE_OUT) == []


def test_every_form_that_changes_something_redirects(walked):
    assert sorted({page for page in walked[1] if page[0] not in SHOWN_ONCE}) == []


def test_all_html_is_valid(pages):
    said = [[str(page), page.html, page.path.startswith("/manage/")] for page in pages]
    assert run_node("tests/e2e/validate_html.js", said) == []


def test_axe_finds_nothing_in_light_and_dark(looked_at):
    assert looked_at[0] == []


def test_focus_is_visible_and_every_button_is_large_enough_to_hit(looked_at):
    assert looked_at[1] == []


def test_no_page_requests_anything_from_another_host(looked_at):
    assert looked_at[2] == []


def test_no_policy_blocks_and_no_script_fails(looked_at):
    assert looked_at[3] == []


def test_admin_pages_are_readable_have_one_main_button_and_fit_a_phone(looked_at):
    assert looked_at[4] == []
