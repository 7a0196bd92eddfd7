"""One guest at two meetings: the form, link and code of one don't affect the other."""

import pytest

from members.models import Rsvp
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import confirm_rsvp
from s4jr.mail.models import OutgoingEmail
from s4jr.security import submission_token
from tests.cast import paths_in
from tests.members.rsvps.people import GUEST, a_meeting, emails, guest, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)


@pytest.fixture
def meetings():
    return a_meeting(48), a_meeting(72)


def send(client, meeting, **said):
    """Sends the form of a meeting; returns the code on the next page."""
    address = f"/meetings/{meeting.pk}/come/"
    token = client.get(address).context["form"].initial["form_token"]
    answers = {"name": "Gustava Testperson", "contact": "yes", "email": GUEST, "form_token": token, **said}
    return client.post(address, answers, follow=True).context["code"]


def confirm(client):
    """Confirms with the link of each email; returns the text of the pages."""
    emails = OutgoingEmail.objects.filter(kind="rsvp-confirm").order_by("pk")
    return [client.post(paths_in(email.body)[0], {"do": "come"}, follow=True).status_code for email in emails]


def states_of_guests():
    return dict(Rsvp.objects.values_list("meeting", "state"))


def test_a_guest_who_confirms_for_a_second_meeting_goes_to_both(client, meetings):
    for meeting in meetings:
        send(client, meeting)
        confirm(client)
    assert states_of_guests() == {meeting.pk: "going" for meeting in meetings}


def test_both_can_be_confirmed_after_both_rsvps(client, meetings):
    for meeting in meetings:
        send(client, meeting)
    assert confirm(client) == [200, 200]
    assert states_of_guests() == {meeting.pk: "going" for meeting in meetings}


def test_each_meeting_sends_its_own_reminder_and_its_own_link(client, meetings):
    for meeting in meetings:
        send(client, meeting, wants_reminder="on")
    confirm(client)
    Rsvp.objects.update(asked_on="2026-01-01")
    later(meetings[0], hours=47, minutes=45), later(meetings[1], hours=71, minutes=45)
    assert keep_rsvps_up_to_date() == {"links": 2}
    assert emails("rsvp-meeting-link") == [("rsvp-meeting-link", GUEST)] * 2


def test_canceling_one_keeps_the_other(client, meetings):
    codes = [send(client, meeting, contact="none") for meeting in meetings]
    client.post("/meetings/coming/", {"code": codes[0], "do": "cancel"})
    assert states_of_guests() == {meetings[1].pk: "going"}


def test_one_form_sent_for_both_does_not_change_the_first_rsvp(client, meetings):
    """A browser that restores an old page restores its hidden token, too."""
    address = f"/meetings/{meetings[0].pk}/come/"
    token = client.get(address).context["form"].initial["form_token"]
    for meeting in meetings:
        answers = {"name": "Gustava Testperson", "contact": "none", "form_token": token}
        client.post(f"/meetings/{meeting.pk}/come/", answers)
    assert states_of_guests() == {meeting.pk: "going" for meeting in meetings}


def test_after_canceling_a_guest_may_rsvp_again(client, meetings):
    code = send(client, meetings[0])
    client.post("/meetings/coming/", {"code": code, "do": "cancel"})
    send(client, meetings[0])
    confirm(client)
    assert states_of_guests() == {meetings[0].pk: "going"}


@pytest.mark.parametrize("first", ["confirmed", "not confirmed"])
def test_the_guests_of_both_are_forgotten_at_their_own_times(meetings, first):
    rows = [guest(meeting) for meeting in meetings]
    for row in rows[first != "confirmed" :]:
        confirm_rsvp(Rsvp.objects.filter(pk=row.pk))
    later(meetings[0], hours=48 + 26)
    keep_rsvps_up_to_date()
    assert states_of_guests() == {meetings[1].pk: "going"}
