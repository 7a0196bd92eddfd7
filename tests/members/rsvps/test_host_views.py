"""The host's pages about people who RSVP: a message to everyone who is going, and the guests by name."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from members.models import MeetingMessage, Rsvp
from members.rsvps.links import rsvp_link
from members.rsvps.services import GuestAnswers, confirm_rsvp, make_rsvp_of_guest
from s4jr.audit.models import AccessLog
from tests import make
from tests.cast import paths_in
from tests.chapters.meetings.meetings import LINK, representative
from tests.members.rsvps.people import GUEST, a_meeting, comes, emails, guest, later, member, never_emailed
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
WORDS = "Please bring a pen."
VENUE = "12 Invented Street"
IN_PERSON = {"format": "in_person", "city": "Toronto", "venue": VENUE}


@pytest.fixture(autouse=True)
def editor(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    return user


def message_page(meeting):
    return reverse("host_message", args=[meeting.pk])


def guests_page(meeting):
    return reverse("host_guests", args=[meeting.pk])


def accept(client, meeting, row, do="accept"):
    """Selects the button that the page shows for this guest."""
    shown = client.get(guests_page(meeting)).context
    rows = shown["guests"] if shown and "guests" in shown else []
    seen = next((guest.seen for guest in rows if guest.row == row), "")
    return client.post(reverse("host_accept", args=[meeting.pk, row.pk]), {"do": do, "seen": seen})


def accepted():
    return [row.accepted_at is not None for row in Rsvp.objects.all()]


class TestMessage:
    def test_it_is_previewed_and_then_sent_once(self, client):
        meeting = a_meeting()
        comes(meeting, member(0)), comes(meeting, never_emailed(1))
        token = client.get(message_page(meeting)).context["form"]["token"].value()
        data = {"text": WORDS, "token": token}
        preview = client.post(message_page(meeting), {**data, "step": "check"})
        text = " ".join(preview.content.decode().split())
        assert [words in text for words in (WORDS, "2 people are going.", "1 person gets an email.")] == [True] * 3
        assert MeetingMessage.objects.count() == 0
        for _ in range(2):
            client.post(message_page(meeting), {**data, "step": "send"})
        assert emails("meeting-message") == [("meeting-message", "member0@mailbox.example")]

    def test_the_preview_carries_the_message_and_leads_back_to_the_form(self, client):
        meeting = a_meeting()
        preview = client.post(message_page(meeting), {"text": WORDS, "token": "t", "step": "check"})
        hidden = {e["name"]: e.get("value") for e in Page(preview.content.decode()).all(tag="input")}
        assert (hidden["text"], hidden["token"]) == (WORDS, "t")
        back = client.post(message_page(meeting), {"text": WORDS, "token": "t", "step": "change"})
        assert back.context["form"]["text"].value() == WORDS
        assert MeetingMessage.objects.count() == 0

    @pytest.mark.parametrize(
        "text", ["", f"Join: {LINK}", "elsewhere.example", "a@mailbox.example", "Come to 12 invented street"]
    )
    def test_it_has_no_link_and_no_address(self, client, text):
        meeting = a_meeting(**IN_PERSON)
        response = client.post(message_page(meeting), {"text": text, "token": "t", "step": "send"})
        assert (list(response.context["form"].errors), MeetingMessage.objects.count()) == (["text"], 0)

    def test_the_third_one_of_a_day_is_not_offered_and_not_sent(self, client):
        meeting = a_meeting()
        for token in ("1", "2", "3"):
            last = client.post(message_page(meeting), {"text": WORDS, "token": token, "step": "send"})
        assert (last.status_code, WORDS in last.content.decode()) == (200, True)  # it can be copied for tomorrow
        page = client.get(message_page(meeting)).content.decode()
        assert (MeetingMessage.objects.count(), "You can send 2 messages a day" in page) == (2, True)
        assert "Preview the message" not in page

    def test_only_hosts_of_the_meeting_send_one(self, client):
        client.force_login(representative())
        ours, others, canceled = a_meeting(region="CA-ON"), a_meeting(), a_meeting(region="CA-ON", is_canceled=True)
        assert [client.get(message_page(one)).status_code for one in (ours, others, canceled)] == [200, 404, 404]
        client.logout()
        assert client.get(message_page(ours)).headers["Location"].startswith("/account/login/")

    def test_people_who_are_going_read_it_on_their_own_page_and_others_do_not(self, client, come_in):
        meeting = a_meeting(capacity=1)
        one, other = never_emailed(0), member(1, contact="discreet")
        comes(meeting, one), comes(meeting, other)  # the second is on the waitlist
        client.post(message_page(meeting), {"text": WORDS, "token": "t", "step": "send"})
        client.logout()
        seen = []
        for somebody in (one, other):
            come_in(somebody)
            page = client.get(reverse("my_meeting", args=[meeting.pk]))
            seen.append((WORDS in page.content.decode(), len(page.context["host_messages"])))
        assert seen == [(True, 1), (False, 0)]

    def test_a_guest_reads_it_behind_the_link_in_the_email(self, client):
        meeting = a_meeting()
        row = guest(meeting, contact="discreet")
        confirm_rsvp(Rsvp.objects.filter(pk=row.pk))
        client.post(message_page(meeting), {"text": WORDS, "token": "t", "step": "send"})
        client.logout()
        path = paths_in(rsvp_link(row))[0]
        pages = [client.get(path), client.post(path, {"do": "look"})]
        assert [WORDS in page.content.decode() for page in pages] == [False, True]


class TestGuests:
    def test_the_host_sees_names_and_lets_one_guest_see_the_address(self, client, editor):
        meeting = a_meeting(**IN_PERSON)
        row = guest(meeting, contact="none", email="", name="Gustava Testperson")
        text = client.get(guests_page(meeting)).content.decode()
        shown = [words in text for words in ("Gustava Testperson", "Let this guest see it", "mailbox.example")]
        assert (shown, accepted()) == ([True, True, False], [False])
        accept(client, meeting, row)
        assert (accepted(), "Hide it from this guest" in client.get(guests_page(meeting)).content.decode()) == (
            [True],
            True,
        )
        accept(client, meeting, row, "take_back")
        assert accepted() == [False]

    def test_a_name_that_changed_since_the_page_was_opened_is_not_accepted(self, client):
        meeting, said = a_meeting(**IN_PERSON), {"form_token": "f" * 32, "contact": "none"}
        make_rsvp_of_guest(meeting.pk, GuestAnswers(**said, name="Gustava Testperson"))
        row = Rsvp.objects.get()
        [(_row, _name, seen)] = client.get(guests_page(meeting)).context["guests"]
        make_rsvp_of_guest(meeting.pk, GuestAnswers(**said, name="Somebody Else"))
        address = reverse("host_accept", args=[meeting.pk, row.pk])
        answers = [client.post(address, {"do": "accept", **more}, follow=True) for more in ({"seen": seen}, {})]
        assert (accepted(), ["given another name" in page.content.decode() for page in answers]) == (
            [False],
            [True] * 2,
        )
        accept(client, meeting, row)
        assert accepted() == [True]

    def test_opening_the_names_is_logged_and_an_empty_page_is_not(self, client):
        meeting = a_meeting(**IN_PERSON)
        client.get(guests_page(meeting))
        assert AccessLog.objects.count() == 0
        guest(meeting, contact="none", email="")
        client.get(guests_page(meeting))
        rows = AccessLog.objects.values_list("who", "action", "object_id", "field_names")
        assert list(rows) == [("edda", "opened", str(meeting.pk), "name")]

    def test_members_and_guests_who_have_not_confirmed_are_not_on_it(self, client):
        meeting = a_meeting(**IN_PERSON)
        comes(meeting, member(0)), guest(meeting, email=GUEST)
        assert client.get(guests_page(meeting)).context["guests"] == []

    @pytest.mark.parametrize("meeting", [{}, {**IN_PERSON, "audience": "members"}])
    def test_meetings_without_an_address_or_without_guests_have_no_such_page(self, client, meeting):
        assert client.get(guests_page(a_meeting(**meeting))).status_code == 404

    def test_it_is_gone_when_the_meeting_is_over(self, client):
        meeting = a_meeting(**IN_PERSON)
        row = guest(meeting, contact="none", email="")
        later(meeting, hours=50)
        assert [client.get(guests_page(meeting)).status_code, accept(client, meeting, row).status_code] == [404, 404]

    def test_only_hosts_of_the_meeting_see_it(self, client):
        client.force_login(representative())
        ours, others = a_meeting(region="CA-ON", **IN_PERSON), a_meeting(**IN_PERSON)
        row = guest(others, contact="none", email="")
        assert [client.get(guests_page(one)).status_code for one in (ours, others)] == [200, 404]
        assert [accept(client, one, row).status_code for one in (ours, others)] == [302, 404]
        assert accepted() == [False]

    def test_a_name_that_cannot_be_decrypted_breaks_nothing(self, client):
        meeting = a_meeting(**IN_PERSON)
        guest(meeting, contact="none", email="")
        Rsvp.objects.update(name="")
        assert "A guest who gave no name" in client.get(guests_page(meeting)).content.decode()

    def test_the_meetings_page_leads_to_it_only_if_there_is_an_address(self, client):
        pages = [
            Page(client.get(reverse("manage_meeting", args=[one.pk])).content.decode())
            for one in (a_meeting(**IN_PERSON), a_meeting())
        ]
        leads = [
            ["Choose which guests see the street address or phone number" in [words(e) for e in page.all(tag="a")]]
            for page in pages
        ]
        assert leads == [[True], [False]]

    def test_thirty_guests_take_as_many_queries_as_one(self, client):
        meeting = a_meeting(**IN_PERSON)
        make_one = lambda number: guest(meeting, contact="none", email="", name=f"Guest {number}")  # noqa: E731
        one, thirty = for_one_and_thirty(make_one, lambda: client.get(guests_page(meeting)))
        assert (one, len(client.get(guests_page(meeting)).context["guests"])) == (thirty, 30)
