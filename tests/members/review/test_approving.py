"""Approving takes a minute: until then nothing shows, no email exists, and any admin can undo it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from chapters.models import Meeting
from members.announcements.audience import Members
from members.applications.confirmation import OTHER, THIS, ChoiceNeededError, confirm
from members.applications.services import ask_to_join
from members.models import Announcement, Member, MemberLink
from members.retention import erase_members
from members.review.services import (
    approve,
    close,
    decline,
    end_grace_periods,
    end_membership,
    keep_waiting,
    lapse,
    reopen,
    settle_approvals,
    undo,
)
from members.review.session import ReviewSession
from members.self_service.services import change_message
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from s4jr.security.failed_steps import failures_today
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.audit.test_unreadable_values import break_one
from tests.chapters.meetings.meetings import meeting_of_a_series

pytestmark = pytest.mark.django_db
Status = Member.Status


@pytest.fixture(autouse=True)
def _a_minute(settings):
    settings.APPROVAL_UNDO_SECONDS = 60


def now(member):
    member.refresh_from_db()
    return member


def approving(by, **answers):
    member = cast.waiting(**answers)
    approve(member.as_read, by=by)
    return now(member)


def let_the_minute_pass():
    past = timezone.now() - timedelta(seconds=1)
    Member.objects.filter(effective_at__isnull=False).update(effective_at=past)
    return settle_approvals(Member.objects.all())


def welcomes():
    return OutgoingEmail.objects.filter(kind="welcome").count()


class TestTheMinute:
    def test_no_email_exists_and_the_log_has_the_decision(self, ada):
        before = timezone.now()
        member = approving(ada)
        assert (member.status, member.decided_by) == (Status.APPROVING, ada)
        assert before < member.effective_at - timedelta(seconds=60) < timezone.now()
        assert OutgoingEmail.objects.count() == 0
        assert [(row.who, row.action) for row in AccessLog.objects.all()] == [("ada", "decided")]

    def test_before_it_is_over_nothing_is_settled(self, ada):
        member = approving(ada)
        assert (settle_approvals(Member.objects.all()), now(member).status) == (0, Status.APPROVING)

    def test_after_it_they_are_approved_with_one_email_however_often_the_step_runs(self, ada):
        member = approving(ada)
        decided_at = member.decided_at
        assert [let_the_minute_pass(), let_the_minute_pass()] == [1, 0]
        assert (now(member).status, member.effective_at, member.decided_version) == (Status.APPROVED, None, None)
        assert (member.decided_by, member.decided_at) == (ada, decided_at)
        [email] = OutgoingEmail.objects.all()
        assert (email.kind, email.to, cast.NAME in email.body) == ("welcome", cast.ADDRESS, True)

    def test_a_member_who_chose_never_gets_no_email(self, ada):
        approving(ada, contact="none", email="")
        assert (let_the_minute_pass(), OutgoingEmail.objects.count()) == (1, 0)

    def test_of_no_length_it_approves_at_once(self, ada, settings):
        settings.APPROVAL_UNDO_SECONDS = 0
        assert (approving(ada).status, welcomes()) == (Status.APPROVED, 1)

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_the_same_queries_for_one_and_for_thirty(self, ada, count, django_assert_num_queries):
        """Each is told of the next meeting of a chapter of their own."""
        for number in range(count):
            cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
            meeting_of_a_series(number)
        with django_assert_num_queries(5):
            assert len(approve(Member.objects.waiting(), by=ada).won) == count
        Member.objects.update(effective_at=timezone.now())
        with django_assert_num_queries(11):
            assert settle_approvals(Member.objects.all()) == count
        assert welcomes() == count

    def test_nothing_due_takes_two_statements(self, ada, django_assert_num_queries):
        """The step runs every five seconds."""
        approving(ada)
        with django_assert_num_queries(4):  # two are a savepoint and its release
            settle_approvals(Member.objects.all())


class TestUntilItIsOverItReadsWaiting:
    def test_the_page_of_the_code_is_that_of_someone_who_waits(self, ada, client):
        pages = [self.page(client, cast.waiting(email="waits@mailbox.example")), self.page(client, approving(ada))]
        assert pages[0] == pages[1]
        assert "Your request is with our volunteers." in " ".join(pages[1])

    def page(self, client, member):
        """What the code shows, line by line, without what differs for any two people."""
        client.cookies.clear()
        client.post("/my-details/", {"code": code_of_form(member.form_token)})
        lines = client.get("/my-details/").content.decode().replace(member.number, "NUMBER").splitlines()
        return [line.strip() for line in lines if line.strip() and "csrf" not in line]

    def test_they_cannot_rsvp(self, ada, client):
        member = approving(ada)
        meeting_of_a_series(0)
        client.post("/my-details/", {"code": code_of_form(member.form_token)})
        [meeting] = Meeting.objects.all()[:1]
        assert client.post(f"/my-details/meetings/{meeting.pk}/", {"do": "come"}).status_code in (302, 404)
        assert member.rsvps.count() == 0

    def test_no_announcement_reaches_them(self, ada):
        approving(ada, newsletter=True)
        news = Announcement.objects.create(
            audience="news", subject="s", body="b", discreet_subject="s", discreet_body="b"
        )
        assert Members(news).left(0) == 0

    def test_the_review_does_not_hand_them_out(self, ada, client):
        approving(ada)
        session = ReviewSession(client.session)
        session.begin()
        assert session.hand_out(ada) is None

    def test_they_are_not_decided_about_again_and_do_not_lapse(self, ada, bo):
        member = approving(ada)
        assert approve(member.row, by=bo).won == decline(member.row, by=bo).won == keep_waiting(member.row, by=bo).won
        Member.objects.update(received_on=timezone.now().date() - timedelta(days=60))
        assert (lapse(Member.objects.all(), timezone.now().date()), now(member).decided_by) == (0, ada)

    def test_the_end_of_an_hour_does_not_approve_them(self, ada):
        member = approving(ada)
        Member.objects.update(effective_at=timezone.now())
        assert (end_grace_periods(Member.objects.all()), now(member).status) == (0, Status.APPROVING)


class TestUndoing:
    def test_they_wait_again_and_no_email_is_ever_written(self, ada, bo):
        member = approving(ada)
        assert undo(member.row, by=bo).won == [member]
        assert (now(member).status, member.effective_at, member.decided_at) == (Status.WAITING, None, None)
        assert (let_the_minute_pass(), now(member).status, OutgoingEmail.objects.count()) == (0, Status.WAITING, 0)

    def test_after_the_minute_it_changes_nothing(self, ada, bo):
        member = approving(ada)
        let_the_minute_pass()
        assert (undo(member.row, by=bo).won, now(member).status, welcomes()) == ([], Status.APPROVED, 1)

    def test_twice_it_counts_once(self, ada, bo):
        member = approving(ada)
        assert [len(undo(member.row, by=admin).won) for admin in (ada, bo)] == [1, 0]

    def test_a_later_approval_writes_its_own_email(self, ada, bo):
        member = approving(ada)
        undo(member.row, by=ada)
        approve(now(member).as_read, by=bo)
        assert (let_the_minute_pass(), welcomes(), now(member).decided_by) == (1, 1, bo)


class TestWhatThePersonDoesMeanwhile:
    def test_an_amended_application_waits_again_and_says_so(self, ada):
        member = approving(ada)
        change_message(member.row, "something important that I forgot")
        assert (let_the_minute_pass(), OutgoingEmail.objects.count()) == (0, 0)
        assert (now(member).status, member.effective_at, member.decided_at) == (Status.WAITING, None, None)
        assert member.was_amended_after_decision is True

    def test_it_waits_again_before_the_minute_is_over(self, ada):
        member = approving(ada)
        change_message(member.row, "something important that I forgot")
        assert (settle_approvals(Member.objects.all()), now(member).status) == (0, Status.WAITING)

    def test_the_same_browser_can_still_correct_an_application_without_an_address(self, ada):
        first = cast.without_email()
        member = cast.ask(first)
        approve(member.as_read, by=ada)
        ask_to_join(cast.without_email(message="a corrected sentence", previous_token=first.form_token))
        assert Member.objects.count() == 1
        assert (let_the_minute_pass(), now(member).status, member.message) == (0, "waiting", "a corrected sentence")

    def test_a_correction_that_adds_an_address_asks_to_confirm_it(self, ada):
        first = cast.without_email()
        member = cast.ask(first)
        approve(member.as_read, by=ada)
        ask_to_join(cast.application(name=first.name, previous_token=first.form_token))
        assert (now(member).status, member.effective_at, welcomes()) == (Status.UNCONFIRMED, None, 0)

    def test_one_who_cancels_is_erased_and_gets_nothing(self, ada):
        member = approving(ada)
        erase_members(member.row)
        assert (let_the_minute_pass(), Member.objects.count(), OutgoingEmail.objects.count()) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("keep", "statuses"), [(THIS, ["duplicate_address", "waiting"]), (OTHER, ["approved", "duplicate_address"])]
    )
    def test_a_second_application_that_replaces_it_is_read_first(self, ada, keep, statuses):
        first, second = approving(ada), cast.ask()
        link = MemberLink.objects.get(member=second, purpose=MemberLink.Purpose.CONFIRM)
        with pytest.raises(ChoiceNeededError):
            confirm(link)
        OutgoingEmail.objects.all().delete()
        confirm(link, keep)
        let_the_minute_pass()
        assert [now(first).status, now(second).status] == statuses
        assert welcomes() == (keep == OTHER)


class TestOneThatCannotBeWelcomedByName:
    def test_is_tried_again_in_an_hour_and_the_others_go_on(self, ada, caplog):
        broken, other = approving(ada), approving(ada, email="other@mailbox.example")
        break_one(broken, "name")
        with caplog.at_level(logging.ERROR):
            assert let_the_minute_pass() == 1
        statuses = dict(Member.objects.values_list("pk", "status"))
        assert statuses == {broken.pk: Status.APPROVING, other.pk: Status.APPROVED}
        assert [email.about for email in OutgoingEmail.objects.all()] == [other.about]
        assert failures_today()["rows"] == 1
        assert settle_approvals(Member.objects.all()) == 0
        assert Member.objects.only("effective_at").get(pk=broken.pk).effective_at > timezone.now()


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def together(self, *acts):
        gate = Barrier(len(acts))

        def run(act):
            gate.wait(30)
            try:
                return act()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(run, acts))

    def test_two_admins_approve_once(self, ada, bo):
        member = cast.waiting()
        won = self.together(*(lambda by=by: len(approve(member.as_read, by=by).won) for by in (ada, bo)))
        assert (sum(won), let_the_minute_pass(), welcomes()) == (1, 1, 1)

    @pytest.mark.parametrize(
        ("act", "begun", "became"),
        [
            (keep_waiting, "waiting", "on_hold"),
            (close, "waiting", "closed"),
            (decline, "waiting", "declining"),
            (partial(end_membership, reason="", parting_email="Dear"), "approved", "ending_membership"),
            (undo, "declining", "waiting"),
            (undo, "ending_membership", "approved"),
            (reopen, "closed", "waiting"),
        ],
        ids=["decide later", "close", "not now", "end membership", "undo not now", "undo the end", "reopen"],
    )
    def test_two_admins_who_do_the_same_count_once(self, ada, bo, act, begun, became):
        member = cast.waiting()
        cast.put(member, begun)
        won = self.together(*(lambda by=by: len(act(member.row, by=by).won) for by in (ada, bo)))
        assert (sum(won), now(member).status) == (1, became)

    def test_one_approves_while_the_other_says_not_now(self, ada, bo):
        member = cast.waiting()
        won = self.together(
            lambda: len(approve(member.as_read, by=ada).won), lambda: len(decline(member.as_read, by=bo).won)
        )
        assert sum(won) == 1
        assert now(member).status == (Status.APPROVING if won[0] else Status.DECLINING)

    def test_two_admins_undo_once(self, ada, bo):
        member = approving(ada)
        won = self.together(*(lambda by=by: len(undo(member.row, by=by).won) for by in (ada, bo)))
        assert (sum(won), now(member).status) == (1, Status.WAITING)

    def test_an_undo_while_the_minute_ends_has_one_outcome(self, ada, bo):
        for number in range(10):
            member = approving(ada, email=f"reader{number}@mailbox.example")
            won, settled = self.together(lambda row=member.row: len(undo(row, by=bo).won), let_the_minute_pass)
            outcome = (now(member).status, OutgoingEmail.objects.filter(about=member.about).count())
            assert (won, settled, outcome) in [(1, 0, ("waiting", 0)), (0, 1, ("approved", 1))]

    def test_two_workers_settle_once(self, ada):
        approving(ada)
        assert (sorted(self.together(let_the_minute_pass, let_the_minute_pass)), welcomes()) == ([0, 1], 1)
