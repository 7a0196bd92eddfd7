"""Meeting links: no public page or feed decrypts one, and one that cannot be decrypted breaks nothing else."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from chapters.meetings.services import align_all_series
from chapters.models import MeetingSeries
from members.models import OwnCalendar, Rsvp
from members.rsvps.links import rsvp_link, way_in_link
from members.rsvps.personal_calendar import address_of, make_calendar
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import make_rsvp_of_representative
from s4jr.crypto import fields
from tests import make
from tests.cast import paths_in
from tests.chapters.meetings.meetings import LINK, chapter, make_meeting, representative, said, series
from tests.members.rsvps.people import comes, emails, guest, later, member

pytestmark = pytest.mark.django_db
BROKEN = "v1.gone.AAAA"


@pytest.fixture
def meetings():
    """A series, a meeting of a chapter and others, all with links and street addresses."""
    secrets = {"join_link": LINK, "venue": "12 Invented Street", "format": "in_person", "city": "Toronto"}
    made = series(chapter=chapter(), **secrets)
    return [made.meetings.first(), make_meeting(**secrets), make_meeting(-48, **secrets, notes="We wrote.")]


def break_cells(table, *columns):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)}", [BROKEN] * len(columns)
        )


def break_links():
    break_cells("chapters_meeting", "join_link", "venue")
    break_cells("chapters_meetingseries", "join_link", "venue")


def public_pages(meetings):
    pages = ["/meetings/", "/meetings/?when=past", "/meetings.ics", "/chapters/", "/chapters/riverside/", "/"]
    pages += ["/chapters/riverside/meetings.ics", *(f"/meetings/{one.pk}/" for one in meetings)]
    return [*pages, *(f"/meetings/{one.pk}.ics" for one in meetings), f"/meetings/{meetings[1].pk}/come/"]


def test_no_public_page_and_no_feed_decrypts_anything(client, meetings, monkeypatch):
    decrypted, decrypt = [], fields.decrypt
    monkeypatch.setattr(fields, "decrypt", lambda token, context: decrypted.append(context) or decrypt(token, context))
    assert {client.get(page).status_code for page in public_pages(meetings)} == {200}
    assert decrypted == []


def test_a_link_that_cannot_be_decrypted_breaks_no_public_page(client, meetings):
    break_links()
    assert {page: client.get(page).status_code for page in public_pages(meetings)} == dict.fromkeys(
        public_pages(meetings), 200
    )


def test_it_breaks_no_page_of_a_guest_and_the_join_page_is_404(client):
    meeting = make_meeting(join_link=LINK)
    row = guest(meeting, contact="none", email="")
    later(meeting, hours=47, minutes=45)
    break_links()
    path = paths_in(rsvp_link(row))[0]
    answers = [client.get(path), client.post(path, {"do": "look"}), client.get(paths_in(way_in_link(row))[0])]
    assert [answer.status_code for answer in answers] == [200, 200, 404]


@pytest.mark.parametrize("column", ["name", "email", "needs"])
def test_a_guest_whose_row_cannot_be_decrypted_can_confirm_view_and_cancel(client, column):
    row = guest(make_meeting())
    break_cells("members_rsvp", column)
    path = paths_in(rsvp_link(row))[0]
    answers = [client.post(path, {"do": act}, follow=True) for act in ("come", "look", "cancel")]
    assert ([answer.status_code for answer in answers], Rsvp.objects.count()) == ([200, 200, 200], 0)


def test_it_breaks_neither_personal_calendars_nor_member_sessions(client):
    meeting, somebody = make_meeting(join_link=LINK), member()
    comes(meeting, somebody)
    break_links()
    secret = make_calendar(somebody, OwnCalendar.Shows.ALL)
    assert str(meeting.pk) in client.get(paths_in(address_of(secret))[0]).content.decode()


def test_other_guests_get_their_emails(client):
    meetings = [make_meeting(48, join_link=LINK), make_meeting(48, join_link=LINK)]
    for number, meeting in enumerate(meetings):
        comes(meeting, member(number))
        later(meeting, hours=47, minutes=45)
    break_links()
    assert (keep_rsvps_up_to_date(), len(emails("rsvp-meeting-link"))) == ({"links": 2}, 2)


def test_a_host_sees_the_pages_and_can_set_another_link(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    made = series()
    meeting = made.meetings.first()
    comes(meeting, member(), needs="The heron needs live captions.")
    break_links()
    break_cells("members_rsvp", "needs")
    addresses = [reverse(name, args=[made.pk]) for name in ("manage_series", "manage_change", "manage_publish")]
    addresses += [reverse("manage_meeting", args=[meeting.pk]), reverse("manage_meetings")]
    assert [client.get(address).status_code for address in addresses] == [200] * 5
    changed = client.post(addresses[1], said(title="Another", begins_on=str(made.begins_on), step="save"))
    topic = client.post(addresses[3], {"action": "topic", "topic-topic": "About bills."})
    link = client.post(addresses[0], {"link": f"{LINK}-new"})
    assert [answer.status_code for answer in (changed, topic, link)] == [302, 302, 302]
    assert MeetingSeries.objects.get().join_link == f"{LINK}-new"


def test_a_representative_whose_row_cannot_be_decrypted_sees_their_meeting(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = representative()
    client.force_login(user)
    meeting = make_meeting(audience="representatives", join_link=LINK)
    make_rsvp_of_representative(meeting.pk, user, language="en", needs="Captions.")
    break_links()
    break_cells("members_rsvp", "needs")
    assert client.get(reverse("representative_meeting", args=[meeting.pk])).status_code == 200


def test_a_series_that_cannot_be_extended_does_not_stop_the_others(monkeypatch):
    broken, fine = series(), series()
    fine.meetings.all().delete()
    MeetingSeries.objects.filter(pk=broken.pk).update(zone="Mars/Olympus")
    assert align_all_series() == {"failed": 1}
    assert fine.meetings.count() > 10


def test_a_failed_step_does_not_stop_the_others(monkeypatch):
    meeting = make_meeting(48)
    comes(meeting, member())
    later(meeting, hours=47, minutes=45)

    def fail(now):
        raise fields.DecryptionError("a value of attendance.name does not open")

    monkeypatch.setattr("members.rsvps.waitlist.promote_waitlists", fail)
    assert keep_rsvps_up_to_date() == {"links": 1, "failed": 1}
