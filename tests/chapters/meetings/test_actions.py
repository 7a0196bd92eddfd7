"""Moving and canceling a meeting asks once, says what happens, and takes a reason."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from chapters.meetings.recurrence import FARTHEST
from chapters.models import Meeting
from tests import make
from tests.chapters.meetings.meetings import LINK, make_meeting, series
from tests.members.rsvps.people import comes, guest, member, never_emailed
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
VENUE = "12 Invented Street"


@pytest.fixture(autouse=True)
def editor(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    return user


def act(client, meeting, name, step="", **fields):
    data = {"action": name, "step": step, **{f"{name}-{field}": value for field, value in fields.items()}}
    return client.post(reverse("manage_meeting", args=[meeting.pk]), data)


def facts_on(response):
    page = Page(response.content.decode())
    return dict(zip([words(e) for e in page.all(tag="dt")], [words(e) for e in page.all(tag="dd")], strict=True))


def moved_by_a_day(meeting):
    return {"day": str(meeting.begins.date() + timedelta(days=1)), "time_of_day": "18:30", "minutes": "60"}


def test_canceling_asks_first_and_says_what_happens(client):
    made = series()
    first, second = made.meetings.order_by("starts_at")[:2]
    comes(first, member(0)), comes(first, never_emailed(1)), guest(first, contact="none", email="")
    asked = act(client, first, "cancel", reason="The library is closed.")
    wanted = {"Canceled": first.when, "The next one": second.when, "Reason": "The library is closed."}
    assert (facts_on(asked), Meeting.objects.filter(is_canceled=True).count()) == (wanted, 0)
    text = " ".join(asked.content.decode().split())
    assert "1 person gets an email about it. Everyone else who is going sees it on their own page." in text
    assert [name for name in ("Member 0", "mailbox.example", "Gustava") if name in text] == []
    act(client, first, "cancel", "save", reason="The library is closed.")
    first.refresh_from_db()
    assert (first.is_canceled, first.change_reason) == (True, "The library is closed.")


def test_moving_asks_first_and_shows_the_old_and_the_new_time(client):
    meeting = make_meeting()
    fields = {**moved_by_a_day(meeting), "reason": "Snow"}
    asked = act(client, meeting, "move", **fields)
    before = meeting.when
    assert Meeting.objects.get().starts_at == meeting.starts_at
    act(client, meeting, "move", "save", **fields)
    meeting = Meeting.objects.get()
    assert facts_on(asked) == {"Was": before, "Is now": meeting.when, "Reason": "Snow"}
    assert (meeting.is_moved, meeting.change_reason) == (True, "Snow")


@pytest.mark.parametrize("day", ["2100-01-01", "9999-12-31"])
def test_a_meeting_is_not_moved_so_far_ahead_that_calendars_break(client, day):
    meeting = make_meeting()
    page = act(client, meeting, "move", "save", **{**moved_by_a_day(meeting), "day": day})
    assert (list(page.context["forms"]["move"].errors), Meeting.objects.get().sequence) == (["day"], 0)
    last = timezone.now().date() + FARTHEST
    act(client, meeting, "move", "save", **{**moved_by_a_day(meeting), "day": str(last)})
    pages = [client.get(reverse(name)).status_code for name in ("meetings", "every_meeting_feed")]
    assert (Meeting.objects.get().begins.date(), pages) == (last, [200, 200])


def test_a_meeting_is_not_moved_to_the_time_it_has(client):
    meeting = make_meeting()
    same = {"day": str(meeting.begins.date()), "time_of_day": meeting.begins.strftime("%H:%M"), "minutes": "90"}
    page = act(client, meeting, "move", "save", **same)
    assert (list(page.context["forms"]["move"].errors), Meeting.objects.get().sequence) == (["day"], 0)
    assert act(client, meeting, "move", "save", **{**same, "minutes": "60"}).status_code == 302


@pytest.mark.parametrize("name", ["move", "cancel"])
def test_the_question_leads_back_to_the_form_with_its_values(client, name):
    meeting = make_meeting()
    fields = moved_by_a_day(meeting) if name == "move" else {}
    page = act(client, meeting, name, "change", **fields, reason="Snow")
    assert page.context["forms"][name]["reason"].value() == "Snow"
    assert Meeting.objects.get().sequence == 0


def test_the_last_meeting_of_a_series_has_no_next_date(client):
    asked = act(client, make_meeting(), "cancel")
    assert facts_on(asked)["The next one"] == "No other date is planned."


def test_the_next_date_is_one_that_takes_place(client):
    made = series()
    first, second, third = made.meetings.order_by("starts_at")[:3]
    act(client, second, "cancel", "save")
    assert facts_on(act(client, first, "cancel"))["The next one"] == third.when


def test_bringing_a_meeting_back_removes_the_reason(client):
    meeting = make_meeting()
    act(client, meeting, "cancel", "save", reason="Snow")
    act(client, meeting, "restore")
    meeting.refresh_from_db()
    assert (meeting.is_canceled, meeting.change_reason) == (False, "")


@pytest.mark.parametrize(
    "reason",
    ["See elsewhere.example", "Write to a@mailbox.example", f"Join at {LINK}", "Now at 12 invented street"],
)
@pytest.mark.parametrize("name", ["move", "cancel"])
def test_a_reason_has_no_link_and_no_address(client, name, reason):
    meeting = make_meeting(format="in_person", city="Toronto", venue=VENUE, join_link=LINK)
    fields = moved_by_a_day(meeting) if name == "move" else {}
    page = act(client, meeting, name, "save", **fields, reason=reason)
    assert (list(page.context["forms"][name].errors), Meeting.objects.get().sequence) == (["reason"], 0)


def test_a_meeting_has_an_agenda_before_and_resources_after(client):
    to_come, over = make_meeting(), make_meeting(-24)
    act(client, to_come, "topic", topic="One bill.", agenda="- Hello\n- The bill")
    act(client, over, "notes", notes="We wrote.", resources="[The bill](https://laws.example/1)", nobody_named="on")
    assert [(one.topic, one.agenda, one.notes, one.resources) for one in Meeting.objects.order_by("-starts_at")] == [
        ("One bill.", "- Hello\n- The bill", "", ""),
        ("", "", "We wrote.", "[The bill](https://laws.example/1)"),
    ]


@pytest.mark.parametrize(
    ("hours", "name", "field"),
    [(48, "topic", "topic"), (48, "topic", "agenda"), (-24, "notes", "notes"), (-24, "notes", "resources")],
)
@pytest.mark.parametrize("leak", [LINK, VENUE, "a@mailbox.example"])
def test_texts_of_a_meeting_have_no_link_and_no_address(client, hours, name, field, leak):
    meeting = make_meeting(hours, format="in_person", city="Toronto", venue=VENUE, join_link=LINK)
    page = act(client, meeting, name, **{field: f"Look: {leak}", "nobody_named": "on"})
    assert list(page.context["forms"][name].errors) == [field]


def test_notes_say_since_when_they_are_published(client):
    meeting = make_meeting(-24)
    act(client, meeting, "notes", notes="We wrote.", nobody_named="on")
    first = Meeting.objects.get().notes_published_at
    act(client, meeting, "notes", notes="We wrote three letters.", nobody_named="on")
    assert (first is not None, Meeting.objects.get().notes_published_at) == (True, first)
    act(client, meeting, "notes", notes="", nobody_named="on")
    assert Meeting.objects.get().notes_published_at is None
