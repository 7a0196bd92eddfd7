"""Guests' RSVPs: a name, an email address or none, a code, and the meeting link."""

from datetime import timedelta

import pytest

from chapters.meetings.services import cancel_meeting, move_meeting, set_link
from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps.links import rsvp_link, way_in_link
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import confirm_rsvp
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.security import submission_token
from tests.cast import paths_in
from tests.chapters.meetings.meetings import LINK
from tests.members.rsvps.people import GUEST, NEEDS, a_meeting, emails, guest, later
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
NAME = "Gustava Testperson"


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)


@pytest.fixture
def meeting():
    return a_meeting()


@pytest.fixture
def send(client, meeting):
    """Sends the form; returns the next page."""

    def filled_in(**said):
        address = f"/meetings/{meeting.pk}/come/"
        token = client.get(address).context["form"].initial["form_token"]
        answers = {"name": NAME, "contact": "yes", "email": GUEST, "needs": NEEDS, "form_token": token, **said}
        return client.post(address, answers, follow=True)

    return filled_in


def pressed(client, path, act):
    return client.post(path, {"do": act}, follow=True)


class TestTheForm:
    def test_the_meeting_page_links_to_it_and_sets_no_cookie(self, client, meeting):
        answer = client.get(f"/meetings/{meeting.pk}/")
        assert (f"/meetings/{meeting.pk}/come/" in answer.content.decode(), answer.cookies) == (True, {})

    def test_with_an_address_one_email_confirms(self, client, send):
        assert send().status_code == 200
        [email] = OutgoingEmail.objects.all()
        [path] = paths_in(email.body)
        assert "Planning" not in client.get(path).content.decode()
        assert Rsvp.objects.get().state == "asked"
        assert "You’re going." in pressed(client, path, "come").content.decode()
        assert Rsvp.objects.get().state == "going"
        assert "It’s done" in pressed(client, path, "cancel").content.decode()
        assert Rsvp.objects.count() == 0
        assert client.get(path).status_code == 410

    def test_a_likely_typo_in_the_address_is_asked_about_once(self, send):
        assert "Did you mean guest@gmail.com?" in send(email="guest@gmial.com").content.decode()
        assert (Rsvp.objects.count(), emails()) == (0, [])
        send(email="guest@gmial.com", email_asked="guest@gmial.com", email_take="on")
        assert emails() == [("rsvp-confirm", "guest@gmail.com")]

    def test_the_response_is_the_same_for_known_and_unknown_addresses(self, client, send):
        pages = []
        for _ in range(2):
            page = send()
            pages.append(page.content.decode().replace(page.context["code"], "CODE"))
            client.cookies.clear()
        assert pages[0] == pages[1]
        assert emails() == [("rsvp-confirm", GUEST)]

    def test_guests_who_chose_no_email_read_about_none(self, client, send, monkeypatch):
        """Even if the form is flagged and confirmed with the code."""
        monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", 60)
        sent = send(contact="none", email="")
        code = sent.context["code"]
        answers = [{"code": code}, {"code": code, "do": "come"}]
        pages = [sent, *(client.post("/meetings/coming/", answer, follow=True) for answer in answers)]
        texts = [words(Page(page.content.decode()).one(id="main")) for page in pages]
        said = ("email you", "your email", "our email")
        assert [part for text in texts for part in said if part in text] == []
        assert "You’re going." in texts[-1]

    def test_the_page_promises_no_email_that_a_limit_prevents(self, client, send, monkeypatch):
        """Both get the same page, and it is true for both: they can confirm with the code."""
        monkeypatch.setattr("members.rsvps.views.CONFIRMING_EMAILS", "1/h")
        pages = []
        for number in range(2):
            page = send(email=f"guest{number}@mailbox.example")
            code = page.context["code"]
            pages.append(page.content.decode().replace(code, "CODE"))
            client.cookies.clear()
        assert (pages[0] == pages[1], len(emails())) == (True, 1)
        assert ([word for word in ("sending", "emailing") if word in pages[0]], "sometimes none comes" in pages[0]) == (
            [],
            True,
        )
        page = client.post("/meetings/coming/", {"code": code}).content.decode()
        assert ("If no email comes, you can confirm" in page, "in our email" in page) == (True, False)
        page = client.post("/meetings/coming/", {"code": code, "do": "come"}, follow=True).content.decode()
        assert "You’re going." in page

    def test_without_email_the_code_is_enough(self, client, meeting, send):
        code = send(contact="none").context["code"]
        assert (emails(), Rsvp.objects.get().email) == ([], "")
        page = client.post("/meetings/coming/", {"code": code}).content.decode()
        assert ("You’re going." in page, "Join the meeting" in page, NEEDS in page) == (True, False, False)
        later(meeting, hours=47, minutes=31)
        page = Page(client.post("/meetings/coming/", {"code": code.lower()}).content.decode())
        [way_in] = [link["href"] for link in page.all(tag="a") if "/in/" in (link.get("href") or "")]
        assert client.get(way_in)["Location"] == LINK

    def test_the_code_is_shown_once(self, client, send):
        assert send().context["code"]
        assert client.get("/meetings/come/sent/").context["code"] == ""

    @pytest.mark.parametrize("marks", [{"website": "x"}, {"form_token": "forged"}])
    def test_a_flagged_form_gets_no_email_and_no_spot_before_one_more_confirmation(self, client, send, marks):
        code = send(**marks).context["code"]
        assert (emails(), Rsvp.objects.get().state) == ([], "asked")
        page = client.post("/meetings/coming/", {"code": code, "do": "come"}, follow=True).content.decode()
        assert ("You’re going." in page, Rsvp.objects.get().contact) == (True, "none")

    def test_a_form_sent_twice_is_one(self, client, meeting):
        address = f"/meetings/{meeting.pk}/come/"
        token = client.get(address).context["form"].initial["form_token"]
        for _ in range(2):
            client.post(address, {"name": NAME, "contact": "none", "form_token": token})
        assert Rsvp.objects.count() == 1

    @pytest.mark.parametrize("said", [{"audience": "members"}, {"is_canceled": True}, {"is_published": False}])
    def test_there_is_none_for_meetings_that_are_not_public_or_do_not_take_place(self, client, said):
        assert client.get(f"/meetings/{a_meeting(**said).pk}/come/").status_code == 404

    def test_a_wrong_code_finds_nothing_and_is_counted(self, client):
        answers = [client.post("/meetings/coming/", {"code": "4FK-9QX-2TM-7WP"}).status_code for _ in range(21)]
        assert answers == [200] * 20 + [429]

    def test_no_page_shows_how_many_are_going(self, client, meeting, send):
        for _ in range(7):
            guest(meeting, contact="none", email="")
        page = Page(client.get(f"/meetings/{meeting.pk}/").content.decode())
        assert [words for words in page.all(tag="p") if "7" in words["text"] and "going" in words["text"]] == []


