"""Members who ask hear once about each kind of news at their place, in the form that is safe for them."""

import threading

import pytest
from django.db import connections

from chapters.models import Chapter, Representative
from members.models import Member, PlaceAlert
from members.place_alerts.services import set_place_alert, write_place_alerts
from members.self_service.address_change import erase_address
from members.self_service.membership import leave
from members.self_service.services import change_answers
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting
from tests.members.rsvps.people import member
from tests.query_counts import queries_of

pytestmark = pytest.mark.django_db


def asking(number=0, **answers):
    """A member of Ontario who wants to hear what starts there."""
    one = member(number, **{"country": "CA", "region": "CA-ON", **answers})
    set_place_alert(one.row, True)
    return one


def emails():
    return list(OutgoingEmail.objects.filter(kind="place-news").order_by("pk"))


def told(one):
    return PlaceAlert.objects.get(member=one).told


class TestNews:
    def test_a_first_representative_chapter_and_meeting_are_told_once_each(self):
        one = asking()
        assert (write_place_alerts(), told(one)) == (0, "")
        cast.representative()
        assert (write_place_alerts(), write_place_alerts(), told(one)) == (1, 0, "representative")
        cast.chapter(), make_meeting(region="CA-ON", audience="members")
        assert (write_place_alerts(), write_place_alerts(), told(one)) == (1, 0, "chapter meeting representative")
        make_meeting(96, region="CA-ON"), cast.representative("bram")
        assert (write_place_alerts(), len(emails())) == (0, 2)

    def test_the_email_says_what_is_new_and_leads_to_the_page_of_the_place(self):
        asking()
        cast.chapter(), make_meeting(region="CA-ON")
        write_place_alerts()
        [email] = emails()
        assert "Ontario, Canada: a chapter is open now. Ontario, Canada: a meeting is planned." in " ".join(
            email.body.split()
        )
        assert "/representatives/?place=CA-ON" in email.body
        assert email.to == "member0@mailbox.example"

    @pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
    def test_the_discreet_email_names_neither_the_place_nor_the_news(self, language):
        asking(contact="discreet", language=language)
        cast.representative()
        write_place_alerts()
        [email] = emails()
        said = f"{email.subject}\n{email.body}"
        assert [word for word in ("Ontario", "CA-ON", "represent", "représent", "http") if word in said] == []
        assert coalition_words_in(said) == []

    def test_what_was_there_before_is_no_news(self):
        cast.representative()
        one = asking()
        assert (told(one), write_place_alerts()) == ("representative", 0)

    def test_a_profile_that_comes_back_is_no_news(self):
        one = asking()
        cast.representative()
        write_place_alerts()
        term = Representative.objects.all()
        term.update(takes_messages=True, confirmed_on=None, consent_until=None)
        cast.chapter()
        write_place_alerts()
        term.update(confirmed_on=cast.today(), consent_until=cast.today())
        assert (write_place_alerts(), told(one), len(emails())) == (0, "chapter representative", 2)

    @pytest.mark.parametrize(
        "hidden",
        [
            lambda: cast.representative(shows_region=False),
            lambda: cast.representative(confirmed_on=None),
            lambda: cast.representative(place="CA-AB"),
            lambda: cast.chapter(status="asked"),
            lambda: make_meeting(region="CA-ON", is_published=False),
            lambda: make_meeting(region="CA-ON", is_canceled=True),
            lambda: make_meeting(region="CA-ON", audience="representatives"),
            lambda: make_meeting(-48, region="CA-ON"),
            lambda: make_meeting(),
            lambda: make_meeting(chapter=cast.chapter(status="resting"), audience="members"),
        ],
        ids=["only country", "no consent", "elsewhere", "asked", "draft", "canceled", "representatives", "over", "all",
             "of a chapter"],
    )  # fmt: skip
    def test_what_the_member_could_not_see_is_no_news(self, hidden):
        asking()
        hidden()
        assert (write_place_alerts(), emails()) == (0, [])

    def test_a_member_of_a_whole_country_hears_of_no_members_meeting_of_a_part(self):
        asking(region="")
        make_meeting(region="CA-ON", audience="members")
        assert (write_place_alerts(), emails()) == (0, [])
        make_meeting(region="CA", audience="members")
        assert write_place_alerts() == 1

    def test_a_member_of_a_whole_country_hears_of_its_parts(self):
        asking(region="")
        cast.representative()
        assert (write_place_alerts(), "Canada: a representative is listed now." in emails()[0].body) == (1, True)


class TestWhoIsTold:
    def test_only_those_who_asked(self):
        asking(), member(1, country="CA", region="CA-ON")
        cast.representative()
        assert (write_place_alerts(), [email.to for email in emails()]) == (1, ["member0@mailbox.example"])

    def test_a_paused_member_hears_after_the_pause(self):
        one = asking()
        Member.objects.update(paused_at=one.decided_at)
        cast.representative()
        assert write_place_alerts() == 0
        Member.objects.update(paused_at=None)
        assert write_place_alerts() == 1

    def test_whoever_moves_begins_again_at_the_new_place(self):
        one = asking()
        cast.representative(place="US-TX")
        change_answers(one.row, country="US", region="US-TX")
        assert (write_place_alerts(), told(one)) == (0, "representative")
        cast.chapter(country="US", region="US-TX"), cast.representative("bram")
        assert (write_place_alerts(), told(one)) == (1, "chapter representative")

    def test_a_member_without_a_place_has_no_alert(self):
        one = asking(1)
        change_answers(one.row, country="", region="")
        write_place_alerts()
        set_place_alert(member(2, country="", region="").row, True)
        assert PlaceAlert.objects.count() == 0

    @pytest.mark.parametrize(
        "stop", [lambda rows: set_place_alert(rows, False), leave, erase_address], ids=["off", "leave", "never"]
    )
    def test_it_ends_at_once_and_cancels_what_waits(self, stop):
        one = asking()
        cast.representative()
        write_place_alerts()
        stop(one.row)
        assert (PlaceAlert.objects.count(), [email.state for email in emails()]) == (0, ["canceled"])


def test_thirty_alerts_take_as_many_questions_as_one_while_nothing_is_new():
    asking()
    one = queries_of(write_place_alerts)
    for number in range(1, 30):
        asking(number, region=("CA-ON", "CA-AB", "CA-BC")[number % 3])
    assert queries_of(write_place_alerts) == one


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_one_email():
    asking()
    Chapter.objects.create(slug="lakeside", name="Lakeside", status="open", country="CA", region="CA-ON")
    counts, barrier = [], threading.Barrier(2)

    def run():
        barrier.wait()
        counts.append(write_place_alerts())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    assert (sum(counts), len(emails())) == (1, 1)
