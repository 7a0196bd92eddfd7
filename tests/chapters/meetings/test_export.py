"""Admins export meetings as a table or a calendar, never with a link or a street; what isn't public needs a reason."""

import csv
import io
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override
from icalendar import Calendar

from chapters.models import Meeting
from s4jr.audit.models import AccessLog
from tests import make
from tests.chapters.meetings.meetings import LINK, chapter, make_meeting, meeting_of_a_series, representative
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db
EXPORT = "/desk/meetings/export/"
STREET = "Canary Street 7, which must not leak"
REASON = "For the printed calendar."
START = datetime(2030, 12, 4, 0, 0, tzinfo=UTC)


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


def download(client, address=EXPORT, **answers):
    return client.post(address, {"when": "all", "file_format": "csv", **answers})


def rows_of(answer):
    text = answer.content.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return [dict(zip(header, row, strict=True)) for row in rows]


def events_of(answer):
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def secret_meeting(**said):
    """A meeting with a link and a street, which no export contains."""
    return make_meeting(**{"join_link": LINK, "venue": STREET, "format": "in_person", "city": "Toronto", **said})


class TestTheTable:
    def test_it_says_when_where_and_in_which_state_a_meeting_is(self, client, ada):
        meeting = secret_meeting(starts_at=START, region="CA-ON", title="=Writing")
        assert rows_of(download(client)) == [
            {
                "Date": "2030-12-03",
                "Starts": "19:00",
                "Ends": "20:30",
                "Time zone": "Eastern Time",
                "Title": "'=Writing",
                "Place": "Ontario",
                "How people meet": "In person in Toronto",
                "Who it’s for": "Everyone",
                "Status": "Published",
                "Page": f"{settings.SITE_URL}/meetings/{meeting.pk}/",
            }
        ]

    def test_it_is_in_the_language_of_the_page(self, client, ada):
        secret_meeting(starts_at=START, region="CA-QC")
        [row] = rows_of(download(client, f"/fr{EXPORT}"))
        with override("fr-ca"):
            everyone = str(capfirst(Meeting.Audience.PUBLIC.label))
        assert (everyone in row.values(), "Everyone" in row.values()) == (True, False)

    def test_each_status_is_a_word(self, client, ada):
        make_meeting(1, title="canceled", is_canceled=True)
        make_meeting(2, title="draft", is_published=False)
        make_meeting(-48, title="over")
        make_meeting(3, title="published")
        rows = rows_of(download(client, has_hidden="on", reason=REASON))
        assert {row["Title"]: row["Status"] for row in rows} == {
            "over": "Over",
            "canceled": "Canceled",
            "draft": "Draft",
            "published": "Published",
        }

    @pytest.mark.parametrize(("when", "titles"), [("to_come", ["next"]), ("past", ["last"]), ("all", ["last", "next"])])
    def test_it_has_the_chosen_meetings_in_order(self, client, ada, when, titles):
        make_meeting(48, title="next")
        make_meeting(-48, title="last")
        assert [row["Title"] for row in rows_of(download(client, when=when))] == titles

    def test_its_name_says_nothing_about_the_cause(self, client, ada):
        answer = download(client)
        assert answer["Content-Disposition"].startswith('attachment; filename="meetings-20')
        assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("text/csv; charset=utf-8", True)


class TestTheCalendar:
    def test_it_has_an_event_for_each_meeting(self, client, ada):
        meeting = secret_meeting(starts_at=START)
        [event] = events_of(download(client, file_format="ics"))
        assert (str(event["uid"]), str(event["summary"])) == (str(meeting.pk), meeting.title)
        assert (event["dtstart"].dt.astimezone(UTC), str(event["status"])) == (START, "CONFIRMED")
        assert str(event["url"]) == f"{settings.SITE_URL}/meetings/{meeting.pk}/"

    def test_a_draft_is_marked_and_links_to_the_page_of_its_hosts(self, client, ada):
        meeting = make_meeting(is_published=False)
        [event] = events_of(download(client, file_format="ics", has_hidden="on", reason=REASON))
        assert (str(event["status"]), str(event["summary"])) == ("TENTATIVE", f"Draft: {meeting.title}")
        address = f"{settings.SITE_URL}{reverse('manage_meeting', args=[meeting.pk])}"
        assert (str(event["url"]), address in event["description"]) == (address, True)