class TestMeetingLink:
    @pytest.fixture
    def row(self, meeting):
        return guest(meeting, contact="none", email="")

    def path(self, row):
        return paths_in(way_in_link(row))[0]

    def test_it_redirects_while_the_meeting_is_open(self, client, meeting, row):
        assert client.get(self.path(row)).status_code == 404
        later(meeting, hours=47, minutes=31)
        answer = client.get(self.path(row))
        assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (303, LINK, "no-referrer")
        assert (answer.cookies, answer["Cache-Control"]) == ({}, "no-store")
        later(meeting, hours=2)
        assert client.get(self.path(row)).status_code == 404

    def test_the_same_email_leads_to_a_changed_link(self, client, meeting, row):
        later(meeting, hours=47, minutes=45)
        set_link(Meeting.objects.filter(pk=meeting.pk), "https://rooms.example/j/new")
        assert client.get(self.path(row))["Location"] == "https://rooms.example/j/new"

    @pytest.mark.parametrize("state", ["asked", "waiting", "canceled"])
    def test_guests_who_are_not_going_are_not_let_in(self, client, meeting, row, state):
        later(meeting, hours=47, minutes=45)
        Rsvp.objects.update(state=state)
        assert client.get(self.path(row)).status_code == 404

    def test_a_canceled_meeting_has_no_link(self, client, meeting, row):
        cancel_meeting(Meeting.objects.filter(pk=meeting.pk))
        later(meeting, hours=47, minutes=45)
        assert client.get(self.path(row)).status_code == 404

    def test_without_a_link_the_page_says_so(self, client, meeting, row):
        Meeting.objects.filter(pk=meeting.pk).update(join_link="")
        later(meeting, hours=47, minutes=45)
        assert "The host hasn’t opened it yet." in client.get(self.path(row)).content.decode()

    def test_each_link_has_one_purpose(self, client, meeting, row):
        later(meeting, hours=47, minutes=45)
        token = paths_in(rsvp_link(row))[0].split("/")[-2]
        assert client.get(f"/meetings/in/{token}/").status_code == 404
        assert client.get(f"/meetings/in/{row.pk.hex}/").status_code == 404

    def test_no_page_and_no_email_contains_the_join_link(self, client, meeting, row, smtp_sink):
        other = guest(meeting)
        confirm_rsvp(Rsvp.objects.filter(pk=other.pk))
        later(meeting, hours=47, minutes=45)
        keep_rsvps_up_to_date()
        send_what_is_due()
        pages = [client.get(address) for address in (f"/meetings/{meeting.pk}/", "/meetings/", "/meetings.ics")]
        pages += [client.post(paths_in(rsvp_link(row))[0], {"do": "look"})]
        assert [LINK in page.content.decode() for page in pages] == [False] * 4
        assert [LINK in str(email) for email in smtp_sink.emails] == [False] * len(smtp_sink.emails)
        assert len(smtp_sink.emails) == 2


def test_viewing_a_confirmation_email_link_does_nothing(client):
    row = guest(a_meeting())
    path = paths_in(rsvp_link(row))[0]
    for _ in range(2):
        client.get(path), client.head(path)
    row.refresh_from_db()
    assert row.state == "asked"


def test_a_meeting_that_moved_meanwhile_is_shown_with_its_new_time(client):
    meeting = a_meeting()
    row = guest(meeting)
    move_meeting(
        Meeting.objects.filter(pk=meeting.pk),
        meeting.starts_at + timedelta(days=1),
        meeting.ends_at + timedelta(days=1),
    )
    page = client.post(paths_in(rsvp_link(row))[0], {"do": "come"}, follow=True).context
    meeting.refresh_from_db()
    assert (page["meeting"].starts_at, page["row"].state) == (meeting.starts_at, "going")


def test_tagged_spellings_of_an_inbox_share_two_emails_a_day_and_the_untagged_address_has_its_own(client, send):
    """Guests without an email go with the code."""
    for number, tag in enumerate(["+0", "+1", "+2", "+3", ""]):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        send(email=f"gustava{tag}@mailbox.example")
    written = OutgoingEmail.objects.filter(kind="rsvp-confirm")
    assert (written.exclude(limit_index=None).count(), written.filter(limit_index=None).count()) == (2, 1)
