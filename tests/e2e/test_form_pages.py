"""Filling in a form, in a browser: Back after sending lands on a page, and nothing on the way loses what was typed."""

import pytest
from playwright.sync_api import expect

from members.models import Enquiry, Member
from tests import cast, make
from tests.chapters import cast as places

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
    page.get_by_role("button", name="Send", exact=True).click()  # an error first: its page was asked for by POST
    page.get_by_label("What would you like to say?").fill("A question.")
    page.locator("[name=contact][value=none]").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/representatives/sent/")


SENDINGS = [send_join, send_contact, send_to_representative]


@pytest.mark.parametrize("send", SENDINGS)
def test_back_after_sending_lands_on_a_page(new_page, send):
    make.admin()
    page = new_page()
    send(page)
    for _ in range(2):
        response = page.go_back()
        assert response.status == 200
        expect(page.locator("h1")).to_have_count(1)
        assert cast.NAME not in page.content()


def test_a_reload_of_the_checked_answers_still_has_them(new_page):
    """Only sending changes what a step back finds: before it, a reload asks for the same page."""
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
def test_another_language_keeps_half_of_the_form(new_page, javascript):
    page = new_page(javascript=javascript)
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.get_by_role("button", name="Français").click()
    page.wait_for_url("**/fr/join/")
    assert page.locator("[name=name]").input_value() == cast.NAME
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Join the Coalition")).to_have_count(1)
    assert page.locator("[name=name]").input_value() == cast.NAME


def test_the_agreement_is_read_without_leaving_the_form(new_page):
    page = new_page(javascript=False)
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.get_by_text("Our community agreement").click()
    expect(page.get_by_text("What is shared here stays here.")).to_be_visible()
    assert page.get_by_label("What should we call you?").input_value() == cast.NAME


def test_what_was_sent_was_sent_once(new_page):
    page = new_page()
    make.admin()
    send_join(page)
    send_contact(page)
    assert (Member.objects.count(), Enquiry.objects.count()) == (1, 1)
