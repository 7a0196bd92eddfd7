"""Joining without JavaScript, without email or with a typo in the address: the code still works."""

import re

from playwright.sync_api import expect

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from tests import cast

TYPO = "rosalnid@mailbox.example"


def fill_in(page, choice, email=""):
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(cast.NAME)
    page.get_by_label(choice).check()
    if email:
        page.get_by_label("Email address").fill(email)
    page.locator("[name=agreement]").check()
    page.locator("[name=consent]").check()
    page.wait_for_timeout(3100)


def check_and_send(page):
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/join/received/")


def give_code(page, code):
    page.goto("/my-details/")
    page.get_by_label("Your code", exact=True).fill(code)
    page.get_by_role("button", name="See my status").click()
    page.get_by_label("Your code", exact=True).wait_for(state="detached")


def code_on(page):
    return page.get_by_text(re.compile(r"^(\w{3}-){3}\w{3}$")).inner_text()


def test_without_email_the_code_shows_the_status_and_withdraws(page):
    fill_in(page, "No. Never email me.")
    check_and_send(page)
    code = code_on(page)
    page.reload()
    expect(page.get_by_text(code)).to_have_count(0)

    give_code(page, code.lower().replace("-", " "))
    expect(page.get_by_text("Your request is with our volunteers.")).to_have_count(1)
    page.get_by_role("link", name="Cancel my request").click()
    page.get_by_role("button", name="Cancel my request and delete my information").click()
    page.get_by_role("heading", name="It’s done").wait_for()

    assert (Member.objects.count(), OutgoingEmail.objects.count()) == (0, 0)


def test_a_typo_noticed_later_is_fixed_with_the_code(page, celery_worker_process, smtp_sink):
    fill_in(page, "Yes, email is safe.", email=TYPO)
    check_and_send(page)
    code = code_on(page)
    [stray] = smtp_sink.wait_for(1)

    give_code(page, code)
    page.get_by_label("Your correct email address").fill(cast.ADDRESS)
    page.get_by_role("button", name="Correct the address").click()
    expect(page.get_by_text("We corrected the address.")).to_have_count(1)
    [right] = [email for email in smtp_sink.wait_for(2) if email["to"] == cast.ADDRESS]

    assert page.goto(cast.paths_in(stray.get_content())[0]).status == 410
    page.goto(cast.paths_in(right.get_content())[0])
    page.get_by_role("button", name="Yes, confirm").click()
    give_code(page, code)
    expect(page.get_by_text("Your request is with our volunteers.")).to_have_count(1)


def test_a_typo_noticed_on_the_next_page_is_fixed_there(page, celery_worker_process, smtp_sink):
    fill_in(page, "Yes, email is safe.", email=TYPO)
    check_and_send(page)
    code = code_on(page)
    smtp_sink.wait_for(1)  # wait until the first email has left; fixing the address would cancel it
    page.get_by_text("Typo? Fix my email").click()
    page.get_by_label("Your correct email address").fill(cast.ADDRESS)
    page.get_by_role("button", name="Fix my email").click()
    expect(page.get_by_text("Your email is fixed.")).to_have_count(1)
    assert code_on(page) == code
    [right] = [email for email in smtp_sink.wait_for(2) if email["to"] == cast.ADDRESS]
    link = cast.paths_in(right.get_content())[0]
    page.goto(link)
    page.get_by_role("button", name="Yes, confirm").click()
    page.get_by_role("heading", name="Thank you. Your request is confirmed.").wait_for()
    page.goto(link)
    expect(page.get_by_role("heading", name="You already confirmed this")).to_have_count(1)


def test_the_answers_can_be_changed_before_sending(page):
    fill_in(page, "Yes, email is safe.", email=TYPO)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Change").nth(2).click()
    assert page.url.endswith("/join/#div_id_email")
    assert page.get_by_label("Email address").input_value() == TYPO
    assert Member.objects.count() == 0
    page.get_by_label("Email address").fill(cast.ADDRESS)
    check_and_send(page)

    assert [member.email for member in Member.objects.all()] == [cast.ADDRESS]
