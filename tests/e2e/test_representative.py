"""From an appointment to a public profile: a coordinator, a new representative with a passkey, and a reader."""

import sys

from django.conf import settings
from playwright.sync_api import expect

from chapters.models import Representative
from tests import make
from tests.e2e.test_main_job import sign_in
from tests.e2e.test_staff import at_localhost  # noqa: F401 (a fixture)

#: Maximum clicks of a coordinator and of a representative: links, boxes and buttons.
COORDINATOR_AT_MOST, REPRESENTATIVE_AT_MOST = 3, 16


class Hand:
    """Clicks and fills in a page, and counts the clicks."""

    def __init__(self, page):
        self.page, self.presses = page, 0
        page.set_default_timeout(15_000)

    def press(self, role, name, **more):
        self.presses += 1
        self.page.locator("main, #content, #main").first.get_by_role(role, name=name, **more).first.click()

    def heading(self, name):
        self.page.get_by_role("heading", name=name, level=1).wait_for()


def appoint(hand, page):
    """The coordinator's part; returns the URL of the invitation, which the page shows once."""
    page.goto("/manage/")
    hand.presses += 1
    page.get_by_role("link", name="Chapters and meetings").click()
    hand.presses += 1
    page.locator(".object-tools a").first.click()
    page.get_by_label("Place").fill("Ontario")
    page.get_by_role("textbox", name="Username").fill("orla")
    hand.press("button", "Appoint")
    return page.locator("#content code").inner_text()


def with_a_passkey(hand, page):
    page.get_by_label("Passkey name").fill("Phone")
    hand.press("button", "Create my passkey")
    page.wait_for_url("**/recovery-codes/")


def with_a_password_and_an_app(hand, page):
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_label("Repeat the password").fill(make.PASSWORD)
    hand.press("button", "Set my password")
    page.locator("input[name=code]").fill(make.code_for(page.locator(".totp__secret").inner_text()))
    hand.press("button", "Continue")
    page.wait_for_url("**/recovery-codes/**")


def onboarding(hand, page, invitation, sign_in_for_the_first_time):
    """The representative's part, from the link to the representative page."""
    page.goto(invitation)
    sign_in_for_the_first_time(hand, page)
    hand.press("link", "I’ve written them down, continue")
    hand.heading("How you sign in")
    hand.press("button", "Continue")
    hand.heading("What is public")
    hand.press("button", "Continue")
    hand.heading("Edit your profile")
    page.get_by_label("Display name").fill("Orla Invented")
    page.get_by_label("A short introduction").fill("I listen first.")
    hand.presses += 1
    page.get_by_label("Show the state or province").check()
    hand.press("button", "Save")
    hand.heading("How others see your profile")
    hand.press("button", "Show my profile")
    hand.heading("Messages")
    hand.press("button", "Continue")
    hand.heading("Your first meeting")
    hand.press("button", "Go to my representative page")
    hand.heading("Ontario")


def test_from_an_appointment_to_a_profile_that_everyone_finds(new_page, at_localhost, ada, capsys):  # noqa: F811
    office, reader = new_page(javascript=False), new_page(javascript=False)
    sign_in(office, ada)
    coordinator, representative = Hand(office), Hand(at_localhost)

    invitation = appoint(coordinator, office)
    reader.goto("/representatives/")
    expect(reader.get_by_text("Orla Invented")).to_have_count(0)

    onboarding(representative, at_localhost, invitation.removeprefix(settings.SITE_URL), with_a_passkey)
    reader.goto("/representatives/?place=CA-ON")
    expect(reader.get_by_role("heading", name="Orla Invented")).to_have_count(1)
    assert Representative.objects.public().get().user.last_login is not None

    with capsys.disabled():
        sys.stdout.write(f"\npresses: coordinator {coordinator.presses}, representative {representative.presses}\n")
    assert coordinator.presses <= COORDINATOR_AT_MOST
    assert representative.presses <= REPRESENTATIVE_AT_MOST


def test_onboarding_works_with_a_password_and_an_app_without_javascript(new_page, ada):
    office, phone = new_page(javascript=False), new_page(javascript=False, width=360)
    sign_in(office, ada)
    invitation = appoint(Hand(office), office)
    onboarding(Hand(phone), phone, invitation.removeprefix(settings.SITE_URL), with_a_password_and_an_app)
    assert Representative.objects.public().get().user.has_usable_password()


def test_the_representative_page_works_without_javascript_and_without_a_passkey(new_page, transactional_db):
    """A password and an app are enough; buttons alone hide and show the profile."""
    from tests.chapters import cast
    from tests.chapters.representatives.people import somebody

    term = cast.representative(user=somebody(), steps_done="sign-in public card messages meeting")
    page = new_page(javascript=False, width=360)
    hand = Hand(page)
    page.goto(f"/desk/{term.pk}/card/")
    page.get_by_label("Username").fill("orla")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(make.code_of(term.user))
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/desk/{term.pk}/card/")

    hand.press("button", "Hide my profile")
    page.get_by_text("Your profile is no longer shown.").wait_for()
    assert Representative.objects.public().count() == 0
    hand.press("button", "Show my profile")
    page.get_by_text("Your profile is now shown.").wait_for()
    assert (Representative.objects.public().count(), hand.presses) == (1, 2)
