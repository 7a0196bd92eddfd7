"""A message to a representative without JavaScript or email; its sender reads the reply with a code."""

import re

from playwright.sync_api import expect

from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters.representative_messages import cast
from tests.e2e.test_main_job import sign_in


def write(page, representative, words):
    page.goto("/representatives/")
    page.get_by_role("link", name=f"Send a message to {representative.display_name}").click()
    page.get_by_label("What would you like to say?").fill(words)
    page.get_by_label("No. Never email me.").check()
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/representatives/sent/")
    return page.get_by_text(re.compile(r"^(\w{3}-){3}\w{3}$")).inner_text()


def read_with(page, code):
    page.goto("/representatives/answer/")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Read the answer").click()
    page.get_by_role("heading", name="Your status").wait_for()


def answer(page, words):
    page.goto("/desk/messages/")
    page.get_by_role("link", name=re.compile(r"^[0-9A-F]{6}, \w+ \d+, \d{4}$")).click()
    page.get_by_label("Your answer").fill(words)
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_text("We don’t email them. They read it here with their code.").wait_for()


def test_a_message_is_answered_and_neither_side_sees_an_address(new_page):
    imogen = cast.representative()
    make.second_factor(imogen.user)
    visitor, desk = new_page(javascript=False), new_page(javascript=False)
    sign_in(desk, imogen.user)

    code = write(visitor, imogen, cast.WORDS)
    answer(desk, cast.ANSWER)
    read_with(visitor, code)

    expect(visitor.get_by_text(cast.ANSWER)).to_have_count(1)
    assert [page.content().count(address) for page in (visitor, desk) for address in (cast.HOLDER, "mailto:")] == [
        0
    ] * 4
    assert [email.kind for email in OutgoingEmail.objects.all()] == ["admin-message-waits"]

    visitor.get_by_label("Your message").fill("Thank you.")
    visitor.get_by_role("button", name="Send", exact=True).click()
    visitor.get_by_text("Your message was added.").wait_for()
    read_with(visitor, code)
    visitor.get_by_role("button", name="Delete this now").click()
    visitor.get_by_role("heading", name="It’s done").wait_for()
    desk.goto("/desk/messages/")
    expect(desk.get_by_text("You have no messages.")).to_have_count(1)
