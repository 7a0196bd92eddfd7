"""Decisions: each causes one email, no matter who selects the button and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.applications.confirmation_lists import write_due_lists
from members.models import Member
from members.review.services import (
    approve,
    close,
    decline,
    end_grace_periods,
    end_membership,
    keep_waiting,
    lapse,
    mark_as_told,
    reopen,
    undo,
    unflag,
)
from members.self_service.services import change_answers, change_message
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.chapters.meetings.meetings import meeting_of_a_series

pytestmark = pytest.mark.django_db
Status = Member.Status


def now(member):
    member.refresh_from_db()
    return member


def let_the_hour_pass():
    past = timezone.now() - timedelta(seconds=1)
    Member.objects.filter(effective_at__isnull=False).update(effective_at=past)
    return end_grace_periods(Member.objects.all())


def words_of(member):
    return [getattr(member, name) for name in ("message", "access_needs", "ways_to_help", "pronouns", "relation")]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("status", ["declining", "ending_membership"])
def test_the_hour_ends_with_the_same_queries_for_one_and_for_thirty(count, status, django_assert_num_queries):
    for number in range(count):
        somebody = cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
        cast.put(somebody, status, effective_at=timezone.now(), parting_email=f"Words for reader {number}.")
    with django_assert_num_queries(15):
        assert end_grace_periods(Member.objects.all()) == count
    kind = {"declining": "not-now", "ending_membership": "membership-ended"}[status]
    assert OutgoingEmail.objects.filter(kind=kind).count() == count


class TestApproving:
    def test_it_approves_once_names_the_admin_and_writes_one_email(self, ada):
        member = cast.waiting()
        decision = approve(member.as_read, by=ada)
        [email] = OutgoingEmail.objects.all()
        assert (decision.won, decision.already) == ([member], 0)
        assert (now(member).status, member.decided_by) == (Status.APPROVED, ada)
        assert (email.kind, email.to, email.subject) == ("welcome", cast.ADDRESS, "Welcome")
        assert cast.NAME in email.body

    def test_approving_again_changes_and_sends_nothing(self, ada, bo):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        decision = approve(member.as_read, by=bo)
        assert (decision.won, decision.already) == ([], 1)
        assert (now(member).decided_by, OutgoingEmail.objects.count()) == (ada, 1)

    def test_of_many_only_the_newly_approved_get_an_email(self, ada):
        people = [cast.waiting(email=f"reader{number}@mailbox.example") for number in range(3)]
        approve(people[0].as_read, by=ada)
        decision = approve(Member.objects.filter(pk__in=[member.pk for member in people]), by=ada)
        assert (decision.won, decision.already) == (people[1:], 1)
        assert OutgoingEmail.objects.count() == 3

    def test_a_member_who_chose_never_is_approved_without_an_email(self, ada):
        approve(cast.waiting(contact="none", email="").as_read, by=ada)
        assert OutgoingEmail.objects.count() == 0

    @pytest.mark.parametrize("status", [Status.UNCONFIRMED, Status.LEFT, Status.LAPSED])
    def test_only_waiting_applications_can_be_approved(self, ada, status):
        member = cast.waiting()
        cast.put(member, status)
        assert approve(member.as_read, by=ada).won == []

    def test_each_decision_is_in_the_access_log_without_values(self, ada):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        [entry] = AccessLog.objects.all()
        assert (entry.who, entry.action, entry.object_id) == ("ada", "decided", member.number)
        assert (entry.field_names, entry.reason) == ("status", "")

    @pytest.mark.parametrize("count", [1, 30])
    def test_approving_takes_the_same_queries_for_one_and_for_thirty(self, ada, count, django_assert_num_queries):
        """Each is told of the next meeting of a chapter of their own."""
        for number in range(count):
            cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
            meeting_of_a_series(number)
        with django_assert_num_queries(11):  # two are a savepoint and its release, one loads who wants discreet emails
            assert len(approve(Member.objects.waiting(), by=ada).won) == count
        written = [email.body for email in OutgoingEmail.objects.filter(kind="welcome")]
        assert (len(written), [body for body in written if "No date is set" in body]) == (count, [])

    def test_a_discreet_member_gets_a_neutral_welcome_email(self, ada, settings):
        approve(cast.waiting(contact="discreet").as_read, by=ada)
        [email] = OutgoingEmail.objects.all()
        assert [word for word in settings.COALITION_WORDS if word in (email.subject + email.body).lower()] == []


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_write_one_email():
    member = cast.waiting()
    admins = [make.admin(name) for name in ("ada", "bo", "cleo", "dov")] * 2

    def press(user):
        try:
            return len(approve(member.as_read, by=user).won)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(press, admins))
    assert (sum(won), OutgoingEmail.objects.filter(kind="welcome").count()) == (1, 1)


class TestNotNow:
    def test_any_admin_can_undo_it_for_an_hour(self, ada, bo):
        member = cast.waiting()
        decline(member.as_read, by=ada, reason="not sure", parting_email="Dear")
        assert (now(member).status, end_grace_periods(Member.objects.all())) == (Status.DECLINING, 0)
        assert undo(member.row, by=bo).won == [member]
        assert (now(member).status, member.effective_at) == (Status.WAITING, None)
        assert (member.reason, member.parting_email) == ("", "")

    def test_after_the_hour_it_is_final_and_the_email_goes_as_previewed(self, ada):
        member = cast.waiting()
        decline(member.as_read, by=ada, reason="the canary is internal", parting_email="Dear Rosalind,\n\nnot now.\n")
        assert OutgoingEmail.objects.count() == 0
        assert let_the_hour_pass() == 1
        [email] = OutgoingEmail.objects.all()
        assert (email.kind, email.subject, email.body) == (
            "not-now",
            "About your request",
            "Dear Rosalind,\n\nnot now.\n",
        )
        assert (now(member).status, member.parting_email) == (Status.DECLINED, "")
        assert undo(member.row, by=ada).won == []

    def test_the_reason_is_never_emailed(self, ada):
        decline(cast.waiting().as_read, by=ada, reason="the canary is internal")
        let_the_hour_pass()
        assert "canary" not in OutgoingEmail.objects.get().body

    def test_an_applicant_who_chose_never_gets_no_email(self, ada):
        decline(cast.waiting(contact="none", email="").as_read, by=ada)
        assert (let_the_hour_pass(), OutgoingEmail.objects.count()) == (1, 0)

    def test_a_late_approval_does_not_apply_to_a_declined_applicant(self, ada, bo):
        member = cast.waiting()
        decline(member.as_read, by=ada)
        assert approve(member.as_read, by=bo).won == []

    def test_settled_twice_it_writes_one_email(self, ada):
        decline(cast.waiting().as_read, by=ada)
        assert (let_the_hour_pass(), let_the_hour_pass()) == (1, 0)
        assert OutgoingEmail.objects.count() == 1

    def test_if_two_admins_are_needed_the_hour_starts_with_the_second(self, ada, bo, settings):
        settings.DECLINE_NEEDS_TWO = True
        member = cast.waiting()
        said = {"reason_kind": "safety", "reason": "first", "parting_email": "Dear"}
        assert decline(member.as_read, by=ada, **said).won == []
        assert decline(member.as_read, by=ada).won == []
        assert (now(member).status, member.proposed_by) == (Status.WAITING, ada)
        assert decline(member.as_read, by=bo).won == [member]
        assert (now(member).status, member.reason, member.parting_email) == (Status.DECLINING, "first", "Dear")
        assert member.reason_kind == "safety"

    def test_an_approval_removes_the_proposal(self, ada, bo, settings):
        settings.DECLINE_NEEDS_TWO = True
        member = cast.waiting()
        decline(member.as_read, by=ada)
        assert approve(member.as_read, by=bo).won == [member]
        assert now(member).proposed_by is None


class TestNotNowBeforeAnAmendment:
    @pytest.fixture
    def amended(self, ada):
        member = cast.waiting()
        decline(member.as_read, by=ada, reason="not sure", parting_email="Dear")
        change_message(Member.objects.filter(pk=member.pk), "something important that I forgot")
        return member

    @pytest.mark.parametrize("is_over", [False, True])
    def test_is_undone_and_no_email_goes(self, amended, is_over):
        settled = let_the_hour_pass() if is_over else end_grace_periods(Member.objects.all())
        assert (settled, OutgoingEmail.objects.count()) == (0, 0)
        assert (now(amended).status, amended.effective_at, amended.decided_at) == (Status.WAITING, None, None)
        assert (amended.reason, amended.parting_email, amended.was_amended_after_decision) == ("", "", True)

    def test_the_next_decision_is_about_the_current_text(self, amended, ada):
        end_grace_periods(Member.objects.all())
        assert decline(now(amended).as_read, by=ada).won == [amended]
        assert (let_the_hour_pass(), now(amended).status) == (1, Status.DECLINED)
        assert amended.was_amended_after_decision is False

    def test_is_no_longer_reported_after_a_decision(self, amended, ada):
        end_grace_periods(Member.objects.all())
        keep_waiting(now(amended).as_read, by=ada)
        assert (now(amended).status, amended.was_amended_after_decision) == (Status.ON_HOLD, False)

    def test_one_from_the_release_before_is_settled(self, ada):
        member = cast.waiting()
        decline(member.as_read, by=ada)
        Member.objects.update(decided_version=None)
        assert (let_the_hour_pass(), now(member).status) == (1, Status.DECLINED)

    def test_a_member_whose_membership_ends_cannot_undo_it_by_a_change(self, ada):
        member = cast.waiting()
        cast.put(member, "approved")
        end_membership(member.as_read, by=ada, reason="", parting_email="Dear")
        change_answers(Member.objects.filter(pk=member.pk), pronouns="she")
        assert (let_the_hour_pass(), now(member).status) == (1, Status.MEMBERSHIP_ENDED)


class TestEndingMembership:
    def test_it_waits_for_an_hour_and_then_sends_a_next_step(self, ada):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        OutgoingEmail.objects.all().delete()
        end_membership(member.as_read, by=ada, reason="r", parting_email="Dear Rosalind, on the 3rd of May.\n")
        assert now(member).status == Status.ENDING_MEMBERSHIP
        let_the_hour_pass()
        assert now(member).status == Status.MEMBERSHIP_ENDED
        assert [email.kind for email in OutgoingEmail.objects.all()] == ["membership-ended"]

    def test_undone_they_are_an_approved_member_again(self, ada, bo):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        end_membership(member.as_read, by=ada, reason="r", parting_email="Dear")
        undo(member.row, by=bo)
        assert now(member).status == Status.APPROVED

    def test_undone_the_approval_is_unchanged(self, ada, bo):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        long_ago = timezone.now() - timedelta(days=100)
        Member.objects.update(decided_at=long_ago)
        end_membership(member.as_read, by=bo, reason="r", parting_email="Dear")
        undo(member.row, by=bo)
        assert (now(member).decided_at, member.decided_by) == (long_ago, ada)
        assert (member.asked_to_leave_at, member.proposed_by) == (None, None)

    def test_within_the_hour_the_approval_is_unchanged(self, ada, bo):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        approved_at = now(member).decided_at
        end_membership(member.as_read, by=bo, reason="r", parting_email="Dear")
        assert (now(member).decided_at, member.decided_by, member.proposed_by) == (approved_at, ada, bo)

    def test_after_the_hour_it_records_who_asked_and_when(self, ada, bo):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        end_membership(member.as_read, by=bo, reason="r", parting_email="Dear")
        asked_at = now(member).asked_to_leave_at
        let_the_hour_pass()
        assert (now(member).decided_at, member.decided_by, member.proposed_by) == (asked_at, bo, None)

    def test_only_an_approved_membership_can_be_ended(self, ada):
        assert end_membership(cast.waiting().as_read, by=ada, reason="r", parting_email="Dear").won == []


class TestClosing:
    def test_answers_are_deleted_right_away_and_no_email_is_written(self, ada):
        member = cast.waiting(pronouns="ze/hir", access_needs="none", relation="both", ways_to_help="policy")
        assert close(member.as_read, by=ada).won == [member]
        assert (now(member).status, words_of(member)) == (Status.CLOSED, [""] * 5)
        assert OutgoingEmail.objects.count() == 0

    def test_it_can_be_undone_for_a_day(self, ada):
        member = cast.waiting()
        close(member.as_read, by=ada)
        assert reopen(member.row, by=ada).won == [member]
        assert now(member).status == Status.WAITING
        close(member.as_read, by=ada)
        Member.objects.update(decided_at=timezone.now() - timedelta(hours=25))
        assert reopen(member.row, by=ada).won == []

    def test_it_cannot_be_undone_after_a_new_confirmed_application(self, ada):
        member = cast.waiting()
        close(member.as_read, by=ada)
        cast.waiting()
        assert (reopen(member.row, by=ada).won, now(member).status) == ([], Status.CLOSED)


class TestDecidingLater:
    def test_an_applicant_who_waits_is_still_undecided(self, ada):
        member = cast.waiting()
        keep_waiting(member.as_read, by=ada)
        assert (now(member).status, member.decided_at) == (Status.ON_HOLD, None)
        assert approve(member.as_read, by=ada).won == [member]


class TestUnflagging:
    """The email leaves with the next run of the task that writes confirmation emails."""

    def test_a_flagged_application_gets_its_email_once(self, ada):
        member = cast.ask(flag_reason="too_fast")
        assert (unflag(member.as_read, by=ada), unflag(member.as_read, by=ada)) == (1, 0)
        assert [write_due_lists(), write_due_lists()] == [1, 0]
        assert (now(member).flag_reason, member.status) == ("", Status.UNCONFIRMED)
        assert OutgoingEmail.objects.get().kind == "confirm"

    def test_one_for_a_known_address_gets_its_own_email_and_replaces_no_one(self, ada):
        known = cast.waiting()
        member = cast.ask(flag_reason="too_fast")
        unflag(member.as_read, by=ada)
        write_due_lists()
        assert (now(member).status, now(known).status) == (Status.UNCONFIRMED, Status.WAITING)
        assert [email.about for email in OutgoingEmail.objects.all()] == [member.about]

    def test_two_of_one_address_are_named_in_one_list(self, ada):
        for _ in range(2):
            cast.ask(flag_reason="too_fast")
        unflag(Member.objects.all(), by=ada)
        write_due_lists()
        assert [email.kind for email in OutgoingEmail.objects.all()] == ["confirm-list"]

    def test_its_seven_days_run_from_the_email(self, ada):
        member = cast.ask(flag_reason="too_fast")
        assert member.confirm_until is None
        unflag(member.as_read, by=ada)
        write_due_lists(timezone.now() + timedelta(days=1))
        assert now(member).confirm_until > timezone.now() + timedelta(days=7)

    def test_one_without_an_address_waits_for_review(self, ada):
        member = cast.ask(cast.without_email(flag_reason="honeypot"))
        unflag(member.as_read, by=ada)
        assert (now(member).status, write_due_lists()) == (Status.WAITING, 0)

    def test_many_take_as_many_statements_as_one(self, ada):
        def cost(count, first):
            for number in range(first, first + count):
                cast.ask(email=f"reader{number}@mailbox.example", flag_reason="too_fast")
            with CaptureQueriesContext(connection) as asked:
                assert unflag(Member.objects.all(), by=ada) == count
            return len(asked)

        assert cost(1, 0) == cost(30, 100)

    def test_no_transaction_contains_more_than_a_batch(self, ada, monkeypatch):
        monkeypatch.setattr("members.review.services.UNFLAGGED_AT_ONCE", 2)
        for number in range(5):
            cast.ask(email=f"reader{number}@mailbox.example", flag_reason="too_fast")
        with CaptureQueriesContext(connection) as asked:
            assert unflag(Member.objects.all(), by=ada) == 5
        assert sum(query["sql"].startswith("UPDATE") for query in asked) == 3
        assert AccessLog.objects.filter(action="changed", field_names="flag_reason").count() == 5

    def test_unflagged_applications_are_not_flagged_again(self, ada, settings):
        settings.CONFIRMING_EMAILS_AN_HOUR = 2
        for number in range(5):
            cast.ask(email=f"reader{number}@mailbox.example", flag_reason="too_many")
        unflag(Member.objects.all(), by=ada)
        assert write_due_lists() == 2
        OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(hours=2))
        assert write_due_lists() == 2
        assert Member.objects.exclude(flag_reason="").count() == 0


class TestUndecidedInTime:
    def old(self, days, **answers):
        member = cast.waiting(**answers)
        Member.objects.filter(pk=member.pk).update(received_on=timezone.now().date() - timedelta(days=days))
        return member

    def test_each_is_reported_once_at_each_mark(self):
        self.old(31)
        today = timezone.now().date()
        assert [self.tell(days, today) for days in (30, 30, 45)] == [1, 0, 0]
        assert self.tell(45, today + timedelta(days=14)) == 1

    def tell(self, days, today):
        late = Member.objects.waiting_since(days, today)
        count = late.count()
        mark_as_told(late, days)
        return count

    def test_very_many_are_marked_in_batches(self, monkeypatch):
        monkeypatch.setattr("members.review.services.MARKED_AT_ONCE", 2)
        for number in range(5):
            self.old(31, email=f"reader{number}@mailbox.example")
        with CaptureQueriesContext(connection) as asked:
            mark_as_told(Member.objects.waiting_since(30, timezone.now().date()), 30)
        assert sum(query["sql"].startswith("UPDATE") for query in asked) == 3
        assert list(Member.objects.values_list("reminded_days", flat=True)) == [30] * 5

    def test_their_answers_are_deleted_and_they_get_an_email(self):
        member = self.old(60)
        assert lapse(Member.objects.all(), timezone.now().date()) == 1
        [email] = OutgoingEmail.objects.all()
        assert (email.kind, email.to) == ("lapsed", cast.ADDRESS)
        assert "60 days" in " ".join(email.body.split())
        assert (now(member).status, member.name, member.email, member.email_index) == (Status.LAPSED, "", "", None)
        assert words_of(member) == [""] * 5

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, count, django_assert_num_queries):
        for number in range(count):
            cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
        Member.objects.update(received_on=timezone.now().date() - timedelta(days=60))
        with django_assert_num_queries(14):
            assert lapse(Member.objects.all(), timezone.now().date()) == count
        assert OutgoingEmail.objects.filter(kind="lapsed").count() == count

    def test_the_day_before_nothing_happens(self):
        self.old(59)
        assert lapse(Member.objects.all(), timezone.now().date()) == 0

    def test_an_applicant_who_chose_never_gets_no_email(self):
        self.old(60, contact="none", email="")
        assert (lapse(Member.objects.all(), timezone.now().date()), OutgoingEmail.objects.count()) == (1, 0)

    def test_they_may_apply_again(self):
        self.old(60)
        lapse(Member.objects.all(), timezone.now().date())
        assert cast.ask().status == Status.UNCONFIRMED
