"""`manage.py load_demo` fills the site with fictional people. It runs once for all tests here."""

import io
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client, override_settings
from django.utils import timezone

from chapters.meetings.calendar_feeds import KEPT
from chapters.models import Chapter, Meeting, MeetingSeries, Representative, RepresentativeMessage, VolunteerOffer
from members.models import Announcement, Inquiry, Member, Rsvp
from members.review.duplicates import like
from s4jr.accounts.models import User
from s4jr.accounts.roles import GROUPS
from s4jr.mail.models import OutgoingEmail
from tests.chapters.meetings.test_calendar_files import FOUR_LIBRARIES, as_they_are
from tests.members.inquiries import people as inquiries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("printed")]
REPRESENTATIVE = "demo-representative"
NORTH_AMERICA = {"CA", "US", "MX"}
PAGES = [
    "/", "/representatives/", "/representatives/?place=CA-ON", "/representatives/?place=DE", "/chapters/",
    "/chapters/start/", "/meetings/", "/meetings.ics", "/join/", "/contact/", "/sitemap.xml", "/fr/representatives/",
    "/es/meetings/",
]  # fmt: skip


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """Returns the output of the command on an empty site; empties the site after these tests."""
    # As on a site, an approval can be undone for a minute: one of them is in it.
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(APPROVAL_UNDO_SECONDS=60):
        yield load()
        transaction.set_rollback(True)


def load(**options):
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def sign_ins(printed):
    """Returns the printed (name, password) pairs."""
    return re.findall(r"^  (\S+) / (\S+)$", printed, re.MULTILINE)


def count_rows():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


# --- rows


def test_there_are_applications_in_every_status():
    assert set(Member.objects.values_list("status", flat=True)) == set(Member.Status)


def test_one_member_is_paused_and_two_applications_are_flagged_as_possible_spam():
    assert (Member.objects.exclude(paused_at=None).count(), Member.objects.exclude(flag_reason="").count()) == (1, 2)


def test_two_applications_with_one_name_wait_and_each_is_shown_with_the_other():
    esmes = [member for member in Member.objects.waiting() if " ".join(member.name.split()) == "Esme Thistle"]
    assert [like(one) for one in esmes] == [[esmes[1]], [esmes[0]]]


def test_representatives_show_profiles_in_ten_places_three_of_them_outside_north_america():
    places = {term.place_code for term in Representative.objects.public().select_related("chapter")}
    elsewhere = {place for place in places if place.partition("-")[0] not in NORTH_AMERICA}
    assert (len(places), elsewhere) == (10, {"DE", "GH", "NZ"})


def test_one_representative_is_hidden_and_one_has_no_profile_yet():
    assert Representative.objects.hidden().count() == 1
    assert [term.place for term in Representative.objects.serving().filter(display_name="")] == ["Nova Scotia"]


def test_there_are_four_chapters_and_one_is_paused():
    assert (Chapter.objects.count(), Chapter.objects.public().count()) == (4, 3)


def test_there_are_published_meetings_of_every_kind_and_for_every_audience():
    published = Meeting.objects.filter(is_published=True)
    assert set(published.values_list("kind", flat=True)) == set(Meeting.Kind)
    assert set(published.values_list("audience", flat=True)) == set(Meeting.Audience)


def test_past_meetings_have_notes():
    noted = Meeting.objects.past().exclude(notes="").values_list("title", flat=True)
    assert sorted(noted) == ["Quiet hour", "Reading a bill together", "Writing to a legislator"]


def test_one_meeting_is_next_week():
    meeting = Meeting.objects.get(title="Planning around a new bill")
    assert meeting.begins.date() == timezone.now().date() + timedelta(days=7)


def test_a_weekly_series_has_past_meetings_and_ten_upcoming_ones():
    weekly = Meeting.objects.filter(series__repeats="weekly").order_by("planned_on")
    days = list(weekly.values_list("planned_on", flat=True))
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=7)}
    assert (weekly.past().count(), weekly.upcoming().count()) == (4, 10)


def test_one_meeting_is_full_and_two_people_are_on_its_waiting_list():
    full = Meeting.objects.get(capacity=4)
    states = Rsvp.objects.filter(meeting=full).values_list("state").annotate(Count("pk"))
    assert dict(states) == {"going": 4, "waiting": 2}


def test_one_meeting_is_canceled_and_one_is_a_draft():
    assert Meeting.objects.upcoming().filter(is_canceled=True).count() == 1
    assert MeetingSeries.objects.filter(is_published=False).count() == 1


