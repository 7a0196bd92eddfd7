"""All the usual tasks of an admin in one session, with the keyboard alone, with scripts and without.

Only Tab, Enter, Space, the arrows and what is typed are used. Each page begins at its top: the way out, then the way
past the navigation. With ATTACK=long axe looks at each page on the way; `tests/e2e/test_access.py` has all structures.
"""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from chapters.models import Meeting, Representative
from members.models import Announcement, Inquiry, Member
from pages.models import SupportLine
from s4jr.accounts.models import Invitation, User
from s4jr.content.models import TextBlock
from s4jr.conversations.models import SavedReply
from tests import cast, make
from tests.chapters.meetings.meetings import LINK
from tests.e2e.hands import Walk
from tests.members.announcements.cast import many
from tests.members.inquiries import people

LONG = os.environ.get("ATTACK") == "long"
DRAFT = "StrongHearts Native Helpline"
REPLY = "Thank you for writing to us."
TYPO = "A corrected sentence."
IN_A_WEEK = timezone.now() + timedelta(days=7)


@pytest.fixture
def work(ada):
    """Two applications, an inquiry, a saved reply, and five people who asked for news."""
    ada.address = "ada@mailbox.example"
    ada.save()
    many(5)
    for days, name in enumerate(("Bertil", "Amparo")):
        member = cast.waiting(name=f"{name} Testperson", email=f"{name.lower()}@mailbox.example")
        Member.objects.filter(pk=member.pk).update(received_on=timezone.now().date() - timedelta(days=days))
    people.written()
    SavedReply.objects.create(title="Thanks", text=REPLY)
    return ada


def sign_in(walk, user):
    walk.page.goto("/manage/")
    walk.to("Username").type(user.username).to("Password").type(make.PASSWORD).to("Sign in").press()
    walk.page.locator("input[name=code]").wait_for()
    walk.page.evaluate("document.activeElement.blur()")
    walk.to("Code").type(make.code_of(user)).press()
    walk.arrive("Inbox")


def undo(walk):
    """The focus is at the heading, below the message and its button, or at an anchor above both."""
    if walk.focused().startswith("Application "):
        walk.press("Shift+Tab")
    else:
        walk.to("Undo")
    assert walk.focused() == "Undo"
    walk.press().hears("Undone: ")


def review(walk):
    """Approves one person and undoes it; says not now to them after a preview, and undoes that too."""
    walk.past().to("Review applications").press().arrive("Application 1 of 2")
    walk.to("Approve and next").press().hears("will be approved in a minute.")
    undo(walk)
    walk.to("Not now…").press().arrive("Not now?")
    walk.past().to("Not a fit right now").press(" ").to("Preview the email").press()
    walk.arrive("The email as it will be sent").to("Start the one-hour wait").press()
    walk.hears("The email goes out then.")
    assert statuses() == ["declining", "waiting"]
    undo(walk)
    walk.to("Stop reviewing").press().arrive("Inbox")
    assert statuses() == ["waiting", "waiting"]


def statuses():
    return sorted(Member.objects.exclude(status="approved").values_list("status", flat=True))


def find_by_name(walk):
    walk.past().to("Find a person by name").press().arrive("Search by name")
    walk.past().to("Name").type("Bertil").to("Why are you looking for them?").type("He asked us by phone to change it")
    walk.to("Search").press().hears("Bertil Testperson")
    walk.page.goto("/manage/")


def answer_an_inquiry(walk):
    walk.past().to("1 inquiry to answer").press().arrive("Inquiries")
    walk.past().to("I’ll take this one").press().hears("You have inquiry No.")
    walk.past().to("Saved reply").type_letters("Th").to("Insert it").press()
    walk.page.wait_for_url("**/insert-reply/")
    assert REPLY in walk.page.get_by_label("Your answer").input_value()
    walk.past().to("Send your answer").press().hears("answer")
    assert Inquiry.objects.get().state == Inquiry.State.ANSWERED


def schedule_an_announcement(walk):
    walk.page.goto("/manage/")
    walk.to("Announcements").press().arrive("Announcements")
    walk.past().to("Write an announcement").press().arrive("Who gets it?")
    walk.past().to("Everyone who asked for news").press()
    walk.page.get_by_role("button", name="Save and preview").wait_for()
    walk.past().to("Subject:").type("Thursday").to("Email:").type("Hello,\n\nwe meet on Thursday at seven.")
    walk.to("Save and preview").press().arrive("Send yourself a test")
    walk.past().to("Send me a test email").press().hears("Both versions are in the outbox")
    walk.past().to("Send it later").press().to("Day").type_letters(IN_A_WEEK.strftime("%m%d%Y"))
    walk.to("Time").type_letters("0730PM").to("Time zone").type_letters("Tor").to("Schedule").press()
    walk.hears("No email has gone out yet.")
    assert Announcement.objects.get().state == Announcement.State.SCHEDULED
    walk.past().to("Cancel the schedule").press().hears("is a draft again, and no email has gone out.")
    assert Announcement.objects.get().state == Announcement.State.DRAFT


