"""From an invitation to the front page of the admin: with the keyboard alone, with scripts and without."""

import pytest
from playwright.sync_api import expect

from s4jr.accounts.models import User
from tests import make
from tests.e2e.hands import Hands
from tests.e2e.test_main_job import sign_in

NEW = "seven paper herons waiting"
DISPLAY_NAME = "Katherine of the river"
#: From "No role", which is chosen at first, and is the last of the group.
TO_EDITOR = ["ArrowUp", "ArrowUp", "ArrowUp"]


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_an_owner_invites_an_editor_who_sets_a_password_and_opens_the_admin(new_page, ada, javascript):
    owner = new_page(javascript=javascript)
    sign_in(owner, ada)
    link = invite(owner, "katherine", TO_EDITOR)

    page = new_page(javascript=javascript)
    hands = set_up_password(page, link)
    expect(page.locator("#user-tools")).to_contain_text("katherine", ignore_case=True)
    katherine = User.objects.get(username="katherine")
    assert (katherine.display_name, [group.name for group in katherine.groups.all()]) == (DISPLAY_NAME, ["Editor"])
    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_have_count(1)
    assert hands.unseen == []


def test_an_owner_cancels_a_mistaken_invitation_from_the_list_with_the_keyboard_alone(new_page, ada):
    owner = new_page(javascript=False)
    sign_in(owner, ada)
    link = invite(owner, "katherine", TO_EDITOR)
    owner.goto("/manage/accounts/user/")
    hands = Hands(owner)
    hands.to("Skip to main content").press().to("Cancel").press()
    owner.get_by_text("The invitation for katherine is canceled").wait_for()

    page = new_page(javascript=False)
    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_have_count(1)
    hands.to("Skip to main content").press().to("New link").press()
    owner.get_by_text("We show it only now.").wait_for()
    assert hands.unseen == []


def invite(page, username, arrows):
    """Invites a user with the keyboard; returns the path of the link, which is shown once."""
    page.goto("/manage/accounts/user/add/")
    hands = Hands(page)
    hands.to("Skip to main content").press().to("Username").type(username).to("No role")
    for arrow in arrows:
        hands.press(arrow)
    hands.to("Save").press()
    page.get_by_text("We show it only now.").wait_for()
    link = page.locator("#content code").inner_text()
    assert hands.unseen == []
    return link[link.index("/invitation/") :]


def set_up_password(page, link):
    """Chooses a display name and a password with the keyboard, then sets up the authenticator app."""
    page.goto(link)
    hands = Hands(page)
    hands.to("Your display name").type(DISPLAY_NAME)
    hands.to("Password").type(NEW).to("Repeat the password").type(NEW).to("Set my password").press()
    page.wait_for_url("**/2fa/totp/activate/")
    hands.to("Authenticator code").type(make.code_for(page.locator(".totp__secret").inner_text()))
    hands.to("Continue").press().arrive("Your recovery codes")
    hands.to("I’ve written them down, continue").press()
    page.wait_for_url("**/manage/")
    return hands
