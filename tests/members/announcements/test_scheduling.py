"""A scheduled announcement starts by itself when its time has come: once, to the group as it is then."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.announcements.send_time import DAYS_AHEAD, send_moment
from members.announcements.services import (
    MOST_LATE,
    cancel_schedule,
    discard_drafts,
    hold_after_restore,
    note_test,
    rewrite,
    schedule,
    start_sending,
    write_next_portion,
)
from members.models import Announcement
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from s4jr.steps import when_one_fails
from tests import make
from tests.members.announcements.cast import ZONE, announcement, member, members, scheduled, send, written
from tests.members.announcements.test_services import batch_sizes, now, these

pytestmark = pytest.mark.django_db
State = Announcement.State


class Killed(BaseException):
    pass


def killed_at(number):
    """The process ends at its statement with this number; the database rolls its transaction back."""
    statements = count(1)

    def execute(run, sql, params, many, context):
        if next(statements) == number:
            raise Killed
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


def dies_at(number, act):
    """Returns whether `act` was still running at its statement with this number, where it ends."""
    try:
        with killed_at(number):
            act()
    except Killed:
        return True
    return False


class TestStart:
    def test_it_waits_until_its_time(self):
        members(2)
        sent = scheduled(hours=1)
        assert (batch_sizes(), now(sent).state) == ([], State.SCHEDULED)

    def test_when_its_time_has_come_everyone_gets_it(self):
        members(2)
        sent = scheduled()
        assert (batch_sizes(), now(sent).state, sent.meant_for) == ([2], State.SENT, 2)
        assert (sent.send_at, sent.started_at is None) == (None, False)

    def test_the_group_is_counted_again_at_that_time(self):
        members(5), member(5, newsletter=False)
        sent = scheduled()
        member(6), member(7, contact="none")
        batch_sizes()
        assert (now(sent).meant_for, sent.skipped) == (6, {"no_emails": 1, "no_news": 1})

    def test_it_is_logged_who_scheduled_it_and_that_it_started_by_itself(self):
        ada = make.admin("ada")
        sent = scheduled(by=ada)
        write_next_portion()
        entries = AccessLog.objects.order_by("pk").values_list("action", "who", "object_id")
        assert list(entries) == [("changed", "ada", str(sent.pk)), ("sent", "schedule", str(sent.pk))]

    def test_a_little_late_it_goes_out_all_the_same(self):
        members(1)
        sent = scheduled(hours=1 - MOST_LATE / timedelta(hours=1))
        assert (batch_sizes(), now(sent).state) == ([1], State.SENT)

    def test_much_too_late_it_is_a_draft_again_and_admins_are_told(self):
        members(1)
        sent, told = scheduled(hours=-1 - MOST_LATE / timedelta(hours=1)), []
        due = sent.send_at
        when_one_fails.add(tell := lambda: told.append(1))
        try:
            assert [batch_sizes(), batch_sizes()] == [[], []]
        finally:
            when_one_fails.remove(tell)
        assert (now(sent).state, sent.send_at, sent.missed_at, len(told)) == (State.DRAFT, None, due, 1)

    def test_one_that_was_missed_can_be_scheduled_again(self):
        members(1)
        sent = scheduled(hours=-1 - MOST_LATE / timedelta(hours=1))
        write_next_portion()
        schedule(these(sent), send_at=timezone.now(), zone=ZONE, by=make.admin("ada"))
        assert (batch_sizes(), now(sent).missed_at) == ([1], None)

    def test_a_sender_that_dies_at_any_statement_sends_it_once_all_the_same(self, settings):
        settings.ANNOUNCEMENT_BATCH = 3
        members(7)
        sent = scheduled()
        for number in count(1):
            with transaction.atomic():
                has_died = dies_at(number, write_next_portion)
                OutgoingEmail.objects.on_their_way().update(state="sent", sent_at=timezone.now())
                batch_sizes()
                assert (written(), now(sent).state, sent.meant_for) == (
                    [f"reader{reader}@mailbox.example" for reader in range(7)], State.SENT, 7
                )  # fmt: skip
                assert AccessLog.objects.filter(action="sent").count() == 1
                transaction.set_rollback(True)
            if not has_died:
                break
        assert number > 10


class TestUndo:
    def test_until_then_it_can_be_canceled_and_is_a_draft_again(self):
        members(1)
        sent, ada = scheduled(), make.admin("ada")
        assert [len(cancel_schedule(these(sent), by=ada)) for _ in range(2)] == [1, 0]
        assert (batch_sizes(), now(sent).state, sent.send_at) == ([], State.DRAFT, None)
        assert len(start_sending(these(sent), by=ada)) == 1

    def test_after_it_has_started_it_cannot_be_canceled(self):
        members(1)
        sent = scheduled()
        write_next_portion()
        assert (cancel_schedule(these(sent), by=make.admin("ada")), now(sent).state) == ([], State.SENT)

    def test_while_it_is_scheduled_it_is_neither_changed_nor_deleted_nor_sent_now(self):
        sent, ada = scheduled(hours=1), make.admin("ada")
        changed = [
            rewrite(these(sent), subject="Friday"), discard_drafts(these(sent)), note_test(these(sent)),
            start_sending(these(sent), by=ada), schedule(these(sent), send_at=timezone.now(), zone=ZONE, by=ada),
        ]  # fmt: skip
        assert (changed, now(sent).subject, sent.state) == ([0, 0, 0, [], []], "Thursday", State.SCHEDULED)

    def test_only_the_text_that_was_seen_is_scheduled(self):
        sent = announcement()
        seen = these(sent).filter(subject="Thursday")
        rewrite(these(sent), subject="Friday")
        assert schedule(seen, send_at=timezone.now(), zone=ZONE, by=make.admin("ada")) == []

    def test_the_database_refuses_a_schedule_without_a_moment_and_a_moment_without_a_schedule(self):
        for wrong in ({"state": State.SCHEDULED}, {"send_at": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                these(announcement()).update(**wrong)

    def test_after_a_restore_a_person_decides_what_goes_out(self):
        members(1)
        planned, under_way, draft = scheduled(), announcement(), announcement()
        send(under_way)
        assert [hold_after_restore(), hold_after_restore()] == [2, 0]
        states = [now(sent).state for sent in (planned, under_way, draft)]
        assert (states, batch_sizes()) == ([State.DRAFT, State.PAUSED, State.DRAFT], [])
        assert planned.missed_at is not None


class TestTested:
    def test_a_test_counts_for_the_text_it_was_of(self):
        sent = announcement()
        assert (note_test(these(sent)), now(sent).tested_at is None) == (1, False)
        rewrite(these(sent), subject="Friday")
        assert now(sent).tested_at is None


class TestMoment:
    """Toronto's clocks go forward on March 14 and back on November 7, 2027, at 2 a.m."""

    @pytest.fixture(autouse=True)
    def _in_2027(self, monkeypatch):
        self.now = datetime(2027, 3, 1, tzinfo=UTC)
        monkeypatch.setattr("members.announcements.send_time.timezone.now", lambda: self.now)

    @pytest.mark.parametrize(
        ("zone", "day", "moment"),
        [
            ("America/Toronto", date(2027, 3, 13), datetime(2027, 3, 14, 0, 30, tzinfo=UTC)),
            ("America/Toronto", date(2027, 3, 14), datetime(2027, 3, 14, 23, 30, tzinfo=UTC)),
            ("Asia/Kolkata", date(2027, 3, 14), datetime(2027, 3, 14, 14, 0, tzinfo=UTC)),
        ],
    )
    def test_a_day_and_time_are_those_of_the_city(self, zone, day, moment):
        assert send_moment(day, time(19, 30), zone) == moment

    @pytest.mark.parametrize(
        ("today", "day", "clock", "said"),
        [
            (date(2027, 3, 1), date(2027, 3, 14), time(2, 30), "Clocks in Toronto skip this time on that day."),
            (date(2027, 11, 1), date(2027, 11, 7), time(1, 30), "Clocks in Toronto show this time twice on that day."),
            (date(2027, 3, 1), date(2027, 2, 1), time(9), "This time has passed."),
            (date(2027, 3, 1), date(2027, 8, 1), time(9), f"Choose a day within the next {DAYS_AHEAD} days."),
        ],
    )
    def test_a_time_that_is_skipped_or_repeated_or_far_is_refused(self, today, day, clock, said):
        self.now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        with pytest.raises(ValidationError) as error:
            send_moment(day, clock, "America/Toronto")
        assert error.value.messages[0].startswith(said)

    @pytest.mark.parametrize("clock", [time(1, 59), time(3, 0)])
    def test_next_to_a_gap_times_are_as_usual(self, clock):
        assert send_moment(date(2027, 3, 14), clock, "America/Toronto").tzinfo == UTC


def test_emails_of_a_scheduled_one_are_labeled_like_any_announcement():
    members(1)
    sent = scheduled()
    write_next_portion()
    assert [email.batch for email in OutgoingEmail.objects.all()] == [sent.batch]
