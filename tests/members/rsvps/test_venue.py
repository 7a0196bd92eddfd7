"""The street address or dial-in of a meeting: who sees it and when, and that nothing else ever has it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chapters.meetings.services import cancel_meeting, restore_meeting
from chapters.models import Meeting, MeetingSeries, Representative
from members.models import Member, Rsvp
from members.rsvps.links import rsvp_link
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import (
    GuestAnswers,
    confirm_rsvp,
    make_rsvp_of_guest,
    make_rsvp_of_representative,
)
from members.rsvps.venue import venue_for
from members.self_service.address_change import erase_address
from members.self_service.secret_word import word_hash
from s4jr.mail.delivery import send_what_is_due
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.cast import paths_in
from tests.chapters.meetings.meetings import representative, series
from tests.chapters.representatives.people import signed_in_representative
from tests.members.rsvps.people import a_meeting, comes, guest, later, member
from tests.members.self_service.visitors import Visitor

pytestmark = pytest.mark.django_db
VENUE = "12 Heron Street, second door, ring twice"
NOT_YET = "You’ll see the street address or phone number here from"


def in_person(hours=12, **said):
    return a_meeting(hours=hours, **{"format": "in_person", "city": "Toronto", "venue": VENUE, **said})


def accepted_guest(meeting, **said):
    row = guest(meeting, **{"contact": "none", "email": "", **said})
    Rsvp.objects.filter(pk=row.pk).update(accepted_at=timezone.now())
    return row


def a_representatives_rsvp(meeting):
    user = representative()
    make_rsvp_of_representative(meeting.pk, user, language="en")
    return Rsvp.objects.get(user=user)


def seen(row, now=None):
    return venue_for(Rsvp.objects.get(pk=row.pk), now or timezone.now())


class TestWhen:
    @pytest.fixture
    def row(self):
        return comes(in_person(hours=48), member())

    @pytest.mark.parametrize(
        ("moment", "is_seen"),
        [
            (lambda meeting: meeting.starts_at - timedelta(hours=24, seconds=1), False),
            (lambda meeting: meeting.starts_at - timedelta(hours=24), True),
            (lambda meeting: meeting.starts_at, True),
            (lambda meeting: meeting.ends_at - timedelta(seconds=1), True),
            (lambda meeting: meeting.ends_at, False),
        ],
        ids=["a day and a second before", "a day before", "at the start", "a second before the end", "at the end"],
    )
    def test_from_a_day_before_the_start_until_the_end(self, row, moment, is_seen):
        assert seen(row, moment(row.meeting)) == (VENUE if is_seen else "")

    def test_canceling_takes_it_away_at_once_and_bringing_it_back_shows_it(self):
        row = comes(in_person(), member())
        meeting = Meeting.objects.filter(pk=row.meeting_id)
        assert (seen(row), cancel_meeting(meeting), seen(row)) == (VENUE, 1, "")
        assert (restore_meeting(meeting), seen(row)) == (1, VENUE)

    def test_not_while_the_meeting_is_not_published(self):
        row = comes(in_person(), member())
        Meeting.objects.update(is_published=False)
        assert seen(row) == ""

    def test_a_moved_meeting_is_shown_a_day_before_its_new_start(self):
        row = comes(in_person(), member())
        later(row.meeting, hours=-48)
        assert seen(row) == ""

    def test_a_meeting_without_its_own_shows_that_of_its_series(self):
        made = series(begins_on=timezone.now().date() + timedelta(days=3), venue=VENUE, format="in_person")
        meeting = made.meetings.order_by("starts_at").first()
        row = comes(meeting, member())
        assert seen(row, meeting.starts_at) == VENUE
        Meeting.objects.filter(pk=meeting.pk).update(venue="Another door")
        assert seen(row, meeting.starts_at) == "Another door"


class TestWho:
    @pytest.mark.parametrize("state", ["asked", "waiting", "canceled"])
    @pytest.mark.parametrize("who", ["member", "guest", "representative"])
    def test_no_one_who_is_not_going(self, who, state):
        audience = "representatives" if who == "representative" else "public"
        meeting = in_person(audience=audience)
        row = {
            "member": lambda: comes(meeting, member()),
            "guest": lambda: accepted_guest(meeting),
            "representative": lambda: a_representatives_rsvp(meeting),
        }[who]()
        assert seen(row) == VENUE
        Rsvp.objects.update(state=state)
        assert seen(row) == ""

    @pytest.mark.parametrize("status", [status for status in Member.Status.values if status != "approved"])
    def test_only_approved_members(self, status):
        somebody = member()
        row = comes(in_person(), somebody)
        assert seen(row) == VENUE
        cast.put(somebody, status)
        assert seen(row) == ""

    def test_a_member_who_paused_sees_it(self):
        somebody = member()
        row = comes(in_person(), somebody)
        Member.objects.update(paused_at=timezone.now())
        assert seen(row) == VENUE

    def test_a_guest_only_once_a_host_accepted_them(self):
        row = guest(in_person(), contact="none", email="")
        assert seen(row) == ""
        Rsvp.objects.update(accepted_at=timezone.now())
        assert seen(row) == VENUE
        Rsvp.objects.update(accepted_at=None)
        assert seen(row) == ""

    def test_a_guest_who_changes_their_name_must_be_accepted_again(self):
        meeting = in_person()
        row = accepted_guest(meeting)
        make_rsvp_of_guest(meeting.pk, GuestAnswers(form_token=row.form_token, contact="none", name="Someone Else"))
        assert (Rsvp.objects.get().name, seen(row)) == ("Someone Else", "")

    @pytest.mark.parametrize("audience", ["members", "representatives"])
    def test_no_guest_of_a_meeting_that_is_no_longer_for_everyone(self, audience):
        row = accepted_guest(in_person())
        Meeting.objects.update(audience=audience)
        assert seen(row) == ""

    def test_no_member_of_a_meeting_that_is_for_representatives_now(self):
        row = comes(in_person(audience="members"), member())
        assert seen(row) == VENUE
        Meeting.objects.update(audience="representatives")
        assert seen(row) == ""

    def test_representatives_at_their_own_meetings_while_they_serve(self):
        row = a_representatives_rsvp(in_person(audience="representatives", region="CA-ON"))
        assert seen(row) == VENUE
        Meeting.objects.update(region="US-TX")
        assert seen(row) == ""
        Meeting.objects.update(region="CA-ON", audience="members")
        assert seen(row) == ""

    def test_a_former_representative_sees_none(self):
        row = a_representatives_rsvp(in_person(audience="representatives"))
        today = timezone.now().date()
        Representative.objects.update(begins_on=today - timedelta(days=90), ends_on=today - timedelta(days=30))
        assert seen(row) == ""


class TestTheMembersPage:
    @pytest.fixture
    def somebody(self):
        return member()

    @pytest.fixture
    def meeting(self, somebody):
        meeting = in_person(audience="members")
        comes(meeting, somebody)
        return meeting

    def page(self, visitor, meeting):
        return visitor.client.get(f"/my-details/meetings/{meeting.pk}/")

    def test_link_and_code_show_it_on_a_page_that_no_one_keeps(self, somebody, meeting):
        visitor = Visitor()
        visitor.by_link(somebody)
        visitor.give(do="give_code", code=code_of_form(somebody.form_token))
        answer = self.page(visitor, meeting)
        assert (VENUE in answer.text, answer["Cache-Control"]) == (True, "no-store")

    @pytest.mark.parametrize("contact", ["yes", "discreet"])
    def test_an_email_link_alone_does_not(self, somebody, meeting, contact):
        Member.objects.update(contact=contact)
        visitor = Visitor()
        visitor.by_link(somebody)
        page = self.page(visitor, meeting).text
        assert (VENUE in page, "Open this page with both, or with your secret word." in page) == (False, True)

    def test_a_code_that_a_link_alone_made_does_not_either(self, somebody, meeting):
        visitor, other = Visitor(), Visitor()
        visitor.by_link(somebody)
        other.by_code(visitor.make_code())
        assert [VENUE in self.page(each, meeting).text for each in (visitor, other)] == [False, False]

    def test_a_code_alone_shows_it_only_if_there_is_no_inbox(self, somebody, meeting):
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        assert VENUE not in self.page(visitor, meeting).text
        erase_address(Member.objects.filter(pk=somebody.pk))
        visitor.by_code(code_of_form(somebody.form_token))
        assert VENUE in self.page(visitor, meeting).text

    def test_a_secret_word_that_proves_the_inbox_shows_it(self, somebody, meeting):
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        Member.objects.update(word_hash=word_hash("heron lake"), word_proves_inbox=True)
        visitor.give(do="give_word", word="heron lake")
        assert VENUE in self.page(visitor, meeting).text

    def test_before_the_day_it_says_when(self, somebody, meeting):
        later(meeting, hours=-48)
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        page = self.page(visitor, meeting).text
        assert (VENUE in page, NOT_YET in page) == (False, True)

    def test_without_an_rsvp_it_says_who_sees_it(self, somebody, meeting):
        Rsvp.objects.all().delete()
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        page = self.page(visitor, meeting).text
        assert (VENUE in page, "People who are going see the street address" in page) == (False, True)

    def test_an_online_meeting_says_nothing_about_it(self, somebody, meeting):
        Meeting.objects.update(format="online", venue="")
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        assert "street address" not in self.page(visitor, meeting).text

    def test_a_venue_that_is_missing_is_said_to_be_missing(self, somebody, meeting):
        Meeting.objects.update(venue="")
        erase_address(Member.objects.filter(pk=somebody.pk))
        visitor = Visitor()
        visitor.by_code(code_of_form(somebody.form_token))
        assert "There’s no street address or phone number here yet." in self.page(visitor, meeting).text


class TestTheGuestsPage:
    def by_code(self, client, row):
        return client.post("/meetings/coming/", {"code": code_of_form(row.form_token)})

    def test_the_code_shows_it_once_a_host_accepted_them(self, client):
        row = guest(in_person(), contact="none", email="")
        page = self.by_code(client, row).text
        assert (VENUE in page, "The host decides which guests see" in page) == (False, True)
        Rsvp.objects.update(accepted_at=timezone.now())
        answer = self.by_code(client, row)
        assert (VENUE in answer.text, answer["Cache-Control"]) == (True, "no-store")

    def test_the_link_in_an_email_does_not(self, client):
        row = guest(in_person())
        path = paths_in(rsvp_link(row))[0]
        client.post(path, {"do": "come"})
        Rsvp.objects.update(accepted_at=timezone.now())
        pages = [client.post(path, {"do": "look"}).text, client.get("/meetings/coming/done/").text]
        assert [(VENUE in page, "Use your code" in page) for page in pages] == [(False, True)] * 2
        assert VENUE in self.by_code(client, row).text

    def test_before_the_day_it_says_when(self, client):
        row = accepted_guest(in_person(hours=48))
        page = self.by_code(client, row).text
        assert (VENUE in page, NOT_YET in page) == (False, True)

    def test_nor_does_the_page_after_sending(self, client):
        meeting = in_person()
        address = f"/meetings/{meeting.pk}/come/"
        token = client.get(address).context["form"].initial["form_token"]
        sent = client.post(address, {"name": "Gustava", "contact": "none", "form_token": token}, follow=True)
        Rsvp.objects.update(accepted_at=timezone.now())
        assert [VENUE in page.text for page in (sent, client.get("/meetings/come/sent/"))] == [False, False]


def test_a_representative_sees_it_on_their_page(client):
    orla = signed_in_representative(client)
    meeting = in_person(audience="representatives")
    page = f"/desk/evenings/{meeting.pk}/"
    assert VENUE not in client.get(page).text
    client.post(page, {"do": "come"})
    answer = client.get(page)
    assert (VENUE in answer.text, answer["Cache-Control"]) == (True, "no-store")
    cancel_meeting(Meeting.objects.filter(pk=meeting.pk))
    assert (VENUE in client.get(page).text, orla.user.rsvps.get().state) == (False, "going")


def test_no_public_page_feed_search_or_email_has_it(client, smtp_sink):
    made = series(
        begins_on=timezone.now().date() + timedelta(days=1), repeats="weekly", venue=VENUE, format="in_person",
        city="Toronto",
    )  # fmt: skip
    meeting = in_person(hours=48)
    somebody, other = member(), guest(meeting)
    comes(meeting, somebody, wants_reminder=True)
    confirm_rsvp(Rsvp.objects.filter(pk=other.pk))
    Rsvp.objects.update(accepted_at=timezone.now(), asked_on=timezone.now().date() - timedelta(days=3))
    of_series = made.meetings.order_by("starts_at").first()
    pages = ["/meetings/", "/meetings/?topic=heron", "/meetings.ics", f"/meetings/series/{made.pk}/", "/"]
    for each in (meeting, of_series):
        pages += [f"/meetings/{each.pk}/", f"/meetings/{each.pk}.ics", f"/meetings/{each.pk}/come/"]
    assert {page: VENUE in client.get(page).text for page in pages} == dict.fromkeys(pages, False)
    later(meeting, hours=25)
    keep_rsvps_up_to_date()
    later(meeting, hours=22, minutes=45)
    keep_rsvps_up_to_date()
    cancel_meeting(Meeting.objects.filter(pk=meeting.pk))
    keep_rsvps_up_to_date()
    send_what_is_due()
    assert (len(smtp_sink.emails) > 3, [VENUE in str(email) for email in smtp_sink.emails].count(True)) == (True, 0)
    assert MeetingSeries.objects.get(pk=made.pk).venue == VENUE
