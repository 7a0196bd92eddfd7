"""Meetings in a member's own information, their personal calendar, and what a host sees."""

import time
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from icalendar import Calendar

from chapters.meetings.providers import rsvp_summary
from chapters.meetings.series_list import AT_FIRST
from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting
from members.models import Member, OwnCalendar, Rsvp
from members.rsvps.links import way_in_token
from members.rsvps.services import make_rsvp_of_representative
from members.self_service.address_change import erase_address
from members.self_service.secret_word import word_hash
from s4jr.audit.models import AccessLog
from tests import cast
from tests.chapters.cast import of_chapter, one_of_many_chapters
from tests.chapters.meetings.meetings import LINK, meeting_of_a_series, representative
from tests.members.rsvps.people import NEEDS, a_meeting, comes, later, members
from tests.members.rsvps.people import member as another
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def page_of(meeting):
    return f"/my-details/meetings/{meeting.pk}/"


class TestRsvp:
    def test_a_member_rsvps_and_cancels(self, client, member, come_in):
        meeting = a_meeting(audience="members")
        assert page_of(meeting) in come_in(member).content.decode()
        answer = client.post(page_of(meeting), {"do": "come", "needs": NEEDS, "wants_reminder": "on"}, follow=True)
        assert "You’re going." in answer.content.decode()
        row = Rsvp.objects.get()
        assert (row.state, row.needs, row.wants_reminder) == ("going", NEEDS, True)
        assert "You’re going." in client.get("/my-details/").content.decode()
        client.post(page_of(meeting), {"do": "cancel"})
        row.refresh_from_db()
        assert (row.state, row.needs) == ("canceled", "")

    def test_the_rsvp_comes_before_what_everyone_may_read(self, client, member, come_in):
        meeting = a_meeting(agenda="We begin with a quiet minute.")
        come_in(member)
        headings = [words(each) for each in Page(client.get(page_of(meeting)).text).all(tag="h2")]
        assert headings == ["Your RSVP", "Agenda", "Ways to take part"]

    def test_access_needs_are_hidden_from_a_code_alone_and_stay(self, client, member, come_in):
        meeting = a_meeting()
        comes(meeting, member, needs=NEEDS)
        come_in(member)
        assert NEEDS not in client.get(page_of(meeting)).content.decode()
        client.post(page_of(meeting), {"do": "come", "needs": ""})
        assert Rsvp.objects.get().needs == NEEDS

    def test_the_meeting_link_is_there_from_half_an_hour_before(self, client, member, come_in):
        meeting = a_meeting()
        comes(meeting, member)
        come_in(member)
        erase_address(Member.objects.filter(pk=member.pk))
        assert "Join the meeting" not in client.get(page_of(meeting)).content.decode()
        later(meeting, hours=47, minutes=31)
        page = client.get(page_of(meeting)).content.decode()
        assert ("Join the meeting" in page, LINK in page) == (True, False)

    def test_from_their_information_a_member_is_in_the_meeting_in_two_clicks(self, client, member, come_in):
        comes(meeting := a_meeting(hours=0.25), member)
        come_in(member)
        erase_address(Member.objects.filter(pk=member.pk))
        links = [link.get("href") or "" for link in Page(client.get("/my-details/").content.decode()).all(tag="a")]
        [first] = {link for link in links if str(meeting.pk) in link}
        [second] = [
            link["href"] for link in Page(client.get(first).content.decode()).all(tag="a", text="Join the meeting")
        ]
        assert client.get(second)["Location"] == LINK

    def test_a_code_alone_opens_no_meeting_link_if_there_is_an_inbox(self, client, member, come_in):
        meeting = a_meeting(hours=0.25)
        row = comes(meeting, member)
        come_in(member)
        page = client.get(page_of(meeting)).content.decode()
        assert ("only after you show that the inbox is yours" in page, "Join the meeting" in page) == (True, False)
        assert way_in_token(row) not in page
        Member.objects.filter(pk=member.pk).update(word_hash=word_hash("heron lake"), word_proves_inbox=True)
        client.post("/my-details/", {"do": "give_word", "word": "heron lake"})
        assert way_in_token(row) in client.get(page_of(meeting)).content.decode()

    def test_the_waiting_list_is_not_let_in(self, client, member, come_in):
        meeting = a_meeting(hours=0.25, capacity=0)
        comes(meeting, member)
        come_in(member)
        page = client.get(page_of(meeting)).content.decode()
        assert ("You’re first on the waitlist." in page, "Join the meeting" in page) == (True, False)

    @pytest.mark.parametrize("said", [{"audience": "representatives"}, {"region": "US-TX"}, {"is_published": False}])
    def test_meetings_for_others_are_not_there(self, client, member, come_in, said):
        meeting = a_meeting(**said)
        come_in(member)
        answers = [client.get(page_of(meeting)), client.post(page_of(meeting), {"do": "come"})]
        assert ([answer.status_code for answer in answers], Rsvp.objects.count()) == ([404, 404], 0)

    def test_visitors_who_are_not_signed_in_see_nothing(self, client):
        answers = [client.get(page_of(a_meeting())), client.get("/my-details/own-calendar/make/")]
        assert [answer["Location"] for answer in answers] == ["/my-details/", "/my-details/"]

    def test_applicants_have_no_meetings(self, client, member, come_in):
        cast.put(member, "waiting", decided_at=None)
        come_in(member)
        assert client.get(page_of(a_meeting())).status_code == 404

    def test_the_list_takes_the_same_queries_for_one_and_for_many(self, client, member, come_in):
        """They go to meetings of thirty chapters and series."""
        come_in(member)
        a_meeting(hours=1)
        one, thirty = for_one_and_thirty(
            lambda number: comes(meeting_of_a_series(number), member), lambda: client.get("/my-details/")
        )
        assert (one, client.get("/my-details/").text.count("You’re going.")) == (thirty, AT_FIRST - 1)


