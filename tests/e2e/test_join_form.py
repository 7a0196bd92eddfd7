"""The join form in a browser without JavaScript: what is visible, what appears, and where errors lead."""

import pytest
from playwright.sync_api import expect

from members.models import Member
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(new_page):
    return new_page(javascript=False, **PHONE)


def bottom_of(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


def check_answers(page):
    page.keyboard.press("Tab")  # an open list of places takes the first click
    page.get_by_role("button", name="Check your answers").click()


def test_the_first_question_is_visible_on_a_phone(phone):
    phone.goto("/join/")
    assert bottom_of(phone, "#id_name") <= PHONE["height"]
    said = phone.locator("h1 + p").inner_text()
    assert len(said.split()) <= 45, said


def test_the_address_is_asked_for_once_email_is_safe(phone):
    phone.goto("/join/")
    email = phone.get_by_label("Email address")
    seen = [email.is_visible()]
    for choice in ("yes", "discreet", "none"):
        phone.locator(f"[name=contact][value={choice}]").check()
        seen.append(email.is_visible())
    assert seen == [False, True, True, False]


@pytest.mark.parametrize("contact", ["yes", "discreet"])
def test_each_error_leads_to_its_question_with_the_label_visible(phone, contact):
    phone.goto("/join/")
    phone.locator(f"[name=contact][value={contact}]").check()
    phone.get_by_text("Tell us more, if you like").click()
    phone.get_by_label("State, province or country").fill("Ontaro")
    check_answers(phone)
    links = phone.locator(".summary li a")
    expect(links).to_have_count(5)
    hidden = []
    for number in range(5):
        links.nth(number).click()
        field = phone.locator(links.nth(number).get_attribute("href"))
        label = phone.locator(".field--error", has=field).locator("legend, label").first.bounding_box()
        strip = bottom_of(phone, ".strip")
        if not (strip <= label["y"] and label["y"] + label["height"] <= PHONE["height"]):
            hidden.append((links.nth(number).inner_text(), label, strip))
    assert hidden == []


def test_an_ambiguous_place_is_chosen_and_a_typo_in_the_address_is_fixed_by_one_button(phone):
    phone.goto("/join/")
    phone.get_by_label("What should we call you?").fill(cast.NAME)
    phone.locator("[name=contact][value=yes]").check()
    phone.get_by_label("Email address").fill("rosalind@gmial.com")
    phone.locator("[name=agreement]").check()
    phone.locator("[name=consent]").check()
    phone.get_by_text("Tell us more, if you like").click()
    phone.get_by_label("State, province or country").fill("Georgia")
    check_answers(phone)
    phone.get_by_label("Georgia, United States").check()
    check_answers(phone)
    expect(phone.get_by_text("Did you mean rosalind@gmail.com?")).to_have_count(1)
    phone.get_by_role("button", name="Use this address").click()
    expect(phone.locator("#answer-email")).to_have_text("rosalind@gmail.com")
    expect(phone.get_by_text("Did you mean")).to_have_count(0)
    phone.get_by_role("button", name="Send", exact=True).click()
    phone.wait_for_url("**/join/received/")
    [member] = Member.objects.all()
    assert (member.email, member.country, member.region) == ("rosalind@gmail.com", "US", "US-GA")


def test_the_agreement_is_above_its_box_with_its_version(phone):
    phone.goto("/join/")
    fold, box = phone.locator("#read-agreement").bounding_box(), phone.locator("#id_agreement").bounding_box()
    assert 0 < box["y"] - fold["y"] < 200
    expect(phone.get_by_text("Version “2026-11 draft,” from November 29, 2026.")).to_have_count(1)
