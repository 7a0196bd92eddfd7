"""Forms in a browser: Back after sending returns to a page, and no step loses what was typed."""

import pytest
from playwright.sync_api import Error, expect

from chapters.models import RepresentativeMessage
from members.models import Inquiry, Member
from tests import cast, make
from tests.chapters import cast as places
from tests.members.rsvps.people import a_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def fill_in_join(page):
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.locator("[name=contact][value=none]").check()
    page.locator("[name=agreement]").check()
    page.locator("[name=consent]").check()


def send_join(page):
    fill_in_join(page)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/join/received/")


def send_contact(page):
    page.goto("/contact/")
    page.get_by_label("The coalition", exact=True).check()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("What would you like to say?").fill("A question.")
    page.locator("[name=contact][value=none]").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/contact/sent/")


def send_to_representative(page):
    page.goto(f"/representatives/{places.representative().pk}/write/")
    # an error first, so that the page is the response to a POST
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.get_by_label("What would you like to say?").fill("A question.")
    send_on_one_page(page)
    page.wait_for_url("**/representatives/sent/")


def send_rsvp(page):
    page.goto(f"/meetings/{a_meeting().pk}/come/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    send_on_one_page(page)
    page.wait_for_url("**/meetings/come/sent/")


def send_offer(page):
    page.goto("/representatives/would-you/")
    page.locator("[name=place]").fill("Canada")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    send_on_one_page(page)
    page.wait_for_url("**/representatives/would-you/sent/")


def send_new_chapter(page):
    page.goto("/chapters/start/")
    page.locator("[name=chapter_name]").fill("Lakeside")
    page.locator("[name=place]").fill("Canada")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    send_on_one_page(page)
    page.wait_for_url("**/representatives/would-you/sent/")


def send_on_one_page(page):
    page.locator("[name=contact][value=none]").check()
    page.get_by_role("button", name="Send", exact=True).click()


SENDINGS = [send_join, send_contact, send_to_representative, send_rsvp, send_offer, send_new_chapter]
#: The first group has a page in response to a POST, a step or an error, between the form and the page after sending.
WITH_STEPS, ON_ONE_PAGE = SENDINGS[:3], SENDINGS[3:]


@pytest.fixture
def usual_page(browser, site):
    """A page without request interception, which would turn off the cache.

    Without a cache, Back resends a form where a user's browser would ask first.
    """
    contexts = []

    def open_page(javascript):
        contexts.append(browser.new_context(base_url=site.url, java_script_enabled=javascript))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def go_back_to_a_form(page):
    response = page.go_back()
    assert response.status == 200
    expect(page.locator("h1")).to_have_count(1)
    assert cast.NAME not in page.content()


@pytest.mark.parametrize("send", SENDINGS)
def test_back_after_sending_returns_to_a_page(usual_page, send):
    make.admin()
    page = usual_page(javascript=True)
    send(page)
    for _ in range(2 if send in WITH_STEPS else 1):
        go_back_to_a_form(page)


@pytest.mark.parametrize("send", ON_ONE_PAGE)
def test_back_works_without_javascript_too(usual_page, send):
    page = usual_page(javascript=False)
    send(page)
    go_back_to_a_form(page)


@pytest.mark.parametrize("send", WITH_STEPS)
def test_without_javascript_a_posted_page_is_not_shown_again_and_back_reaches_the_form(usual_page, send):
    """The browser doesn't store that page and shows a page of its own: decision 18."""
    make.admin()
    page = usual_page(javascript=False)
    send(page)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    page.wait_for_url("chrome-error://**")
    assert cast.NAME not in page.content()
    go_back_to_a_form(page)


@pytest.mark.parametrize("send", WITH_STEPS)
def test_reloading_an_intermediate_page_sends_nothing_again(new_page, send):
    """Acts like a user who agrees to resend: in this page, Back resends without asking."""
    make.admin()
    page = new_page(javascript=False)
    send(page)
    page.reload()
    for _ in range(2):
        page.go_back()
    assert [model.objects.count() for model in (Member, Inquiry, RepresentativeMessage)] == [
        int(send is sending) for sending in WITH_STEPS
    ]


def test_reloading_the_checked_answers_keeps_them(new_page):
    """Only sending changes what a step back shows; before it, a reload requests the same page."""
    page = new_page()
    fill_in_join(page)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    page.reload()
    expect(page.get_by_text(cast.NAME)).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_the_enter_key_checks_the_answers(new_page, javascript):
    page = new_page(javascript=javascript)
    fill_in_join(page)
    page.get_by_label("What should we call you?").press("Enter")
    expect(page.get_by_role("heading", name="Check your answers")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_another_language_keeps_the_half_filled_form(new_page, javascript):
    page = new_page(javascript=javascript)
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.get_by_role("button", name="Français").click()
    page.wait_for_url("**/fr/join/")
    assert page.locator("[name=name]").input_value() == cast.NAME
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Join the Coalition")).to_have_count(1)
    assert page.locator("[name=name]").input_value() == cast.NAME


def test_the_agreement_is_readable_without_leaving_the_form(new_page):
    page = new_page(javascript=False)
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.get_by_text("Our community agreement").click()
    expect(page.get_by_text("What is shared here stays here.")).to_be_visible()
    assert page.get_by_label("What should we call you?").input_value() == cast.NAME


def test_each_form_was_sent_once(new_page):
    page = new_page()
    make.admin()
    send_join(page)
    send_contact(page)
    assert (Member.objects.count(), Inquiry.objects.count()) == (1, 1)
