"""What pages say about full meetings and about a place on the waitlist."""

from urllib.parse import urlsplit

import pytest

from chapters.meetings.series_list import AT_FIRST
from members.models import Rsvp
from members.rsvps.links import rsvp_link
from members.rsvps.spots import full_words, waitlist_words
from s4jr.security import submission_token
from s4jr.security.status_code import code_of_form
from tests.cast import paths_in
from tests.chapters.representatives.people import signed_in_representative
from tests.members.rsvps.people import a_meeting, cancels, comes, guest, member, members
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
FULL = "All spots are taken. You can join the waitlist."


def fill(meeting):
    return [guest(meeting, contact="none", email="") for _ in range(meeting.capacity)]


class TestFullMeetings:
    @pytest.mark.parametrize("capacity", [0, 1, 2])
    def test_say_so_without_the_number_of_spots(self, capacity):
        meeting = a_meeting(capacity=capacity)
        rows = fill(meeting)
        assert full_words(meeting) == FULL
        if rows:
            cancels(rows[0])
            assert full_words(meeting) == ""

    def test_a_meeting_without_a_limit_is_never_full_and_asks_nothing(self, django_assert_num_queries):
        meeting = a_meeting()
        comes(meeting, member())
        with django_assert_num_queries(0):
            assert full_words(meeting) == ""

    def test_visitors_read_it_before_the_form_and_on_it(self, client):
        meeting = a_meeting(capacity=2)
        pages = [f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/come/"]
        assert [FULL in client.get(page).text for page in pages] == [False, False]
        fill(meeting)
        assert [FULL in client.get(page).text for page in pages] == [True, True]
        links = [words(e) for e in Page(client.get(pages[0]).text).all(tag="a") if e["href"] == pages[1]]
        assert links == ["Join the waitlist"]

    def test_members_read_it_until_they_are_on_the_waitlist(self, client, member, come_in):
        meeting = a_meeting(capacity=2, audience="members")
        for somebody in members(2):
            comes(meeting, somebody)
        come_in(member)
        page = f"/my-details/meetings/{meeting.pk}/"
        shown = client.get(page).text
        assert (FULL in shown, "Join the waitlist" in shown) == (True, True)
        shown = client.post(page, {"do": "come"}, follow=True).text
        assert (FULL in shown, "You’re first on the waitlist." in shown) == (False, True)

    def test_representatives_read_it(self, client):
        signed_in_representative(client)
        meeting = a_meeting(capacity=0, audience="representatives")
        assert FULL in client.get(f"/desk/evenings/{meeting.pk}/").text


class TestTheWaitlist:
    def test_says_first_second_third_and_then_the_number(self):
        meeting = a_meeting(capacity=0)
        rows = [comes(meeting, somebody) for somebody in members(4)]
        assert [waitlist_words(row) for row in rows] == [
            "You’re first on the waitlist.",
            "You’re second on the waitlist.",
            "You’re third on the waitlist.",
            "You’re number 4 on the waitlist.",
        ]
        cancels(rows[0])
        assert waitlist_words(Rsvp.objects.get(pk=rows[3].pk)) == "You’re third on the waitlist."

    def test_says_nothing_to_anyone_else(self):
        assert (waitlist_words(None), waitlist_words(comes(a_meeting(), member()))) == ("", "")


class TestThePageAfterSending:
    @pytest.fixture(autouse=True)
    def _no_form_delay(self, monkeypatch):
        monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)

    @pytest.fixture
    def send(self, client):
        def filled_in(meeting, **said):
            address = f"/meetings/{meeting.pk}/come/"
            token = client.get(address).context["form"].initial["form_token"]
            answers = {"name": "Gustava Testperson", "contact": "none", "form_token": token, **said}
            return client.post(address, answers, follow=True)

        return filled_in

    @pytest.mark.parametrize(
        ("capacity", "said", "state"),
        [
            (None, {}, "You’re on the list."),
            (0, {}, "You’re third on the waitlist."),
            (None, {"contact": "yes", "email": "guest@mailbox.example"}, "Confirm by email first."),
            (0, {"contact": "discreet", "email": "guest@mailbox.example"}, "Confirm by email first."),
            (None, {"website": "x"}, "One step is left."),
        ],
        ids=["going", "third in line", "to confirm", "to confirm for the waitlist", "flagged"],
    )
    def test_says_title_date_and_state_and_offers_the_calendar_file(self, client, send, capacity, said, state):
        meeting = a_meeting(title="Reading a bill", capacity=capacity)
        for somebody in members(2):
            comes(meeting, somebody)
        answer = send(meeting, **said)
        page = Page(answer.text)
        assert words(page.one(tag="p", class_="lead")) == f"Reading a bill{meeting.when}"
        assert next(words(e) for e in page.all(tag="strong")) == state
        (file,) = [e["href"] for e in page.all(tag="a") if e["href"].endswith(f"/meetings/{meeting.pk}.ics")]
        assert client.get(urlsplit(file).path).status_code == 200

    def test_shows_another_browser_nothing(self, client, send):
        send(a_meeting(title="Reading a bill"))
        client.cookies.clear()
        assert "Reading a bill" not in client.get("/meetings/come/sent/").text

    def test_says_the_same_for_an_address_that_is_going_already(self, client, send):
        meeting = a_meeting()
        known = guest(meeting, email="known@mailbox.example")
        Rsvp.objects.filter(pk=known.pk).update(state="going", place_in_line=1)
        pages = []
        for email in ("known@mailbox.example", "unknown@mailbox.example"):
            answer = send(meeting, contact="yes", email=email)
            pages.append(answer.text.replace(answer.context["code"], "CODE"))
            client.cookies.clear()
        assert pages[0] == pages[1]

    def test_names_no_meeting_once_the_rsvp_is_gone(self, client, send):
        send(a_meeting(title="Reading a bill"))
        Rsvp.objects.all().delete()
        assert "Reading a bill" not in client.get("/meetings/come/sent/").text


class TestTheStatusPage:
    def test_names_the_meeting_to_the_code_and_to_the_link_unless_emails_are_discreet(self, client):
        named = {}
        for contact in ("yes", "discreet"):
            row = guest(a_meeting(title="Reading a bill"), contact=contact)
            by_link = client.post(paths_in(rsvp_link(row))[0], {"do": "come"}, follow=True).text
            by_code = client.post("/meetings/coming/", {"code": code_of_form(row.form_token)}).text
            named[contact] = ("Reading a bill" in by_link, "Reading a bill" in by_code)
        assert named == {"yes": (True, True), "discreet": (False, True)}


def test_the_list_on_the_members_page_shows_six_entries(client, member, come_in):
    for number in range(AT_FIRST + 1):
        a_meeting(hours=24 * (number + 1), title=f"Circle {number}")
    page = come_in(member).text
    assert [f"Circle {number}<" in page for number in range(AT_FIRST + 1)] == [True] * AT_FIRST + [False]
