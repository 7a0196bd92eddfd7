"""How a browser applies our headers: it blocks nothing on our pages, contacts no other host, and frames no page."""

from playwright.sync_api import expect

from tests import make
from tests.e2e.test_main_job import sign_in
from tests.e2e.test_quick_exit import FOR_ADMINS, OPEN


def test_nothing_is_blocked_and_no_other_host_is_contacted_signed_in_or_out(new_page, site):
    """`new_page` fails the test if a page contacts another host."""
    ada = make.admin("ada")
    make.second_factor(ada)
    page = new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in OPEN:
        page.goto(address)
    sign_in(page, ada)
    for address in FOR_ADMINS:
        page.goto(address)
    assert complaints == []


def test_a_framed_page_stays_blank(new_page, site):
    page = new_page()
    page.set_content(f'<iframe src="{site.url}/why/"></iframe>')
    page.wait_for_function("frames.length === 1")
    frame = page.frames[1]
    frame.wait_for_load_state()
    expect(frame.locator("h1", has_text="Why we do this")).to_have_count(0)
    assert frame.url.startswith("chrome-error:")
