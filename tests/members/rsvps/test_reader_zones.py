"""Emails and pages print the time in the zone of a meeting and, where we know the reader's place, the time there."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chapters.meetings import timezones
from chapters.meetings.services import change_meetings
from chapters.models import Meeting, Representative
from members.models import Member
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import confirm_rsvp, make_rsvp_of_representative
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import chapter
from tests.chapters.representatives.people import signed_in_representative
from tests.members.rsvps.people import Rsvp, a_meeting, comes, guest, member
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db
VANCOUVER, TORONTO = "America/Vancouver", "America/Toronto"


def email_of_a_change(meeting):
    """The text of the one email about a change of this meeting."""
    change_meetings(Meeting.objects.filter(pk=meeting.pk), title="Another")
    keep_rsvps_up_to_date()
    return OutgoingEmail.objects.get(kind="meeting-changed").body


def unwrapped(text):
    return " ".join(text.split())


def with_inbox(username):
    """A user whose emails go to an address of their own."""
    user = make.person_who_signs_in(username)
    user.address = f"{username}@mailbox.example"
    user.save()
    return user


def times(meeting, zone):
    """How a time is written in the zone of the meeting, and in both."""
    own = timezones.in_own(meeting.zone, zone, meeting.starts_at)
    assert own != ""
    return f"{meeting.when}, which is {own}"


@pytest.mark.parametrize("contact", ["yes", "discreet"])
def test_an_email_to_a_member_has_the_time_in_their_place(contact):
    meeting = a_meeting(zone=TORONTO)
    comes(meeting, member(contact=contact, country="CA", region="CA-BC"))
    assert times(meeting, VANCOUVER) in unwrapped(email_of_a_change(meeting))


@pytest.mark.parametrize("place", [{"country": "CA", "region": "CA-QC"}, {"country": "US", "region": ""}, {}])
def test_an_email_has_one_time_if_the_place_has_the_same_clock_or_is_not_known(place):
    meeting = a_meeting(zone=TORONTO)
    comes(meeting, member(**{"country": "", "region": "", **place}))
    body = unwrapped(email_of_a_change(meeting))
    assert (meeting.when in body, "which is" in body) == (True, False)


def test_an_email_to_a_guest_has_the_time_of_the_meeting_only():
    meeting = a_meeting(zone=TORONTO)
    confirm_rsvp(Rsvp.objects.filter(pk=guest(meeting).pk))
    assert "which is" not in unwrapped(email_of_a_change(meeting))


@pytest.mark.parametrize("of_a_chapter", [False, True])
def test_an_email_to_a_representative_has_the_time_in_the_place_they_serve_now(of_a_chapter):
    user = with_inbox("odalys")
    today = timezone.now().date()
    long_ago = today.replace(year=today.year - 3, day=1)
    Representative.objects.create(user=user, country="CA", region="CA-NL", begins_on=long_ago, ends_on=long_ago)
    place = {"chapter": chapter(region="CA-BC")} if of_a_chapter else {"country": "CA", "region": "CA-BC"}
    Representative.objects.create(user=user, begins_on=long_ago, **place)
    meeting = a_meeting(zone=TORONTO, audience="representatives")
    make_rsvp_of_representative(meeting.pk, user, language="en")
    assert times(meeting, VANCOUVER) in unwrapped(email_of_a_change(meeting))


def test_a_member_reads_the_time_in_their_place(client, member, come_in):
    Member.objects.filter(pk=member.pk).update(country="CA", region="CA-BC")
    meeting = a_meeting(zone=TORONTO)
    assert times(meeting, VANCOUVER) in unwrapped(come_in(member).text)
    assert times(meeting, VANCOUVER) in unwrapped(client.get(reverse("my_meetings")).text)
    page = unwrapped(client.get(f"/my-details/meetings/{meeting.pk}/").text)
    assert timezones.in_own(TORONTO, VANCOUVER, meeting.starts_at) in page
    assert f'data-place-offset="{timezones.offset_minutes(VANCOUVER, meeting.starts_at)}"' in page


def test_a_member_whose_clock_is_that_of_the_meeting_reads_one_time(client, member, come_in):
    Member.objects.filter(pk=member.pk).update(country="CA", region="CA-QC")
    meeting = a_meeting(zone=TORONTO)
    assert "which is" not in unwrapped(come_in(member).text)
    page = client.get(f"/my-details/meetings/{meeting.pk}/").text
    assert ("That’s" in page, "data-place-offset" in page) == (False, False)


def test_a_representative_reads_the_time_in_their_place(client):
    orla = signed_in_representative(client)
    Representative.objects.filter(pk=orla.pk).update(country="CA", region="CA-BC")
    meeting = a_meeting(zone=TORONTO, audience="representatives")
    assert times(meeting, VANCOUVER) in unwrapped(client.get(f"/desk/{orla.pk}/").text)
    page = unwrapped(client.get(f"/desk/evenings/{meeting.pk}/").text)
    assert timezones.in_own(TORONTO, VANCOUVER, meeting.starts_at) in page


def test_the_public_page_has_the_other_time_zones_without_a_script(client):
    meeting = a_meeting(zone=TORONTO)
    page = client.get(f"/meetings/{meeting.pk}/").text
    assert "In other time zones" in page
    found = timezones.in_common_zones(meeting.starts_at)
    assert [name for name, time in found if f'{time} <span class="source">{name}</span>' not in page] == []
    assert "That’s" not in page


def test_telling_thirty_representatives_takes_the_same_queries_as_telling_one():
    meeting = a_meeting(zone=TORONTO, audience="representatives")

    def create(number):
        user = with_inbox(f"representative{number}")
        term = cast.of_chapter(cast.one_of_many_chapters(number), user=user)
        make_rsvp_of_representative(meeting.pk, term.user, language="en")

    def tell():
        change_meetings(Meeting.objects.filter(pk=meeting.pk), title=f"Another {Rsvp.objects.count()}")
        keep_rsvps_up_to_date()

    one, thirty = for_one_and_thirty(create, tell)
    assert (one, OutgoingEmail.objects.filter(kind="meeting-changed").count()) == (thirty, 31)
