"""An inquiry in a real browser without JavaScript: sent, answered in the admin, read with a code."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from members.models import Inquiry
from s4jr.conversations.models import SavedReply
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.e2e.test_main_job import database_name, sign_in
from tests.members.inquiries import people

CANARIES = [b"wilhelmina", b"testperson", b"mailbox.example", b"the kingfisher waits", b"the bittern answers"]


@pytest.fixture
def ada(transactional_db):
    user = make.admin("ada", display_name="Ada of the lamp", address="ada@mailbox.example")
    make.second_factor(user)
    return user


def begin(page, topic):
    page.goto("/contact/")
    page.get_by_label(topic, exact=True).check()
    page.get_by_role("button", name="Continue").click()


def fill_in(page, contact="No. Never email me.", email=""):
    page.get_by_label("What would you like to say?").fill(people.WORDS)
    page.get_by_label(contact).check()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("What should we call you?").fill(people.NAME)
    page.wait_for_timeout(3100)


def send(page):
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/contact/sent/")
    return page.locator(".code").inner_text()


def answer_inquiry(page, words):
    page.goto("/manage/")
    page.get_by_role("link", name="1 inquiry to answer").click()
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_text("kingfisher")).to_have_count(0)
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_text(people.WORDS)).to_have_count(1)
    page.get_by_label("Your answer").fill(words)
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_text("Your answer to inquiry No.").wait_for()


def read_with(page, code):
    page.goto("/contact/answer/")
    page.get_by_label("Your code").fill(code.lower())
    page.get_by_role("button", name="Read the answer").click()


def test_a_person_who_chose_never_is_answered_and_forgotten(new_page, ada, postgres):
    visitor, admin = new_page(javascript=False, width=360), new_page(javascript=False)

    begin(visitor, "The coalition")
    fill_in(visitor)
    code = send(visitor)
    sign_in(admin, ada)
    answer_inquiry(admin, "The bittern answers.\n\nTwice.")
    read_with(visitor, code)

    expect(visitor.get_by_text("The bittern answers.")).to_have_count(1)
    expect(visitor.get_by_text("kingfisher")).to_have_count(0)
    assert OutgoingEmail.objects.filter(kind="inquiry-answer").count() == 0
    if postgres:
        dump = postgres.dump(database_name())
        assert (b"v1.k1." in dump, [canary for canary in CANARIES if canary in dump.lower()]) == (True, [])

    visitor.get_by_role("button", name="Delete this now").click()
    visitor.get_by_role("heading", name="It’s done").wait_for()
    assert Inquiry.objects.count() == 0


def test_an_excluded_reader_finds_no_trace_of_it(new_page, ada):
    bo = people.reader("bo", "safety", display_name="Bo")
    make.second_factor(bo)
    visitor, superuser, reader = (new_page(javascript=False) for _ in range(3))

    begin(visitor, "Safety or conduct")
    visitor.get_by_role("checkbox", name="Ada of the lamp").check()
    fill_in(visitor)
    send(visitor)
    sign_in(superuser, ada)
    sign_in(reader, bo)

    expect(superuser.get_by_text("Nothing is waiting for you. Thank you.")).to_have_count(1)
    superuser.goto("/manage/members/inquiry/?state=all")
    expect(superuser.get_by_text("0 inquiries")).to_have_count(1)
    answer_inquiry(reader, "The bittern answers.")


def test_another_topic_keeps_what_was_typed_and_the_browser_keeps_nothing(new_page, ada):
    page = new_page()
    begin(page, "Media")
    fill_in(page, contact="Yes, email is safe.", email=people.ADDRESS)
    page.get_by_role("button", name="Choose another topic").click()
    page.get_by_label("Legislation and policy").check()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_label("What would you like to say?").input_value() == people.WORDS
    send(page)
    stored = page.evaluate("[localStorage.length, sessionStorage.length]")
    cookies = {cookie["name"]: cookie["expires"] for cookie in page.context.cookies()}
    assert (stored, cookies) == ([0, 0], {"csrftoken": -1, "written": -1})
    assert Inquiry.objects.get().topic == "policy"


def test_three_presses_lead_from_the_front_page_to_the_next_inquiry(new_page, ada):
    """A saved reply goes into the box first, which is a press of its own."""
    SavedReply.objects.create(title="Thank you", text="Thank you for writing to us.")
    first = people.written()
    people.these(first).update(received_on=first.received_on - timedelta(days=1))
    people.written(words="Do you have a leaflet?", email="other@mailbox.example")
    page = new_page(javascript=False, width=390)
    sign_in(page, ada)

    page.goto("/manage/")
    page.get_by_role("link", name="2 inquiries to answer").click()
    page.get_by_role("button", name="I’ll take this one").first.click()
    expect(page.get_by_text(people.WORDS)).to_have_count(1)
    page.get_by_label("Your answer").fill("Hello,")
    page.get_by_label("Saved reply").select_option(label="Thank you (English)")
    page.get_by_role("button", name="Insert it").click()
    assert page.get_by_label("Your answer").input_value() == "Hello,\n\nThank you for writing to us."
    page.get_by_role("button", name="Send and open the next one").click()

    expect(page.get_by_text("Do you have a leaflet?")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [email.kind for email in OutgoingEmail.objects.filter(kind="inquiry-answer")] == ["inquiry-answer"]
    assert sorted(Inquiry.objects.values_list("state", "claimed_by__username")) == [("answered", None), ("open", "ada")]
