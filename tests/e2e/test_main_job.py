"""The main job: a visitor reads, applies, confirms, is approved by an admin, and gets a welcome email."""

import time

from playwright.sync_api import expect

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from tests import cast, make


def ask_to_join(page, **answers):
    """Goes from the home page through the form, in more than three seconds, as a person does."""
    page.goto("/")
    page.get_by_role("link", name="Join", exact=True).first.click()
    fill_in(page, **answers)
    page.get_by_text("Tell us more, if you like").click()
    page.get_by_label("Anything you’d like us to know").fill(answers.get("message", cast.MESSAGE))
    check_and_send(page)


def fill_in(page, **answers):
    answers = {"name": cast.NAME, "email": cast.ADDRESS, **answers}
    page.get_by_label("What should we call you?").fill(answers["name"])
    page.get_by_label("Yes, email is safe.").check()
    page.get_by_label("Email address").fill(answers["email"])
    page.locator("[name=agreement]").check()
    page.locator("[name=consent]").check()


def check_and_send(page):
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/join/received/")


def confirm(page, email):
    page.goto(cast.paths_in(email.get_content())[0])
    page.get_by_role("button", name="Yes, confirm").click()
    page.get_by_role("heading", name="Thank you. Your request is confirmed.").wait_for()


def sign_in(page, user):
    page.goto("/manage/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(make.code_of(user))
    page.locator("main form button, main form input[type=submit]").first.click()
    page.wait_for_url("**/manage/")


def open_the_oldest(page):
    page.goto("/manage/")
    page.get_by_role("button", name="Review applications").click()


def test_from_the_home_page_to_the_welcome_email(new_page, ada, celery_worker_process, smtp_sink, postgres):
    visitor, admin = new_page(javascript=False, width=360), new_page(javascript=False)

    ask_to_join(visitor)
    [email] = smtp_sink.wait_for(1)
    confirm(visitor, email)
    sign_in(admin, ada)
    open_the_oldest(admin)
    expect(admin.get_by_text(cast.NAME)).to_have_count(1)
    admin.get_by_role("button", name="Approve and next").click()
    expect(admin.get_by_text("will be approved in a minute.")).to_have_count(1)
    assert len(smtp_sink.emails) == 1
    cast.let_the_minute_pass()

    welcome = smtp_sink.wait_for(2)[1]
    assert (welcome["to"], welcome["subject"]) == (cast.ADDRESS, "Welcome")
    assert cast.NAME in welcome.get_content()
    if postgres:
        assert_no_one_is_in(postgres.dump(database_name()))


def test_a_decision_does_not_wait_for_a_dead_broker_and_its_email_leaves_once(
    new_page, ada, celery_worker_process, smtp_sink, redis_server
):
    member = cast.waiting()
    page = new_page(javascript=False)
    sign_in(page, ada)
    open_the_oldest(page)
    redis_server.kill()

    page.get_by_role("button", name="Approve and next").click()
    expect(page.get_by_text("will be approved in a minute.")).to_have_count(1)
    member.refresh_from_db()
    assert (member.status, smtp_sink.emails) == (Member.Status.APPROVING, [])
    cast.let_the_minute_pass()

    redis_server.start()
    smtp_sink.wait_for(1, seconds=90)
    wait_until_settled()
    assert [email["subject"] for email in smtp_sink.emails] == ["Welcome"]


def test_a_typo_fixed_after_back_is_one_row(new_page, smtp_sink, transactional_db):
    page = new_page(javascript=False)
    ask_to_join(page, email="rosalnid@mailbox.example")
    page.go_back()
    page.get_by_role("button", name="Change my answers").click()
    page.get_by_label("Email address").fill(cast.ADDRESS)
    check_and_send(page)

    assert_only_the_right_address_was_written_to()


def test_sending_a_fresh_form_after_back_amends_the_one_before_it(new_page, smtp_sink, transactional_db):
    page = new_page(javascript=False)
    ask_to_join(page, email="rosalnid@mailbox.example")
    page.goto("/join/")
    assert page.get_by_label("Email address").input_value() == ""
    fill_in(page)
    check_and_send(page)

    assert_only_the_right_address_was_written_to()


def assert_only_the_right_address_was_written_to():
    assert [member.email for member in Member.objects.all()] == [cast.ADDRESS]
    assert [email.to for email in OutgoingEmail.objects.not_canceled()] == [cast.ADDRESS]


def assert_no_one_is_in(dump):
    canaries = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "rosalind", "heron"]
    assert [canary for canary in canaries if canary.lower().encode() in dump.lower()] == []


def database_name():
    from django.db import connection

    return connection.settings_dict["NAME"]


def wait_until_settled():
    deadline = time.monotonic() + 20
    while OutgoingEmail.objects.on_their_way().exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not OutgoingEmail.objects.on_their_way().exists()
