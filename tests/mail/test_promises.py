"""Emails promise only times that the site keeps: each sentence with a time names the task or limit behind it.

A new sentence with a time fails this test until KEPT says what keeps it.
"""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from chapters.models import VolunteerOffer
from chapters.volunteer_offers.services import OfferSubmission, accept, make_offer, mark_talked
from members.models import Member
from members.querysets import REMINDED_BEFORE
from members.review.notifications import write_digest
from members.review.services import approve, end_grace_periods, end_membership, note_next_step, undo
from s4jr.beat_schedule import TIMETABLE
from s4jr.celery import app as celery
from s4jr.mail.models import OutgoingEmail
from tests import cast, make

A_TIME = re.compile(
    r"\b(minutes?|hours?|days?|weeks?|months?|a while|soon|today|tomorrow|(Mon|Thurs)days)\b|\{(until|next_step_on)\}"
)
SENTENCE = re.compile(r"(?<=[.:])\s+")
#: What keeps a promise: a task that acts, a task that reminds a person, a limit, or a time that is already over.
DONE_BY, REMINDED_BY, LIMIT, OVER = "a task does it", "a task reminds a person", "a limit", "it is over"
READERS_OWN = "something that the reader may do"
PURGE, DIGEST, PROFILES = "members.purge", "members.write_digest", "chapters.keep_profiles_up_to_date"
ONCE_AN_HOUR = {"at most once an hour": (LIMIT, "")}
LINK_LASTS = {"within {days} days": (LIMIT, "CONFIRM_WITHIN_DAYS")}

#: {email without "-discreet": {part of a sentence with a time: what keeps it}}.
KEPT = {
    "admin-digest": {"on Mondays and Thursdays": (DONE_BY, DIGEST)},
    "admin-group-message": {"at most once a day": (LIMIT, "")},
    "admin-inquiry": ONCE_AN_HOUR,
    "admin-flagged": {"within an hour": (OVER, "")},
    "admin-invitation": {"within {hours} hours": (LIMIT, "")},
    "admin-message-report": ONCE_AN_HOUR,
    "admin-message-unread": {"no one has read for a week": (OVER, "")},
    "admin-message-waits": ONCE_AN_HOUR,
    "admin-no-room": {"turned away {count} today": (OVER, ""), "again within five minutes": (LIMIT, "")},
    "admin-undecided": {"now waited {days} days": (OVER, ""), "After {limit} days": (DONE_BY, PURGE)},
    "admin-openings": {"within an hour": (OVER, "")},
    "admin-undone": {"within an hour": (OVER, "")},
    "address-changed": {"write to us": (READERS_OWN, "")},
    "profile-last-reminder": {"after {until}": (LIMIT, ""), "30 days after that": (DONE_BY, PROFILES)},
    "profile-reminder": {"a week ago": (OVER, ""), "shown until {until}": (LIMIT, "")},
    "profile-renewal": {
        "is shown until {until}": (LIMIT, ""),
        "we ask you again in 90 days": (DONE_BY, PROFILES),
        "we remind you twice": (DONE_BY, PROFILES),
    },
    "rsvp-reminder": {"half an hour before": (DONE_BY, "members.keep_rsvps_up_to_date")},
    "rsvp-meeting-link": {"half an hour before": (LIMIT, "")},
    "confirm": LINK_LASTS,
    "confirm-address": {"within {days} days": (LIMIT, "")},
    "confirm-change": LINK_LASTS,
    "confirm-list": {
        "works for {days} days": (LIMIT, "CONFIRM_WITHIN_DAYS"),
        "at most one email like this a day": (LIMIT, ""),
    },
    "emails-again": LINK_LASTS,
    "inquiry-answer": {"{days} days": (DONE_BY, PURGE)},
    "lapsed": {"in {days} days": (OVER, "")},
    "meeting-clock-rules": {"an hour earlier or later": (OVER, "")},
    "message-answer": {"{days} days": (DONE_BY, PURGE)},
    "message-erased": {"{days} days": (OVER, "")},
    "message-not-read": {"a week ago": (OVER, "")},
    "offer-not-now": {"{days} days from now": (DONE_BY, PURGE)},
    "offer-taken-up": {"within the next two weeks": (REMINDED_BY, DIGEST)},
    "open-details": {"within {minutes} minutes": (LIMIT, "")},
    "membership-ended": {"on {next_step_on}": (REMINDED_BY, DIGEST), "step back for a while": (READERS_OWN, "")},
}
FILES = sorted(Path(settings.BASE_DIR).glob("*/content/en/emails/*.md")) + sorted(
    Path(settings.BASE_DIR).glob("s4jr/*/content/en/emails/*.md")
)


