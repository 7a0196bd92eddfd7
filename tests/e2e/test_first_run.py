"""From an empty database to a site with a support line and a meeting, JavaScript off: each press is counted.

A press is what `tests/e2e/test_presses.py` says. What the guide has people do on the server is run, not pressed.
"""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from chapters.models import MeetingSeries
from pages.models import SupportLine
from s4jr.accounts.models import User
from tests import cast, make
from tests.e2e.test_main_job import wait_until_settled
from tests.e2e.test_presses import CountedPage, plan_a_meeting
from tooling.static_files import ROOT

NEW = "seven paper herons waiting"
ADDRESS = "grace@mailbox.example"
DRAFT = "StrongHearts Native Helpline"  # one of the lines that a new site has as drafts
OWNER, TEST_EMAIL, SAFETY, LINE, MEETING, BACKUP = STEPS = [
    "Invite a second owner",
    "Send yourself a test email",
    "Say who reads messages about safety",
    "Publish a support line",
    "Publish your first meeting",
    "Make a backup key",
]
#: What everyone with an invitation presses to choose a password and a second step.
SIGN_IN = ["Set my password", "Continue", "I’ve written them down, continue"]
#: All that the first owner presses. The last step is two commands and a setting.
PRESSES = [
    *SIGN_IN,
    LINE, DRAFT, "Save, then check and publish", "I opened the line’s own page today.", "Publish this line", "Inbox",
    MEETING, "Publish", "Inbox",
    OWNER, "Owner", "Save", "Inbox",
    SAFETY, "Add user", "Care", "Save", "Inbox",
    TEST_EMAIL, "Add your email address", "Save", "Test email", "Send me a test email", "Inbox",
]  # fmt: skip
#: As docs/deploy.md says it, for a machine without `age-keygen`.
MAKE_KEY = "import pyrage as p; i = p.x25519.Identity.generate(); print(i, i.to_public())"


@pytest.fixture
def on_server(child_environment):
    """`on_server("manage.py", …)` runs a command as the person who looks after the server does; returns its output."""

    def run(*command):
        asked = [sys.executable, *command]
        return subprocess.run(
            asked, cwd=ROOT, env=child_environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    return run


@pytest.fixture
def restart_with(site):
    """`restart_with(BACKUP_TO=…)` restarts the site with one more setting, as after a change of `.env`."""
    yield site.restart
    site.restart()


@pytest.fixture
def newcomer(new_page):
    """`newcomer(link, name)` opens an invitation in a browser of their own, and ends in the inbox."""

    def sign_in(link, display_name=""):
        admin = CountedPage(new_page(javascript=False))
        admin.page.goto(cast.paths_in(link)[0])
        admin.type("Your display name", display_name)
        admin.type("Password", NEW, exact=True)
        admin.type("Repeat the password", NEW)
        admin.press("button", "Set my password")
        admin.type("Authenticator code", make.code_for(admin.page.locator(".totp__secret").inner_text()))
        admin.press("button", "Continue")
        admin.press("link", "I’ve written them down, continue")
        admin.page.wait_for_url("**/manage/")
        return admin

    return sign_in


def checklist(page):
    """{step: whether it is done}, as the inbox says; empty once the list is gone."""
    page.get_by_role("heading", name="Inbox", exact=True).wait_for()
    lines = [line.inner_text().split("\n") for line in page.locator(".checklist li").all()]
    return {step: state == "Done" for state, step, *_guide in lines}


def done_after_reload(admin):
    admin.page.reload()
    return [step for step, is_done in checklist(admin.page).items() if is_done]


def done(admin):
    admin.press("link", "Inbox")
    return done_after_reload(admin)


def publish_the_line(admin):
    admin.press("link", LINE)
    admin.press("link", DRAFT)
    admin.press("button", "Save, then check and publish")
    admin.press("checkbox", "I opened the line’s own page today.")
    admin.press("button", "Publish this line")
    admin.sees(f"“{DRAFT}” is published")


def invite(admin, username, role):
    """Returns the link, which is shown once."""
    admin.page.get_by_role("textbox", name="Username").fill(username)
    admin.press("radio", role)
    admin.press("button", "Save")
    admin.sees("We show it only now.")
    return admin.page.locator("#content code").inner_text()


def send_a_test_email(admin, smtp_sink):
    admin.press("link", TEST_EMAIL)
    admin.press("link", "Add your email address")
    admin.type("Email address", ADDRESS)
    admin.press("button", "Save")
    admin.press("link", "Test email")
    admin.press("button", "Send me a test email")
    assert [email["to"] for email in smtp_sink.wait_for(1)] == [ADDRESS]
    wait_until_settled()


def see_what_is_published(visitor):
    visitor.goto("/support/")
    expect(visitor.get_by_role("heading", name=DRAFT)).to_have_count(1)
    visitor.goto("/meetings/")
    expect(visitor.get_by_role("link", name="Writing to a legislator")).to_have_count(1)
    visitor.goto("/contact/")
    expect(visitor.get_by_label("Safety or conduct")).to_have_count(1)


@pytest.mark.usefixtures("celery_worker_process")
def test_from_an_empty_database_to_a_published_site(newcomer, on_server, restart_with, smtp_sink, new_page):
    assert (User.objects.count(), MeetingSeries.objects.count(), SupportLine.objects.published().count()) == (0, 0, 0)
    grace = newcomer(on_server("manage.py", "invite_admin", "grace", "--superuser"))
    assert checklist(grace.page) == dict.fromkeys(STEPS, False)

    publish_the_line(grace)
    assert done(grace) == [LINE]
    grace.press("link", MEETING, exact=True)
    plan_a_meeting(grace)
    assert done(grace) == [LINE, MEETING]
    grace.press("link", OWNER, exact=True)
    to_bo = invite(grace, "bo", "Owner")
    assert done(grace) == [LINE, MEETING]
    assert newcomer(to_bo).pressed == SIGN_IN
    assert done_after_reload(grace) == [OWNER, LINE, MEETING]
    grace.press("link", SAFETY, exact=True)
    grace.press("link", "Add user")
    to_cleo = invite(grace, "cleo", "Care")
    assert done(grace) == [OWNER, LINE, MEETING]
    assert newcomer(to_cleo, "Cleo of the harbor").pressed == SIGN_IN
    assert done_after_reload(grace) == [OWNER, SAFETY, LINE, MEETING]
    send_a_test_email(grace, smtp_sink)
    assert done(grace) == [OWNER, TEST_EMAIL, SAFETY, LINE, MEETING]
    keys = [on_server("-c", MAKE_KEY).split()[1] for _person in range(2)]
    restart_with(BACKUP_TO=",".join(keys))
    grace.page.reload()
    assert checklist(grace.page) == {}
    assert grace.pressed == PRESSES
    see_what_is_published(new_page(javascript=False))
