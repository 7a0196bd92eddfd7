"""From reading to being approved and leaving: with the keyboard alone, and at 400 percent zoom."""

import pytest

from members.models import Member
from tests import make
from tests.e2e.hands import Hands
from tests.e2e.test_main_job import sign_in

NAME = "Ann Exampleton"
#: A window of 1280 by 1024 pixels at 400 percent (WCAG 1.4.10).
AT_400_PERCENT = {"width": 320, "height": 256}
#: How many pixels the content is wider than the window.
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def statuses():
    return list(Member.objects.values_list("status", flat=True))


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_a_person_joins_and_leaves_with_the_keyboard_alone(window, transactional_db, javascript):
    page = window(javascript=javascript)
    page.goto("/")
    hands = Hands(page)
    hands.to("Join").press().arrive("Join the Coalition")
    hands.to("What should we call you?").type(NAME)
    # one question: the arrow keys choose its answer
    hands.to("Yes, email is safe.").press("ArrowDown").press("ArrowDown")
    hands.to("I have read the coalition’s community agreement").press(" ").to("I agree that the coalition may").press(
        " "
    )
    page.wait_for_timeout(3100)  # the form would flag anything quicker as a bot
    hands.to("Check your answers").press().arrive("Check your answers")
    hands.to("Send").press().page.wait_for_url("**/join/received/")
    assert [(member.name, member.contact, member.status) for member in Member.objects.all()] == [
        (NAME, "none", "waiting")
    ]

    hands.to("Exit").press().arrive("Sunny")
    assert hands.unseen == []


def test_an_admin_signs_in_approves_someone_and_exits_with_the_keyboard_alone(window, ada):
    create_waiting_applicant()
    page = window()
    page.goto("/manage/")
    hands = Hands(page)
    hands.to("Username").type(ada.username).to("Password").type(make.PASSWORD).to("Sign in").press()
    page.locator("input[name=code]").wait_for()
    page.evaluate("document.activeElement.blur()")
    hands.to("Code").type(make.code_of(ada)).press()
    page.wait_for_url("**/manage/")
    hands.to("Review applications").press().page.get_by_text(NAME).wait_for()
    hands.to("Approve and next").press().page.get_by_text("will be approved in a minute.").wait_for()
    assert statuses() == ["approving"]

    hands.to("Exit").press().arrive("Sunny")
    assert hands.unseen == []


def create_waiting_applicant():
    from tests import cast

    return cast.ask(cast.without_email(name=NAME))


def test_at_400_percent_a_person_joins_is_approved_and_leaves(window, ada):
    page, wide = window(**AT_400_PERCENT), []

    def arrived():
        wide.extend([page.url] if page.evaluate(STICKS_OUT) > 0 else [])

    page.goto("/")
    arrived()
    page.get_by_role("link", name="Join", exact=True).first.click()
    page.get_by_label("What should we call you?").fill(NAME)
    page.get_by_label("No. Never email me.").check()
    page.locator("[name=agreement]").check()
    page.locator("[name=consent]").check()
    arrived()
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    arrived()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/join/received/")
    arrived()
    sign_in(page, ada)
    arrived()
    page.get_by_role("button", name="Review applications").click()
    page.get_by_text(NAME).wait_for()
    arrived()
    page.get_by_role("button", name="Approve and next").click()
    page.get_by_text("will be approved in a minute.").wait_for()
    arrived()
    assert (wide, statuses()) == ([], ["approving"])

    page.locator("a.exit").first.click()
    page.get_by_role("heading", name="Sunny").wait_for()
