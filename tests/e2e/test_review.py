"""An admin reviews fourteen applications, a troll and a duplicate with at most twenty clicks."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from members.models import Member
from members.review.services import end_grace_periods, settle_approvals
from s4jr.audit.models import AccessLog
from s4jr.audit.record_access import openings_lately
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
    assert statuses() == {"approving": 12, "on_hold": 1, "declining": 1, "closed": 2}
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
        hand.press("radio", "Not a fit right now")
        hand.press("button", "Start the one-hour wait")
    else:
        hand.press("button", "Approve and next")


def statuses():
    found = list(Member.objects.values_list("status", flat=True))
    return {status: found.count(status) for status in set(found)}


def let_the_hour_pass():
    past = timezone.now() - timedelta(seconds=1)
    Member.objects.filter(effective_at__isnull=False).update(effective_at=past)
    end_grace_periods(Member.objects.all())
    settle_approvals(Member.objects.all())
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
    assert member.status == Member.Status.APPROVING


def sixty_people():
    """Sixty applications, each from a day of its own; the oldest first."""
    today = timezone.now().date()
    for number in range(60):
        name, address = f"Person {number:02} Testperson", f"reader{number}@mailbox.example"
        member = cast.waiting(name=name, email=address, country="", region="")
        Member.objects.filter(pk=member.pk).update(received_on=today - timedelta(days=59 - number))


def let_half_a_minute_pass():
    """What is written so far is 30 seconds older, and the scheduled steps run: nobody waits for the clock."""
    half = timedelta(seconds=30)
    AccessLog.objects.update(at=F("at") - half)
    for column in ("effective_at", "decided_at", "handed_at"):
        Member.objects.exclude(**{column: None}).update(**{column: F(column) - half})
    settle_approvals(Member.objects.all())


def arrive(page, heading):
    """Waits for the page of this heading, and for the script that answers to keys."""
    page.get_by_role("heading", name=heading, exact=True).wait_for()
    page.wait_for_load_state()


#: What an admin presses for each application, over and over: most are approved.
KEYS = "aaaaaaadas"


def test_sixty_applications_are_reviewed_with_sixty_keys_within_the_budget(new_page, ada, smtp_sink):
    """Thirty seconds of reading each, by a clock that the test sets. The first press is on "Review applications"."""
    sixty_people()
    page = new_page()
    sign_in(page, ada)
    page.get_by_role("button", name="Review applications").click()
    for number in range(60):
        arrive(page, f"Application {number + 1} of 60")
        let_half_a_minute_pass()
        page.keyboard.press(KEYS[number % 10])
    page.get_by_text("You’ve seen every application that’s waiting").wait_for()
    assert openings_lately(ada, "queue") == 60
    let_half_a_minute_pass()
    let_half_a_minute_pass()
    assert statuses() == {"approved": 48, "on_hold": 6, "waiting": 6}
    assert OutgoingEmail.objects.filter(kind="welcome").count() == 48


def test_keys_undo_and_list_themselves_and_do_nothing_while_somebody_types(new_page, ada):
    sixty_people()
    Member.objects.filter(received_on__lt=timezone.now().date() - timedelta(days=2)).update(status="lapsed")
    page = new_page()
    sign_in(page, ada)
    page.get_by_role("button", name="Review applications").click()
    focused = "document.activeElement.innerText"
    arrive(page, "Application 1 of 3")
    assert page.evaluate(focused) == "Application 1 of 3"

    page.keyboard.press("a")
    arrive(page, "Application 2 of 3")
    page.get_by_text("Person 57 Testperson").wait_for()
    assert statuses() == {"approving": 1, "lapsed": 57, "waiting": 2}
    page.keyboard.press("u")
    arrive(page, "Application 1 of 3")
    page.get_by_text("Undone: Person 57 Testperson").wait_for()
    assert statuses() == {"lapsed": 57, "waiting": 3}

    page.keyboard.press("?")
    page.get_by_text("Show or hide this list").wait_for(state="visible")
    page.keyboard.press("Control+d")
    page.keyboard.press("n")
    arrive(page, "Not now?")
    page.get_by_label("Would you like to add anything?").press_sequentially("as dan said")
    assert statuses() == {"lapsed": 57, "waiting": 3}


def reach(page, name):
    """Presses Tab until the control of that name has the focus."""
    for _ in range(60):
        words = page.evaluate("document.activeElement.value || document.activeElement.innerText || ''")
        if words.strip() == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")
