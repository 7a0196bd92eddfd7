"""What emails say of a change: the old and the new time, the reason, and the next date after a canceled one."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from chapters.meetings.services import align_series, cancel_meeting, change_meetings, move_meeting, restore_meeting
from chapters.models import Meeting, MeetingSeries
from members.models import Rsvp
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import confirm_rsvp
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests.chapters.meetings.meetings import series
from tests.members.rsvps.people import a_meeting, comes, guest, member

pytestmark = pytest.mark.django_db
REASON = "The library is closed."


def these(meeting):
    return Meeting.objects.filter(pk=meeting.pk)


def move(meeting, reason="", **by):
    later = timedelta(**by)
    move_meeting(these(meeting), meeting.starts_at + later, meeting.ends_at + later, reason)
    meeting.refresh_from_db()


def text_of_last(somebody):
    """The words of the last email to this member, on one line."""
    keep_rsvps_up_to_date()
    email = OutgoingEmail.objects.filter(about=somebody.about).latest("created_at")
    return " ".join(email.body.split())


@pytest.fixture
def somebody():
    return member()


@pytest.fixture
def discreet():
    return member(1, contact="discreet")


def test_a_moved_meeting_has_both_times_and_the_reason(somebody):
    meeting = a_meeting()
    comes(meeting, somebody)
    before = meeting.when
    move(meeting, REASON, days=1)
    text = text_of_last(somebody)
    assert (f"now on {meeting.when}." in text, f"It was on {before}." in text, f"Reason: {REASON}" in text) == (
        True,
        True,
        True,
    )


def test_the_second_move_names_the_time_that_the_first_email_named(somebody):
    meeting = a_meeting()
    comes(meeting, somebody)
    first = meeting.when
    move(meeting, days=1)
    text_of_last(somebody)
    second = meeting.when
    move(meeting, days=1)
    text = text_of_last(somebody)
    assert (f"It was on {second}." in text, first in text) == (True, False)


def test_a_change_that_keeps_the_time_names_no_other(somebody):
    meeting = a_meeting()
    comes(meeting, somebody)
    change_meetings(these(meeting), topic="Another")
    text = text_of_last(somebody)
    assert ("It was on" in text, "Reason" in text, "\n\n\n" in OutgoingEmail.objects.get().body) == (False,) * 3


def test_a_canceled_meeting_has_the_reason_and_the_next_date(somebody):
    made = series()
    first, second = made.meetings.order_by("starts_at")[:2]
    comes(first, somebody)
    cancel_meeting(these(first), REASON)
    text = text_of_last(somebody)
    assert (f"Reason: {REASON}" in text, f"The next one is on {second.when}." in text) == (True, True)


@pytest.mark.parametrize("audience", ["members", "representatives"])
def test_a_guest_hears_of_no_next_date_that_is_not_for_everyone(audience):
    made = series()
    first, second = made.meetings.order_by("starts_at")[:2]
    made.meetings.exclude(pk=first.pk).update(audience=audience)
    row = guest(first)
    confirm_rsvp(Rsvp.objects.filter(pk=row.pk))
    cancel_meeting(these(first), REASON)
    text = text_of_last(row)
    assert (f"Reason: {REASON}" in text, second.when in text) == (True, False)


def test_a_canceled_meeting_without_another_names_no_next_date(somebody):
    meeting = a_meeting()
    comes(meeting, somebody)
    cancel_meeting(these(meeting))
    assert "The next one" not in text_of_last(somebody)


def test_a_meeting_that_is_back_says_so_without_the_old_reason(somebody):
    meeting = a_meeting()
    comes(meeting, somebody)
    cancel_meeting(these(meeting), REASON)
    text_of_last(somebody)
    restore_meeting(these(meeting))
    text = text_of_last(somebody)
    assert (f"now on {meeting.when}." in text, REASON in text) == (True, False)


def test_the_discreet_form_has_the_times_and_no_reason(discreet):
    made = series(title="Survivors kayak")
    first, second = made.meetings.order_by("starts_at")[:2]
    comes(first, discreet)
    before = first.when
    move(first, "The survivors' room is closed.", hours=1)
    moved = text_of_last(discreet)
    cancel_meeting(these(first), "The survivors' room is closed.")
    canceled = text_of_last(discreet)
    assert (f"It was on {before}." in moved, f"The next one is on {second.when}." in canceled) == (True, True)
    assert [coalition_words_in(text) for text in (moved, canceled)] == [[], []]
    assert ["room" in text or "kayak" in text for text in (moved, canceled)] == [False, False]


def test_times_are_in_the_language_of_the_reader(discreet):
    french = member(2, language="fr-ca")
    meeting = a_meeting()
    comes(meeting, french)
    with translation.override("fr-ca"):
        before = meeting.when
    move(meeting, days=1)
    assert " ".join(before.split()) in text_of_last(french)


def test_the_next_date_is_looked_up_once_for_all_readers(django_assert_max_num_queries):
    made = series()
    first = made.meetings.order_by("starts_at")[0]
    for number in range(8):
        comes(first, member(number))
    cancel_meeting(these(first))
    with django_assert_max_num_queries(60) as queries:
        keep_rsvps_up_to_date()
    lookups = [one["sql"] for one in queries.captured_queries if '"chapters_meeting"."series_id" =' in one["sql"]]
    assert (len(lookups), OutgoingEmail.objects.count()) == (1, 8)


def test_a_day_that_the_rule_leaves_out_names_the_next_date(somebody):
    """A change of the series cancels its meetings without a reason."""
    made = series(repeats="weekly", week=None, begins_on=timezone.now().date() + timedelta(days=1))
    _first, second, third = made.meetings.order_by("starts_at")[:3]
    comes(second, somebody)
    MeetingSeries.objects.filter(pk=made.pk).update(repeats="two_weekly")
    align_series(MeetingSeries.objects.filter(pk=made.pk))
    text = text_of_last(somebody)
    assert ("is canceled" in text, f"The next one is on {third.when}." in text) == (True, True)
