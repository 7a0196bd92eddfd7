"""RSVPs without JavaScript, from a monthly skill share to the meeting link.

A host cancels one meeting; two members RSVP, one cancels, the waiting list moves up; half an hour before the meeting
the link goes only to those who are going.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chapters.models import Meeting, MeetingSeries
from members.models import Rsvp
from members.rsvps.scheduled import keep_rsvps_up_to_date
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import make
from tests.cast import paths_in
from tests.chapters.meetings.meetings import LINK, representative
from tests.e2e.test_meetings import cancel_the_second, create_skill_share, publish, save_the_link, sign_in
from tests.members.rsvps.people import NEEDS, a_meeting, emails, later, member

TITLE = "Writing to a legislator"


@pytest.fixture
def imogen(transactional_db):
    user = representative()
    make.second_factor(user)
    return user


def create_meeting_in_browser(page, host):
    """The first meeting of a skill share that the host creates, with one spot."""
    page.set_default_timeout(15_000)
    sign_in(page, host)
    create_skill_share(page)
    save_the_link(page)
    publish(page)
    cancel_the_second(page)
    page.goto(f"/desk/meetings/{MeetingSeries.objects.get().pk}/change/")
    page.get_by_label("Spots").fill("1")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Save these changes").click()
    return Meeting.objects.taking_place().order_by("starts_at").first()


def sign_in_as_member(new_page, somebody):
    page = new_page(javascript=False, width=360)
    page.goto("/my-details/")
    page.get_by_label("Your code", exact=True).fill(code_of_form(somebody.form_token))
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TITLE).first.click()
    return page


def select_going(page, **words):
    page.get_by_label("What would help you take part?").fill(words.get("needs", ""))
    page.get_by_role("button", name="I’m going").click()


def test_the_waiting_list_moves_and_only_people_who_are_going_get_the_link(page, new_page, imogen, smtp_sink):
    meeting = create_meeting_in_browser(page, imogen)
    assert meeting.capacity == 1
    first, second = member(0), member(1)
    member(2)
    one, two = sign_in_as_member(new_page, first), sign_in_as_member(new_page, second)
    select_going(one, needs="not to be read: " + NEEDS)
    expect(one.get_by_text("You’re going.")).to_have_count(1)
    select_going(two, needs=NEEDS)
    expect(two.get_by_text("You’re first on the waitlist.")).to_have_count(1)

    one.get_by_role("button", name="Cancel my RSVP").click()
    expect(one.get_by_text("You’re not going.")).to_have_count(1)
    two.reload()
    expect(two.get_by_text("You’re going.")).to_have_count(1)
    assert emails() == [("rsvp-spot-opened", second.email)]

    page.goto(f"/desk/meetings/evening/{meeting.pk}/")
    expect(page.get_by_text("1 person is going.")).to_have_count(1)
    assert (page.get_by_text(NEEDS).count(), page.get_by_text("not to be read").count()) == (1, 0)
    assert second.name not in page.content()

    later(meeting, seconds=(meeting.starts_at - timezone.now() - timedelta(minutes=29)).total_seconds())
    keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
    assert emails("rsvp-meeting-link") == [("rsvp-meeting-link", second.email)]
    [email] = OutgoingEmail.objects.filter(kind="rsvp-meeting-link")
    way_in = paths_in(email.body)[0]
    send_what_is_due()
    assert [sent for sent in smtp_sink.emails if LINK in str(sent)] == []
    answer = two.request.get(way_in, max_redirects=0)
    assert (answer.status, answer.headers["location"], answer.headers["referrer-policy"]) == (303, LINK, "no-referrer")
    two.reload()
    expect(two.get_by_text("It works on this page only after you show that the inbox is yours.")).to_have_count(1)
    expect(two.get_by_role("link", name="Join the meeting")).to_have_count(0)
    one.reload()
    expect(one.get_by_role("link", name="Join the meeting")).to_have_count(0)
    assert ("rooms.example" in one.content(), "rooms.example" in two.content()) == (False, False)
    assert Rsvp.objects.count() == 2


def test_a_guest_goes_with_the_button_in_an_email_and_cancels(page, transactional_db, smtp_sink):
    meeting = a_meeting(hours=60)
    page.set_default_timeout(15_000)
    page.goto(f"/meetings/{meeting.pk}/")
    assert page.context.cookies() == []
    page.get_by_role("link", name="RSVP for this meeting").click()
    page.get_by_label("What should we call you?").fill("Gustava Testperson")
    page.get_by_label("Yes, email is safe.").check()
    page.get_by_label("Email address").fill("guest@mailbox.example")
    page.wait_for_timeout(4_000)  # the form flags anything within three seconds
    page.get_by_role("button", name="Send").click()
    code = page.locator("strong.code").inner_text()
    send_what_is_due()
    [email] = smtp_sink.wait_for(1)
    page.goto(paths_in(email.get_content())[0])
    assert meeting.title not in page.content()
    page.get_by_role("button", name="I’m going", exact=True).click()
    expect(page.get_by_text("You’re going.")).to_have_count(1)
    page.goto("/meetings/coming/")
    page.get_by_label("Your code", exact=True).fill(code)
    page.get_by_role("button", name="Show my status").click()
    expect(page.get_by_text("You’re going.")).to_have_count(1)
    page.get_by_role("button", name="Cancel my RSVP").click()
    assert (page.get_by_role("heading", name="It’s done").count(), Rsvp.objects.count()) == (1, 0)