class TestPersonalCalendar:
    @pytest.fixture
    def make(self, client, come_in):
        """Creates a calendar address; returns its path."""

        def made(member, shows="going"):
            Member.objects.filter(pk=member.pk).update(email="", email_index=None, contact="none")
            come_in(member)
            page = client.post("/my-details/own-calendar/make/", {"do": "make", "shows": shows}, follow=True)
            return urlsplit(page.context["address"]).path

        return made

    @pytest.fixture
    def mine(self, member):
        comes(a_meeting(title="Public one"), member), comes(a_meeting(title="Ours", audience="members"), member)
        a_meeting(title="Not coming")
        return member

    def titles(self, client, path):
        calendar = Calendar.from_ical(client.get(path).content)
        return sorted(str(event["summary"]) for event in calendar.walk("VEVENT"))

    def say_yes(self, member):
        Member.objects.filter(pk=member.pk).update(contact="yes")

    def test_it_contains_their_meetings_and_sets_no_cookie(self, client, mine, make):
        path = make(mine)
        self.say_yes(mine)
        client.cookies.clear()
        assert self.titles(client, path) == ["Ours", "Public one"]
        answer = client.get(path)
        assert (answer.cookies, answer["Content-Type"]) == ({}, "text/calendar; charset=utf-8")
        assert answer["Cache-Control"] == "no-store"
        assert LINK not in answer.content.decode()

    def test_it_can_contain_all_meetings_open_to_them(self, client, mine, make):
        path = make(mine, shows="all")
        self.say_yes(mine)
        assert self.titles(client, path) == ["Not coming", "Ours", "Public one"]

    @pytest.mark.parametrize("shows", ["going", "all"])
    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, client, member, make, shows):
        path = make(member, shows=shows)
        self.say_yes(member)
        one, thirty = for_one_and_thirty(
            lambda number: comes(meeting_of_a_series(number, audience="members"), member), lambda: client.get(path)
        )
        assert (one, len(self.titles(client, path))) == (thirty, 30)

    @pytest.mark.parametrize("contact", ["discreet", "none"])
    def test_it_shows_only_times_if_others_may_look(self, client, mine, make, contact):
        path = make(mine)
        Member.objects.filter(pk=mine.pk).update(contact=contact)
        assert self.titles(client, path) == ["Meeting", "Meeting"]
        assert b"Ours" not in client.get(path).content

    @pytest.mark.parametrize("contact", ["yes", "discreet", "none"])
    def test_its_name_and_its_file_are_neutral(self, client, settings, mine, make, contact):
        path = make(mine)
        Member.objects.filter(pk=mine.pk).update(contact=contact)
        answer = client.get(path)
        assert str(Calendar.from_ical(answer.content)["NAME"]) == "Meetings"
        assert answer["Content-Disposition"] == 'inline; filename="meetings.ics"'
        telling = [word for word in settings.COALITION_WORDS if word.lower() in answer.text.lower()]
        assert contact == "yes" or telling == []

    def test_its_page_has_a_link_for_the_calendar_app_and_the_steps(self, client, settings, member, make):
        make(member)
        found = Page(client.get("/my-details/own-calendar/make/").content.decode())
        [address] = [one["text"] for one in found.all(tag="code")]
        [opened] = [one["href"] for one in found.all(tag="a") if one["href"].startswith("webcal:")]
        assert address.startswith(f"{settings.EMAIL_LINK_URL}/calendar/")
        assert opened.partition(":")[2] == address.partition(":")[2]
        assert len([one for one in found.all(tag="summary") if "step by step" in one["text"]]) == 3

    def test_a_canceled_meeting_says_so(self, client, mine, make):
        path = make(mine)
        cancel_meeting(Meeting.objects.filter(title="Ours"))
        assert client.get(path).content.count(b"STATUS:CANCELLED") == 1

    def test_revoking_ends_it_and_a_new_one_ends_the_one_before(self, client, mine, make):
        first, second = make(mine), make(mine)
        assert [client.get(path).status_code for path in (first, second)] == [404, 200]
        client.post("/my-details/own-calendar/make/", {"do": "revoke"})
        assert (client.get(second).status_code, OwnCalendar.objects.count()) == (404, 0)

    @pytest.mark.parametrize("status", ["left", "membership_ended"])
    def test_former_members_have_none(self, client, mine, make, status):
        path = make(mine)
        cast.put(mine, status)
        assert client.get(path).status_code == 404

    def test_only_a_hash_of_the_url_is_stored_and_it_is_shown_for_ten_minutes(self, client, mine, make, monkeypatch):
        secret = make(mine).rpartition("/")[2].removesuffix(".ics")
        in_ten_minutes = time.time() + 10 * 60
        monkeypatch.setattr("s4jr.security.reload_state.time.time", lambda: in_ten_minutes)
        assert secret not in client.get("/my-details/own-calendar/make/").content.decode()
        assert secret not in str(OwnCalendar.objects.values())

    def test_a_code_alone_creates_none_for_members_with_an_address(self, client, member, come_in):
        come_in(member)
        client.post("/my-details/own-calendar/make/", {"do": "make", "shows": "all"})
        assert OwnCalendar.objects.count() == 0