def key_of(file):
    return file.stem.removesuffix("-discreet")


def sentences_with_a_time(file):
    text = " ".join(file.read_text().split())
    return [sentence for sentence in SENTENCE.split(text) if A_TIME.search(sentence)]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_each_sentence_with_a_time_has_something_that_keeps_it(file):
    known = KEPT.get(key_of(file), {})
    unkept = [said for said in sentences_with_a_time(file) if not any(piece in said for piece in known)]
    assert unkept == []


def test_every_listed_promise_is_in_an_email():
    said = {}
    for file in FILES:
        said[key_of(file)] = said.get(key_of(file), "") + " ".join(file.read_text().split())
    assert [(key, piece) for key, pieces in KEPT.items() for piece in pieces if piece not in said[key]] == []


def test_each_task_that_keeps_a_promise_is_scheduled():
    named = {task for pieces in KEPT.values() for how, task in pieces.values() if how in (DONE_BY, REMINDED_BY)}
    assert named - {entry["task"] for entry in TIMETABLE.values()} == set()


def test_each_named_limit_is_a_setting():
    named = {name for pieces in KEPT.values() for how, name in pieces.values() if how == LIMIT and name}
    assert [name for name in named if not hasattr(settings, name)] == []


# --- promises that only a person can keep: the digest reminds of each in time


@pytest.fixture
def ada(db):
    return make.admin("ada", address="ada@mailbox.example")


def digest_on(day):
    OutgoingEmail.objects.filter(kind="admin-digest").delete()
    write_digest(timezone.make_aware(datetime.combine(day, time(15))))
    return "".join(email.body for email in OutgoingEmail.objects.filter(kind="admin-digest"))


def test_a_digest_comes_before_a_promised_day_is_over():
    [schedule] = [entry["schedule"] for entry in celery.conf.beat_schedule.values() if entry["task"] == DIGEST]
    days = sorted(schedule.day_of_week)
    gaps = [(later - earlier) % 7 for earlier, later in zip(days, [*days[1:], days[0]], strict=True)]
    assert max(gaps) <= REMINDED_BEFORE.days


def test_each_digest_reminds_of_a_promised_talk_until_it_took_place(ada):
    make_offer(
        OfferSubmission(
            kind="represent", form_token="a form", contact="yes", email="nele@mailbox.example", region="CA-ON"
        )
    )
    accept(VolunteerOffer.objects.all(), by=ada)
    today = timezone.now().date()
    reminded = ["to talk with about" in digest_on(today + timedelta(days=days)) for days in range(1, 15)]
    mark_talked(VolunteerOffer.objects.all(), by=ada)
    assert (reminded, digest_on(today)) == ([True] * 14, "")


class TestNextStep:
    def promised(self, ada, day: date):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        end_membership(member.as_read, by=ada, reason="r", parting_email="Dear Rosalind", next_step_on=day)
        Member.objects.update(effective_at=timezone.now())
        end_grace_periods(Member.objects.all())
        return member

    def test_digests_around_its_day_remind_of_it_until_an_admin_marks_it_done(self, ada):
        today = timezone.now().date()
        member = self.promised(ada, today + timedelta(days=10))
        reminded = ["1 next step we promised" in digest_on(today + timedelta(days=days)) for days in (5, 6, 12)]
        assert "due in 4 days" in digest_on(today + timedelta(days=6))
        assert (reminded, note_next_step(member.row, by=ada).won) == ([False, True, True], [member])
        assert digest_on(today + timedelta(days=12)) == ""

    def test_an_undo_within_the_hour_removes_the_promise(self, ada):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        end_membership(member.as_read, by=ada, reason="r", parting_email="Dear", next_step_on=timezone.now().date())
        undo(member.row, by=ada)
        member.refresh_from_db()
        assert member.next_step_on is None
