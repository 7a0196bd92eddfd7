"""An admin reviews fourteen applications, a troll and a duplicate with at most twenty clicks."""

from datetime import timedelta

from django.utils import timezone

from members.models import Member
from members.review.services import end_grace_periods
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from tests import cast
from tests.e2e.test_main_job import sign_in

NAMES = [
    "Amparo Quill", "Bertil Stonefield", "Chidi Marrow", "Dunja Lark", "Esme Thistle", "Farid Copper", "Gudrun Vale",
    "Hina Pebble", "Ibrahim Fennel", "Jutta Heron", "Kofi Bramble", "Lupe Sparrow", "Mahin Cedar", "Nanook Ridge",
]  # fmt: skip


def people_waiting():
    """Fourteen people, one of whom applied twice, and a troll; the oldest first."""
    asked = [cast.waiting(name=name, email=f"{name.split()[0].lower()}@mailbox.example") for name in NAMES]
    asked.append(cast.waiting(name="Xx Troll xX", email="troll@mailbox.example", message="spam spam"))
    asked.append(cast.waiting(name="Esme  Thistle", email="esme.again@mailbox.example"))
    today = timezone.now().date()
    for age, member in enumerate(reversed(asked)):
        Member.objects.filter(pk=member.pk).update(received_on=today - timedelta(days=age))
    return asked


class Hand:
    """Clicks in a page, and counts the clicks."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, role, name):
        self.presses += 1
        self.page.get_by_role(role, name=name).click()


def test_fourteen_people_a_troll_and_a_duplicate_in_twenty_clicks(new_page, ada, smtp_sink):
    people_waiting()
    page = new_page(javascript=False)
    sign_in(page, ada)
    hand = Hand(page)

    hand.press("button", "Review applications")
    while not page.get_by_text("You’ve seen every application that’s waiting").count():
        decide(hand, page.locator("article").inner_text())

    assert hand.presses <= 20
    assert statuses() == {"approved": 12, "on_hold": 1, "declining": 1, "closed": 2}
    let_the_hour_pass()
    send_what_is_due()
    subjects = sorted(email["subject"] for email in smtp_sink.emails)
    assert subjects == ["About your request", *["Welcome"] * 12]
    recipients = {email["to"] for email in smtp_sink.emails}
    assert recipients.isdisjoint({"troll@mailbox.example", "kofi@mailbox.example"})
    assert len(recipients & {"esme@mailbox.example", "esme.again@mailbox.example"}) == 1


def decide(hand, shown):
    if "Troll" in shown:
        hand.press("button", "Close without an email")
    elif "Possible duplicate of" in shown:
        hand.press("button", "Duplicate: keep")
    elif "Kofi" in shown:
        hand.press("button", "Decide later")
    elif "Gudrun" in shown:
        hand.press("link", "Not now…")
        hand.press("button", "Start the one-hour wait")
    else:
        hand.press("button", "Approve and next")


def statuses():
    found = list(Member.objects.values_list("status", flat=True))
    return {status: found.count(status) for status in set(found)}


def let_the_hour_pass():
    past = timezone.now() - timedelta(seconds=1)
    Member.objects.filter(declining_until__isnull=False).update(declining_until=past)
    end_grace_periods(Member.objects.all())
    assert OutgoingEmail.objects.filter(kind="not-now").count() == 1


def test_the_review_works_by_keyboard_alone(new_page, ada, transactional_db):
    member = cast.waiting()
    page = new_page()
    sign_in(page, ada)
    page.keyboard.press("Tab")
    reach(page, "Review applications")
    page.keyboard.press("Enter")
    page.get_by_text(cast.NAME).wait_for()
    reach(page, "Approve and next")
    page.keyboard.press("Enter")
    page.get_by_text("You’ve seen every application that’s waiting").wait_for()
    member.refresh_from_db()
    assert member.status == Member.Status.APPROVED


def reach(page, name):
    """Presses Tab until the control of that name has the focus."""
    for _ in range(60):
        words = page.evaluate("document.activeElement.value || document.activeElement.innerText || ''")
        if words.strip() == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")
