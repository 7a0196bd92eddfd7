"""Representatives RSVP from their page: they sign in, and need not be members."""

import pytest

from chapters.meetings.series_list import AT_FIRST
from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting, Representative
from members.models import Rsvp
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import cancel_rsvp, erase_guests, make_rsvp_of_representative
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast
from tests.chapters.meetings.meetings import LINK, meeting_of_a_series
from tests.chapters.representatives.people import signed_in_representative
from tests.members.rsvps.people import NEEDS, a_meeting, comes, emails, later, member, states
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def own_meeting(**said):
    return a_meeting(**{"audience": "representatives", **said})


def page_of(meeting):
    return f"/desk/evenings/{meeting.pk}/"


@pytest.fixture
def orla(client):
    return signed_in_representative(client)


def press(client, meeting, act="come", **said):
    return client.post(page_of(meeting), {"do": act, **said}, follow=True).text


class TestRepresentativePage:
    def test_the_rsvp_comes_before_what_everyone_may_read(self, client, orla):
        page = Page(client.get(page_of(own_meeting(agenda="We begin with a quiet minute."))).text)
        assert [words(each) for each in page.all(tag="h2")][:3] == ["Your RSVP", "Agenda", "Ways to take part"]

    def test_it_links_to_the_next_meetings_and_they_rsvp_and_cancel(self, client, orla):
        meeting = own_meeting()
        assert page_of(meeting) in client.get(f"/desk/{orla.pk}/").text
        page = press(client, meeting, needs=NEEDS, wants_reminder="on")
        assert ("You’re going." in page, NEEDS in page, "to anyone with only your code" in page) == (True, True, False)
        row = Rsvp.objects.get()
        assert (row.user, row.member, row.state, row.needs) == (orla.user, None, "going", NEEDS)
        assert "You’re going." in client.get(f"/desk/{orla.pk}/").text
        press(client, meeting, "cancel")
        row.refresh_from_db()
        assert (row.state, row.needs, row.wants_reminder) == ("canceled", "", False)

    def test_it_takes_the_same_queries_for_thirty_meetings_as_for_one(self, client, orla):
        page = f"/desk/{orla.pk}/"

        def create(number):
            meeting = meeting_of_a_series(number, audience="representatives")
            make_rsvp_of_representative(meeting.pk, orla.user, language="en")
            cast.of_chapter(meeting.chapter, user=orla.user)

        one, thirty = for_one_and_thirty(create, lambda: client.get(page))
        assert (one, client.get(page).text.count("You’re going.")) == (thirty, AT_FIRST)

    def test_two_rsvps_are_one_spot(self, client, orla):
        meeting = own_meeting(capacity=1)
        press(client, meeting), press(client, meeting)
        assert states(meeting) == ["going"]

    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({}, 200),
            ({"region": "CA-ON"}, 200),
            ({"region": "US-TX"}, 404),
            ({"audience": "members"}, 404),
            ({"audience": "public"}, 404),
            ({"is_published": False}, 404),
        ],
    )
    def test_it_shows_only_meetings_for_their_terms(self, client, orla, said, status):
        meeting = own_meeting(**said)
        answers = [client.get(page_of(meeting)), client.post(page_of(meeting), {"do": "look"})]
        assert [answer.status_code for answer in answers] == [status, status]

    def test_a_former_representative_finds_nothing(self, client, orla):
        meeting = own_meeting()
        Representative.objects.update(
            begins_on=cast.today().replace(year=2020), ends_on=cast.today().replace(year=2021)
        )
        assert client.get(page_of(meeting)).status_code == 404

    def test_visitors_who_are_not_signed_in_are_asked_to(self, client):
        answer = client.get(page_of(own_meeting()))
        assert (answer.status_code, answer["Location"].startswith("/account/login/")) == (302, True)

    def test_the_meeting_link_is_there_from_half_an_hour_before(self, client, orla):
        meeting = own_meeting()
        press(client, meeting)
        assert "Join the meeting" not in client.get(page_of(meeting)).text
        later(meeting, hours=47, minutes=31)
        page = client.get(page_of(meeting)).text
        assert ("Join the meeting" in page, LINK in page) == (True, False)


class TestEmails:
    def test_the_meeting_link_goes_to_them_in_neutral_words_and_their_language(self, client, orla):
        Representative.objects.update(language="fr-ca")
        meeting = own_meeting(hours=0.25)
        press(client, meeting)
        assert keep_rsvps_up_to_date() == {"links": 1}
        email = OutgoingEmail.objects.get(kind="rsvp-meeting-link")
        assert (email.to, email.language, "/fr/meetings/in/" in email.body) == (cast.ADDRESS, "fr-ca", True)
        assert LINK not in email.body

    def test_a_reminder_and_a_change_come_once(self, client, orla):
        meeting = own_meeting(hours=72)
        press(client, meeting, wants_reminder="on")
        later(meeting, hours=49)
        keep_rsvps_up_to_date()
        cancel_meeting(Meeting.objects.filter(pk=meeting.pk))
        keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
        assert emails() == [("meeting-canceled", cast.ADDRESS), ("rsvp-reminder", cast.ADDRESS)]

    def test_a_representative_without_an_address_gets_none_and_delays_no_one(self, client, orla):
        orla.user.address = ""
        orla.user.save()
        meeting = own_meeting(hours=0.25)
        assert "Email me a reminder" not in client.get(page_of(meeting)).text
        press(client, meeting)
        assert (keep_rsvps_up_to_date(), keep_rsvps_up_to_date(), emails()) == ({"links": 1}, {}, [])


def test_a_representative_moves_up_and_gives_up_a_spot_like_everyone(client, orla):
    meeting = own_meeting(capacity=1)
    first = comes(meeting, member())
    press(client, meeting)
    assert states(meeting) == ["going", "waiting"]
    cancel_rsvp(Rsvp.objects.filter(pk=first.pk))
    assert (states(meeting), emails("rsvp-spot-opened")) == (
        ["canceled", "going"],
        [("rsvp-spot-opened", cast.ADDRESS)],
    )
    orla.user.terms.update(ends_on=orla.begins_on, begins_on=orla.begins_on.replace(year=2020))
    orla.user.terms.update(ends_on=orla.begins_on.replace(year=2021))
    assert keep_rsvps_up_to_date() == {"let go": 1}


def test_a_guest_is_forgotten_the_next_day_and_a_representative_with_the_meeting(client, orla):
    meeting = own_meeting()
    press(client, meeting)
    erase_guests(Rsvp.objects.guests())
    assert Rsvp.objects.count() == 1
