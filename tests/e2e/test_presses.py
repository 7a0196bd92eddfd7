"""How many presses the usual tasks of an admin take: each starts at the admin's front page, JavaScript off.

A press is a click on a link, button, box or fold-out, or one key where keys are counted. Typing into a field and
choosing in a list are free.
"""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from chapters.models import MeetingSeries, Representative
from members.models import Announcement, Inquiry, Member
from pages.models import SupportLine
from s4jr.audit.models import AccessLog
from s4jr.audit.record_access import openings_lately
from s4jr.content.models import TextBlock
from tests import cast
from tests.chapters.meetings.meetings import LINK
from tests.e2e.test_main_job import sign_in
from tests.members.announcements.cast import many
from tests.members.inquiries import people

NAMES = ("Amparo", "Bertil", "Chidi", "Dunja", "Esme", "Farid", "Gudrun", "Hina", "Ibrahim", "Jutta")
REASON = "She asked us by phone to change her place"


class CountedPage:
    """A page of a signed-in admin; `pressed` lists what was pressed."""

    def __init__(self, page, user=None):
        self.page, self.pressed = page, []
        page.set_default_timeout(15_000)
        if user:
            sign_in(page, user)

    def press(self, role, name, **more):
        self.page.get_by_role(role, name=name, **more).first.click()
        self.pressed.append(name)

    def key(self, key):
        self.page.keyboard.press(key)
        self.pressed.append(key)

    def type(self, label, text, **more):
        self.page.get_by_label(label, **more).fill(text)

    def sees(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible()


def ten_people():
    for number, name in enumerate(NAMES):
        member = cast.waiting(name=f"{name} Testperson", email=f"reader{number}@mailbox.example")
        Member.objects.filter(pk=member.pk).update(received_on=timezone.now().date() - timedelta(days=20 - number))


def how_many(status):
    return Member.objects.filter(status=status).count()


def test_ten_people_are_approved_with_eleven_presses(page, ada):
    ten_people()
    admin = CountedPage(page, ada)
    admin.press("button", "Review applications")
    for name in NAMES:
        admin.sees(f"{name} Testperson")
        admin.press("button", "Approve and next")
    admin.sees("You’ve seen every application that’s waiting")
    assert admin.pressed == ["Review applications", *["Approve and next"] * 10]
    assert (how_many("approving"), openings_lately(ada, "queue")) == (10, 10)


def test_ten_people_are_approved_with_ten_keys_after_the_first_press(new_page, ada):
    ten_people()
    admin = CountedPage(new_page(), ada)
    admin.press("button", "Review applications")
    for number in range(1, 11):
        admin.page.get_by_role("heading", name=f"Application {number} of 10", exact=True).wait_for()
        admin.page.wait_for_load_state()
        admin.key("a")
    admin.sees("You’ve seen every application that’s waiting")
    assert admin.pressed == ["Review applications", *["a"] * 10]
    assert (how_many("approving"), openings_lately(ada, "queue")) == (10, 10)


def test_an_approval_is_undone_with_one_press(page, ada):
    ten_people()
    admin = CountedPage(page, ada)
    page.get_by_role("button", name="Review applications").click()
    page.get_by_role("button", name="Approve and next").click()
    admin.press("button", "Undo")
    admin.sees("Undone: Amparo Testperson")
    assert (len(admin.pressed), how_many("approving"), how_many("waiting")) == (1, 0, 10)


def test_a_typo_on_the_home_page_is_corrected_with_three_presses(page, ada):
    admin = CountedPage(page, ada)
    page.goto("/")
    admin.press("link", "Edit this")
    text = page.get_by_role("textbox").first
    text.fill(text.input_value() + "\n\nA corrected sentence.")
    admin.press("button", "Save", exact=True)
    admin.press("link", "Back to the page")
    admin.sees("A corrected sentence.")
    assert admin.pressed == ["Edit this", "Save", "Back to the page"]
    assert TextBlock.objects.filter(edit__contains="A corrected sentence.").count() == 1


def test_an_inquiry_is_answered_and_the_next_one_seen_with_three_presses(page, ada):
    first = people.written()
    people.these(first).update(received_on=first.received_on - timedelta(days=1))
    people.written(words="Do you have a leaflet?", email="other@mailbox.example")
    admin = CountedPage(page, ada)
    admin.press("link", "2 inquiries to answer")
    admin.press("button", "I’ll take this one")
    admin.sees(people.WORDS)
    admin.type("Your answer", "Hello, here is the answer.")
    admin.press("button", "Send and open the next one")
    admin.sees("Do you have a leaflet?")
    assert len(admin.pressed) == 3
    assert sorted(Inquiry.objects.values_list("state", flat=True)) == ["answered", "open"]
    assert AccessLog.objects.filter(who=ada, action="opened").count() == 2


def test_an_announcement_is_written_and_sent_with_five_presses(page, ada):
    many(5)
    admin = CountedPage(page, ada)
    admin.press("link", "Announcements")
    admin.press("link", "Write an announcement")
    admin.press("link", "Everyone who asked for news")
    admin.type("Subject:", "Thursday", exact=True)
    admin.type("Email:", "Hello,\n\nwe meet on Thursday at seven.", exact=True)
    admin.press("button", "Save and preview")
    admin.press("button", "Send it (5 to 9 people)")
    admin.sees("Sending has started.")
    assert len(admin.pressed) == 5
    assert Announcement.objects.get().state == Announcement.State.SENDING


def test_a_representative_is_appointed_from_the_section_with_three_presses(page, ada):
    admin = CountedPage(page, ada)
    admin.press("link", "Chapters and meetings")
    admin.press("link", "Appoint a representative")
    admin.type("Place", "Ontario")
    page.get_by_role("textbox", name="Username").fill("orla")
    admin.press("button", "Appoint")
    expect(page.locator("#content code")).to_contain_text("/invitation/")
    assert len(admin.pressed) == 3
    assert Representative.objects.get().user.username == "orla"


def plan_a_meeting(admin):
    admin.type("Title", "Writing to a legislator")
    admin.page.get_by_label("Type").select_option("skill_share")
    admin.page.get_by_label("Who it’s for").select_option("public")
    admin.type("Description", "We write one letter together.")
    admin.page.get_by_label("How often").select_option("once")
    admin.type("First meeting", str(timezone.now().date() + timedelta(days=3)))
    admin.type("Starts at", "19:00")
    admin.page.get_by_label("Time zone").select_option("America/Toronto")
    admin.type("Meeting link", LINK)
    admin.press("button", "Publish")
    admin.sees("“Writing to a legislator” is published. No email was sent.")


def test_a_meeting_is_published_with_its_link_on_one_page_with_three_presses(page, new_page, ada):
    admin = CountedPage(page, ada)
    admin.press("link", "Plan and change meetings")
    admin.press("link", "Plan a meeting")
    plan_a_meeting(admin)
    assert admin.pressed == ["Plan and change meetings", "Plan a meeting", "Publish"]
    made = MeetingSeries.objects.get()
    assert (made.is_published, made.join_link, made.meetings.count()) == (True, LINK, 1)
    assert "rooms.example" not in page.content()
    reader = new_page(javascript=False)
    reader.goto("/meetings/")
    expect(reader.get_by_role("link", name="Writing to a legislator")).to_have_count(1)
    assert "rooms.example" not in reader.content()


def test_one_person_is_found_by_name_with_two_presses_and_a_reason(page, ada):
    ten_people()
    admin = CountedPage(page, ada)
    admin.press("link", "Find a person by name")
    admin.type("Name", "Gudrun", exact=True)
    admin.type("Why are you looking for them?", REASON)
    admin.press("button", "Search")
    admin.sees("Gudrun Testperson")
    assert len(admin.pressed) == 2
    gudrun = next(member for member in Member.objects.all() if member.name.startswith("Gudrun"))
    rows = AccessLog.objects.filter(who=ada).order_by("pk")
    seen = [(row.action, row.object_id, row.budget) for row in rows]
    assert seen == [("searched", "", ""), ("opened", gudrun.number, "lists")]
    assert openings_lately(ada, "lists") == 1
    assert [REASON in row.reason for row in rows] == [True, True]
    assert ["Gudrun" in row.reason for row in rows] == [False, False]


def test_the_list_is_exported_with_at_most_four_presses(page, ada):
    ten_people()
    cast.put(Member.objects.all(), "approved")
    admin = CountedPage(page, ada)
    admin.press("link", "People")
    admin.press("link", "Export")
    admin.type("What do you need the list for?", REASON)
    with page.expect_download() as download:
        admin.press("button", "Download the list")
    assert len(download.value.path().read_text().splitlines()) == 11
    assert len(admin.pressed) == 3
    assert AccessLog.objects.filter(who=ada, action="exported").count() == 10


def test_a_support_line_and_a_first_meeting_are_published_from_the_checklist(page, ada):
    """What readers need: a support line and a meeting. The other four lines of the list are not pressed here."""
    SupportLine.objects.all().delete()
    source = {"link": "https://lantern.example/", "source_words": "We never call.", "checked_on": "2026-11-01"}
    SupportLine.objects.create(slug="lantern", name="Lantern line", reach="Phone: 555-0100", country="CA", **source)
    admin = CountedPage(page, ada)
    admin.press("link", "Publish a support line")
    admin.press("link", "Lantern line")
    admin.press("button", "Save, then check and publish")
    admin.press("checkbox", "I opened the line’s own page today.")
    admin.press("button", "Publish")
    admin.press("link", "Inbox")
    admin.press("link", "Publish your first meeting", exact=True)
    plan_a_meeting(admin)
    page.goto("/manage/")
    expect(page.locator(".checklist .is-done")).to_contain_text(
        ["Publish a support line", "Publish your first meeting"]
    )
    assert admin.pressed == [
        "Publish a support line", "Lantern line", "Save, then check and publish", "I opened the line’s own page today.",
        "Publish", "Inbox", "Publish your first meeting", "Publish",
    ]  # fmt: skip
