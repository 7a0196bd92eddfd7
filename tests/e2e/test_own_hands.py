"""Members view, change, download and delete their information without JavaScript, signed in by link and by code."""

import json
import re

import pytest
from django.apps import apps
from django.db import connection
from playwright.sync_api import expect

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast

NEW = "new@mailbox.example"


@pytest.fixture
def member(transactional_db):
    member = cast.waiting(pronouns="ze/hir", relation="both", ways_to_help="policy", access_needs="captions")
    cast.put(member, "approved")
    return member


def come_in_by_link(page, smtp_sink, nth, address=cast.ADDRESS):
    """Requests a link, opens it from the email, and selects the button."""
    page.goto("/my-details/")
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Email me a sign-in link").click()
    page.get_by_role("heading", name="Check your inbox").wait_for()
    email = smtp_sink.wait_for(nth)[-1]
    assert (email["To"], email["Subject"]) == (address, "Your sign-in link")
    page.goto(cast.paths_in(email.get_content())[0])
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Change your information").wait_for()


def come_in_by_code(page, member):
    page.goto("/my-details/")
    page.get_by_label("Your code", exact=True).fill(code_of_form(member.form_token))
    page.get_by_role("button", name="See my status").click()
    page.get_by_role("heading", name="Change your information").wait_for()


def row(page, name):
    """Returns the four columns of a row, after it is expanded and styled."""
    page.wait_for_load_state("load")
    if not page.get_by_role("table").count():
        page.get_by_text("The information we have about you", exact=True).click()
    return [cell.inner_text().strip() for cell in page.locator(f"tr[data-name={name}]").get_by_role("cell").all()]


def change_the_address(page, smtp_sink):
    """The new inbox confirms by email; the old one gets a notice that doesn't name the new address."""
    page.get_by_role("link", name="Email address").click()
    page.get_by_label("Your new email address").fill(NEW)
    page.get_by_role("button", name="Save").click()
    assert row(page, "new_email")[0] == NEW
    email = smtp_sink.wait_for(2)[-1]
    page.goto(cast.paths_in(email.get_content())[0])
    page.get_by_role("button", name="Yes, email me here").click()
    page.get_by_role("heading", name="We changed your email address").wait_for()
    told = smtp_sink.wait_for(3)[-1]
    assert (email["To"], told["To"], NEW in told.get_content()) == (NEW, cast.ADDRESS, False)


def test_sign_in_by_link_see_four_columns_change_the_address_download_and_withdraw(
    page, member, celery_worker_process, smtp_sink
):
    come_in_by_link(page, smtp_sink, 1)
    assert row(page, "name") == [cast.NAME, cast.NAME, "not shown", "not shown"]
    headings = [heading.inner_text() for heading in page.get_by_role("columnheader").all()]
    assert headings == ["What", "You", "Volunteers who decide", "Your representative", "The public"]
    assert row(page, "relation") == ["Both", "not shown", "not shown", "not shown"]

    page.get_by_role("link", name="What your representatives can see").click()
    page.get_by_label("pronouns").check()
    page.get_by_role("button", name="Save").click()
    assert row(page, "pronouns") == ["ze/hir", "ze/hir", "ze/hir (Ontario)", "not shown"]

    change_the_address(page, smtp_sink)
    page.get_by_role("link", name="Go to Your information").click()
    page.get_by_text("The information we have about you", exact=True).click()
    page.get_by_role("link", name="Download my information").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as data (JSON)").click()
    taken = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert cast.MESSAGE in [record["you"] for record in taken["The information we have about you"]]
    assert re.fullmatch(r"details-[\d-]+\.json", download.value.suggested_filename)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a page").click()
    assert cast.MESSAGE in download.value.path().read_text(encoding="utf-8")

    page.goto("/my-details/")
    number = Member.objects.get().number
    page.get_by_role("link", name="Take a break or leave").click()
    page.get_by_role("button", name="Delete my information").click()
    page.get_by_role("heading", name="It’s done").wait_for()
    page.reload()
    expect(page.get_by_text(f"Number {number}")).to_have_count(1)
    assert (Member.objects.count(), OutgoingEmail.objects.filter(state="pending").count()) == (0, 0)
    assert tables_with(number) == ["erasure_tombstone"]
    assert tables_with(f"member {number}") == []


def test_sign_in_by_code_change_leave_rejoin_and_withdraw(page, member):
    come_in_by_code(page, member)
    assert row(page, "place")[:2] == ["Ontario", "Ontario"]
    expect(page.locator("tr[data-name=name]")).to_have_count(0)

    page.get_by_role("link", name="Ways to help, and what helps you take part").click()
    page.get_by_label("What helps you take part?").first.fill("large print")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert Member.objects.get().access_needs == "large print"

    page.get_by_role("link", name="Take a break or leave").click()
    page.get_by_role("button", name="Leave", exact=True).click()
    page.get_by_role("heading", name="You have left").wait_for()
    page.get_by_role("link", name="Go to your information").click()
    page.get_by_role("button", name="Come back").click()
    page.get_by_text("You’re a member. Welcome!").wait_for()
    page.get_by_role("link", name="Take a break or leave").click()
    page.get_by_role("button", name="Delete my information").click()
    page.get_by_role("heading", name="It’s done").wait_for()
    assert Member.objects.count() == 0


def test_with_the_keyboard_alone_and_on_a_small_phone(new_page, member):
    page = new_page(javascript=False, width=360)
    page.goto("/my-details/")
    page.get_by_label("Your code", exact=True).focus()
    page.keyboard.type(code_of_form(member.form_token))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Change your information").wait_for()
    page.wait_for_load_state("load")
    page.get_by_text("The information we have about you", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_have_count(1)
    assert page.locator("html").evaluate_all("all => all.map(one => one.scrollWidth)") == [360]
    page.get_by_role("link", name="Take a break or leave").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    page.get_by_text("You’ve been on pause since").wait_for()


def test_exit_signs_out(page, member):
    come_in_by_code(page, member)
    page.request.get("/exit/", max_redirects=0)
    page.goto("/my-details/")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Your code", exact=True)).to_have_count(1)


def tables_with(text):
    """Lists the tables with a row that contains the text in PostgreSQL's output of it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{text}%"])
            found += [table] if cursor.fetchone()[0] else []
    return sorted(found)