class TestTheHost:
    def summary(self, rf, meeting, user):
        """Renders the section that the provider adds to the host's page."""
        request = rf.get("/")
        request.user = user
        return rsvp_summary.call(request, meeting)

    def rendered(self, section):
        return render_to_string(section.template, {"section": section})

    def test_a_host_sees_counts_and_access_needs_without_names(self, rf, member):
        meeting, user = a_meeting(capacity=1), representative()
        comes(meeting, member, needs=NEEDS), comes(meeting, another(1), needs="not to be shown yet")
        shown = self.rendered(self.summary(rf, meeting, user))
        assert ("1 person is going." in shown, "1 more is on the waitlist." in shown, NEEDS in shown) == (
            True,
            True,
            True,
        )
        assert [word for word in (member.name, member.email, member.number, "not to be") if word in shown] == []
        [entry] = AccessLog.objects.filter(who=user.username)
        assert (entry.action, entry.field_names) == ("opened", "needs")

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_takes_the_same_queries_for_thirty(self, rf, count, django_assert_num_queries):
        """Members, and representatives of chapters of their own; each needs something else."""
        meeting, user = a_meeting(), representative()
        for number, somebody in enumerate(members(count)):
            comes(meeting, somebody, needs=f"{NEEDS} {number}")
            bram = of_chapter(one_of_many_chapters(number), f"bram{number}").user
            make_rsvp_of_representative(meeting.pk, bram, language="es", needs=f"Needs of bram {number}")
        with django_assert_num_queries(3):  # one of them writes the access log
            shown = self.rendered(self.summary(rf, meeting, user))
        assert (shown.count(NEEDS), shown.count("Needs of bram")) == (count, count)

    def test_everything_is_decrypted_and_logged_before_the_page_is_rendered(
        self, rf, member, django_assert_num_queries
    ):
        meeting, user = a_meeting(), representative()
        comes(meeting, member, needs=NEEDS)
        section = self.summary(rf, meeting, user)
        assert AccessLog.objects.filter(who=user.username).count() == 1
        with django_assert_num_queries(0):
            assert NEEDS in self.rendered(section)
