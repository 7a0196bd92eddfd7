"""Open forms survive lost cookies in a browser: after a link in webmail, cleared, or refused."""

import pytest
from playwright.sync_api import expect

from tests import cast

ELSEWHERE = "http://webmail.example/"


@pytest.fixture
def other_site(new_page):
    """`other_site(page, html)` opens a page on another site, with this site's cookies in the same browser."""

    def open_page(page, html):
        page.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(ELSEWHERE)
        return page

    return open_page


def fill_in(page):
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.locator("[name=contact][value=none]").check()
    page.locator("[name=agreement]").check()
    page.locator("[name=consent]").check()


def test_a_link_in_webmail_does_not_affect_forms_in_other_tabs(new_page, other_site, site):
    page = new_page(javascript=False)
    fill_in(page)
    mail = other_site(page.context.new_page(), f'<a href="{site.url}/contact/">a link in an email</a>')
    mail.get_by_role("link").click()
    expect(mail.locator("form [name=csrfmiddlewaretoken]").first).to_have_count(1)

    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_have_count(1)


def test_after_cookies_are_cleared_typed_text_is_kept_and_can_be_sent(new_page):
    page = new_page(javascript=False)
    fill_in(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", name="Try sending that again")).to_have_count(1)
    expect(page.get_by_text(cast.NAME)).to_have_count(1)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_have_count(1)
    expect(page.get_by_text(cast.NAME)).to_have_count(1)


def test_with_all_cookies_refused_the_page_keeps_what_was_typed(new_page):
    page = new_page(javascript=False)
    fill_in(page)
    for _ in range(2):
        page.context.clear_cookies()
        page.get_by_role("button").last.click()
        expect(page.get_by_role("heading", name="Try sending that again")).to_have_count(1)
        expect(page.get_by_text(cast.NAME)).to_have_count(1)


FORGED = """<form method="post" action="{address}"><input name="name" value="{name}"><input name="contact" value="none">
<input name="step" value="check"><button>Win</button></form><script>document.forms[0].submit()</script>"""


@pytest.mark.parametrize("address", ["/join/", "/contact/"])
def test_a_form_that_another_site_submits_is_not_filled_in(new_page, other_site, site, address):
    page = new_page()
    page.goto("/contact/")  # sets the cookie
    html = FORGED.format(address=f"{site.url}{address}", name=cast.NAME)
    other_site(page, html)
    page.wait_for_url(f"{site.url}{address}")
    expect(page.get_by_role("heading", name="This form wasn’t sent")).to_have_count(1)
    assert cast.NAME not in page.content()
    page.get_by_role("link", name="Open a blank form").click()
    expect(page.get_by_role("heading", level=1).first).not_to_have_text("This form wasn’t sent")
    assert cast.NAME not in page.content()