def correct_a_typo(walk):
    walk.page.goto("/")
    walk.to("Edit this").press().page.get_by_role("button", name="Save", exact=True).wait_for()
    walk.past().to("Text").press("Control+End").type(f"\n\n{TYPO}").to("Save").press().hears("It is live now.")
    assert TextBlock.objects.filter(edit__contains=TYPO).count() == 1
    walk.past().to("Undo this change").press().hears("It is live now.")
    assert TextBlock.objects.filter(edit__contains=TYPO).count() == 0


def publish_a_line(walk):
    walk.page.goto("/manage/")
    walk.to("Website").press().arrive("Page text").to("Support lines").press().arrive("Support lines")
    walk.past().to(DRAFT).press().page.get_by_role("button", name="Save draft").wait_for()
    walk.past().to("Save, then check and publish").press().hears("is saved as a draft.")
    walk.past().to("I opened the line’s own page today.").press(" ").to("Publish this line").press()
    walk.hears(f"“{DRAFT}” is published")
    assert [line.name for line in SupportLine.objects.published()] == [DRAFT]


def appoint(walk):
    walk.page.goto("/manage/")
    walk.to("Chapters and meetings").press().arrive("Representatives")
    walk.past().to(("Add representative", "Appoint a representative")).press().arrive("Appoint a representative")
    walk.past().to("Place").type_letters("Ontario").to("Username").type("orla").to("Appoint").press()
    walk.arrive("Appointed")
    assert [(term.user.username, term.region) for term in Representative.objects.all()] == [("orla", "CA-ON")]


def plan_and_cancel_a_meeting(walk):
    walk.page.goto("/manage/")
    walk.to("Chapters and meetings").press().arrive("Representatives")
    walk.to("Meetings").press().arrive("Meetings you manage")
    walk.past().to("Plan a meeting").press().arrive("Plan a meeting")
    walk.past().to("Title").type("Writing to a legislator").to("Type").type_letters("Skill")
    walk.to("Who it’s for").type_letters("Everyone").to("Description").type("We write one letter together.")
    walk.to("How often").type_letters("Once").to("First meeting").type_letters(IN_A_WEEK.strftime("%m%d%Y"))
    walk.to("Starts at").type_letters("0700PM").to("Time zone").type_letters("Tor").to("Meeting link").type(LINK)
    walk.to("Publish").press().hears("“Writing to a legislator” is published. No email was sent.")
    meeting = Meeting.objects.get()
    assert (meeting.series.is_published, meeting.series.join_link, meeting.is_canceled) == (True, LINK, False)
    walk.past().to(IN_A_WEEK.strftime("%A, %B")).press().page.wait_for_url(f"**/{meeting.pk}/")
    walk.past().to("Cancel this meeting").press().arrive("Cancel this meeting?")
    walk.past().to("Cancel the meeting").press().hears("cancel")
    meeting.refresh_from_db()
    assert meeting.is_canceled


def invite_and_cancel(walk):
    walk.page.goto("/manage/")
    walk.to("Settings").press().arrive("Users")
    walk.past().to("Add user").press().arrive("Add user")
    walk.past().to("Username").type("katherine").to("No role").press("ArrowUp").press("ArrowUp").press("ArrowUp")
    walk.to("Save").press().page.get_by_text("We show it only now.").wait_for()
    walk.past().to("Cancel this invitation").press().hears("The invitation for katherine is canceled")
    katherine = User.objects.get(username="katherine")
    assert [group.name for group in katherine.groups.all()] == ["Editor"]
    assert Invitation.objects.filter(user=katherine).unused().count() == 0


def sign_out(walk):
    walk.page.goto("/manage/")
    walk.to(("Log out", "Sign out")).press().page.get_by_role("heading", name="We lead with hope").wait_for()
    walk.page.goto("/manage/")
    walk.arrive("Sign in")


TASKS = [
    review, find_by_name, answer_an_inquiry, schedule_an_announcement, correct_a_typo, publish_a_line, appoint,
    plan_and_cancel_a_meeting, invite_and_cancel, sign_out,
]  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_an_admin_does_all_the_usual_tasks_with_the_keyboard_alone(new_page, work, javascript):
    page = new_page(javascript=javascript)
    page.set_default_timeout(15_000)
    walk = Walk(page, with_axe=LONG and javascript)
    sign_in(walk, work)
    for task in TASKS:
        task(walk)
    assert (walk.unseen, walk.silent, walk.far, walk.findings) == ([], [], [], [])