def test_inquiries_are_waiting_answered_closed_and_flagged():
    assert set(Inquiry.objects.values_list("state", flat=True)) == set(Inquiry.State)
    assert set(Inquiry.objects.values_list("topic", flat=True)) == set(Inquiry.Topic)
    assert Inquiry.objects.exclude(flag_reason="").count() == 1


def test_messages_to_a_representative_are_waiting_answered_reported_and_unread():
    messages = RepresentativeMessage.objects.all()
    assert set(messages.values_list("state", flat=True)) == {"open", "answered"}
    assert messages.filter(said__reported_on__isnull=False).count() == 1
    assert (messages.to_take_over().count(), messages.flagged().count()) == (1, 1)


def test_offers_are_waiting_accepted_and_declined():
    assert set(VolunteerOffer.objects.values_list("state", flat=True)) == set(VolunteerOffer.State)
    assert set(VolunteerOffer.objects.waiting().values_list("kind", flat=True)) == set(VolunteerOffer.Kind)


def test_an_announcement_is_a_draft():
    assert list(Announcement.objects.values_list("state", flat=True)) == ["draft"]


# --- users


def test_everyone_has_a_fictional_address_or_none():
    addresses = [
        row.email for model in (Member, Inquiry, VolunteerOffer, RepresentativeMessage) for row in model.objects.all()
    ]
    addresses += [user.address for user in User.objects.all()]
    assert [address for address in addresses if address and not address.endswith(".example")] == []


def test_no_email_is_due_and_every_final_state_of_an_email_appears():
    states = set(OutgoingEmail.objects.values_list("state", flat=True))
    assert OutgoingEmail.objects.on_their_way().count() == 0
    assert states == {"sent", "failed", "unknown", "canceled", "bounced"}


def test_there_is_one_sign_in_for_each_role_and_one_for_a_representative(printed):
    names = [name for name, _password in sign_ins(printed)]
    assert names == [*(f"demo-{role.lower()}" for role in GROUPS), REPRESENTATIVE]


def test_each_printed_sign_in_opens_the_admin_or_the_representative_pages(printed, settings):
    settings.STAFF_SECOND_FACTOR = False
    representative = Representative.objects.get(user__username=REPRESENTATIVE)
    for name, password in sign_ins(printed):
        client = Client()
        client.post("/account/login/", {"login": name, "password": password})
        page = f"/desk/{representative.pk}/" if name == REPRESENTATIVE else "/manage/"
        assert (name, client.get(page).status_code) == (name, 200)


def test_all_public_pages_and_feeds_respond(client):
    chapters = [f"/chapters/{slug}/" for slug in Chapter.objects.values_list("slug", flat=True)]
    feeds = [f"/chapters/{slug}/meetings.ics" for slug in Chapter.objects.public().values_list("slug", flat=True)]
    meetings = [f"/meetings/{pk}" for pk in Meeting.objects.public().values_list("pk", flat=True)[:20]]
    profiles = [f"/representatives/{pk}/write/" for pk in Representative.objects.public().values_list("pk", flat=True)]
    feeds += [f"{page}.ics" for page in meetings]
    feeds += [f"/meetings/series/{pk}.ics" for pk in MeetingSeries.objects.public().values_list("pk", flat=True)]
    feeds += ["/meetings/place/CA-ON.ics", "/meetings/kind/skill_share.ics"]
    pages = [*PAGES, *chapters, *feeds, *profiles, *(f"{page}/" for page in meetings)]
    assert {page: status for page in pages if (status := client.get(page).status_code) != 200} == {}


@pytest.mark.parametrize("read", FOUR_LIBRARIES)
def test_four_libraries_read_the_same_instants_of_its_meetings(client, read):
    meetings = Meeting.objects.upcoming(timezone.now() - KEPT).for_everybody()
    assert meetings.count() > 10
    assert read(client.get("/meetings.ics").content) == as_they_are(meetings)


# --- repeated runs


def test_a_second_run_adds_nothing_and_prints_no_password():
    before = count_rows()
    said = load()
    assert (count_rows(), sign_ins(said)) == (before, [])
    assert "nothing was added" in said


def test_each_request_for_more_people_adds_them():
    before = Member.objects.count()
    load(people=3)
    load(people=2)
    added = list(Member.objects.order_by("pk")[before:])
    assert [member.name for member in added] == [f"Demo Person {n}" for n in range(1, 6)]
    assert {member.status for member in added} == {"approved"}
    assert len({member.email_index for member in added}) == 5


def test_very_many_people_take_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        load(people=600)
    assert Member.objects.filter(status="approved").count() > 600


def test_no_people_are_added_after_someone_wrote_who_may_be_real():
    inquiries.written(email="somebody@mailbox.invalid")
    before = count_rows()
    with pytest.raises(CommandError):
        load(people=5)
    assert count_rows() == before