class TestWhatIsHidden:
    @pytest.mark.parametrize("file_format", ["csv", "ics"])
    def test_no_file_has_a_link_or_a_street(self, client, ada, file_format):
        secret_meeting()
        meeting_of_a_series(0, venue=STREET, audience="members")
        answer = download(client, file_format=file_format, has_hidden="on", reason=REASON)
        text = answer.content.decode().replace("\r\n ", "")
        assert ("Planning around a new bill" in text, [canary for canary in (LINK, STREET) if canary in text]) == (
            True,
            [],
        )

    def test_it_is_left_out_unless_it_is_asked_for_with_a_reason(self, client, ada):
        for hidden in ({"is_published": False}, {"audience": "members"}, {"audience": "representatives"}):
            make_meeting(title="hidden", **hidden)
        make_meeting(title="seen")
        assert [row["Title"] for row in rows_of(download(client))] == ["seen"]
        assert len(rows_of(download(client, has_hidden="on", reason=REASON))) == 4
        refused = download(client, has_hidden="on", reason=" ")
        assert "Say what you need the list for." in refused.content.decode()

    def test_the_access_log_notes_each_meeting_that_is_not_public(self, client, ada):
        make_meeting(title="seen")
        hidden = [make_meeting(is_published=False), make_meeting(audience="members")]
        download(client)
        assert AccessLog.objects.filter(action="exported").count() == 0
        download(client, has_hidden="on", reason=REASON)
        noted = AccessLog.objects.filter(action="exported")
        assert {row.object_id for row in noted} == {str(meeting.pk) for meeting in hidden}
        assert {(row.who, row.object_kind, row.reason) for row in noted} == {("ada", "chapters.meeting", REASON)}

    def test_it_needs_a_recent_sign_in(self, client, ada):
        make_meeting(is_published=False)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] = time.time() - 6 * 60
        session.save()
        answer = download(client, has_hidden="on", reason=REASON)
        assert answer["Location"] == f"/account/2fa/reauthenticate/?next={EXPORT}"
        assert (download(client).status_code, AccessLog.objects.filter(action="exported").count()) == (200, 0)


class TestWhoMay:
    def test_an_editor_sees_the_button_and_the_page(self, client):
        eve = make.signed_in_staff(client, "eve", superuser=False)
        eve.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
        assert f'href="{EXPORT}"' in client.get("/desk/meetings/").content.decode()
        assert (client.get(EXPORT).status_code, download(client).status_code) == (200, 200)

    def test_a_representative_does_not(self, client, settings):
        settings.STAFF_SECOND_FACTOR = False
        client.force_login(representative(chapter=chapter()))
        assert (client.get(EXPORT).status_code, download(client).status_code) == (404, 404)
        page = client.get("/desk/meetings/").content.decode()
        assert ("Plan a meeting" in page, EXPORT in page) == (True, False)

    def test_other_staff_and_visitors_do_not(self, client):
        assert client.get(EXPORT).status_code == 302
        make.signed_in_staff(client, "cleo", superuser=False)
        assert (client.get(EXPORT).status_code, download(client).status_code) == (404, 404)


def test_one_list_has_a_limit(client, ada, settings):
    settings.EXPORT_AT_MOST = 1
    make_meeting(), make_meeting()
    page = download(client).content.decode()
    assert "You chose 2 meetings. One list holds at most 1. Choose fewer." in page


def test_thirty_meetings_take_as_many_queries_as_one(client, ada):
    def create(number):
        meeting_of_a_series(number)
        Meeting.objects.update(is_published=False)

    one, thirty = for_one_and_thirty(create, lambda: download(client, has_hidden="on", reason=REASON))
    assert one == thirty
