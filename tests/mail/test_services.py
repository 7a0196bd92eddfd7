"""The outbox: each email has one state, and each transition happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import (
    begin_commit,
    cancel_emails,
    cancel_suppressed,
    claim_due,
    erase_emails,
    mark_arrived,
    mark_bounced,
    put_back,
    queue_emails,
    release_overdue,
    send_again,
    settle_failed,
    settle_later,
    settle_sent,
    settle_unknown,
)
from tests import cast, make

State = OutgoingEmail.State


def state_of(email):
    return OutgoingEmail.objects.values_list("state", flat=True).get(pk=email.pk)


def claimed(**said):
    cast.written(**said)
    [email] = claim_due(10)
    return email


def committing():
    email = claimed()
    assert begin_commit(email)
    return email


@pytest.mark.django_db
class TestQueueing:
    def test_an_email_is_queued_with_encrypted_text(self):
        email = cast.written(subject="The heron", body="stands in the reeds\n")

        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM mail_outgoingemail")
            row = str(cursor.fetchone())
        assert state_of(email) == State.PENDING
        assert (email.to, email.subject, email.body) == (cast.ADDRESS, "The heron", "stands in the reeds\n")
        assert not any(word in row for word in ("heron", "reeds", "rosalind"))

    def test_one_event_sends_one_email(self):
        cast.written(dedupe_key="welcome:1")
        assert queue_emails([cast.email(dedupe_key="welcome:1", body="again")]) == 1
        assert [email.body for email in OutgoingEmail.objects.all()] == ["A body.\n"]

    def test_a_suppressed_address_gets_none(self):
        email = cast.email()
        make.stop(email.to_index, Suppression.Reason.UNSUBSCRIBED)
        assert queue_emails([email]) == 0
        assert OutgoingEmail.objects.count() == 0

    def test_an_address_without_announcements_gets_all_other_emails(self):
        to_many, to_one = cast.email(kind=TO_MANY), cast.email()
        make.stop(to_one.to_index, Suppression.Reason.UNSUBSCRIBED, Suppression.Scope.ANNOUNCEMENTS)
        assert queue_emails([to_many, to_one]) == 1
        assert [email.kind for email in OutgoingEmail.objects.all()] == ["test"]

    def test_nothing_is_queued_without_an_address(self):
        assert queue_emails([cast.email(to="")]) == 0

    def test_the_database_refuses_a_lease_without_a_sender(self):
        email = cast.written()
        with pytest.raises(IntegrityError), transaction.atomic():
            OutgoingEmail.objects.filter(pk=email.pk).update(lease_until=timezone.now())

    def test_the_database_refuses_a_sent_email_without_a_time(self):
        email = cast.written()
        with pytest.raises(IntegrityError), transaction.atomic():
            OutgoingEmail.objects.filter(pk=email.pk).update(state=State.SENT)


@pytest.mark.django_db
class TestClaiming:
    def test_due_emails_are_claimed_oldest_first_and_once(self):
        first, second = cast.written(), cast.written()
        assert [email.pk for email in claim_due(1)] == [first.pk]
        assert [email.pk for email in claim_due(5)] == [second.pk]
        assert claim_due(5) == []

    def test_an_email_that_is_not_due_stays(self):
        email = cast.written()
        OutgoingEmail.objects.filter(pk=email.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
        assert claim_due(5) == []

    def test_announcements_are_claimed_a_few_at_a_time_when_no_other_email_waits(self):
        many = [cast.written(batch="announcement 1") for _ in range(12)]
        one, another = cast.written(), cast.written()
        taken = [[email.pk for email in claim_due(50)] for _ in range(4)]
        assert taken[0] == [one.pk, another.pk]
        assert (taken[1] + taken[2], len(taken[1]), taken[3]) == ([email.pk for email in many], 10, [])

    def test_an_email_of_a_dead_sender_becomes_pending_again(self):
        email = claimed()
        OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        release_overdue()
        assert state_of(email) == State.PENDING

    def test_an_email_whose_sender_dies_each_time_fails_at_last(self):
        email = claimed()
        OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempts=12)
        release_overdue()
        assert state_of(email) == State.FAILED

    def test_a_late_sender_does_not_put_back_an_email_claimed_by_another(self):
        email = claimed()
        OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        release_overdue()
        claim_due(5)
        put_back([email])
        assert state_of(email) == State.CLAIMED

    def test_an_email_whose_sender_died_during_delivery_is_unknown(self):
        email = committing()
        OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        release_overdue()
        release_overdue()
        assert state_of(email) == State.UNKNOWN

    def test_a_late_sender_cannot_deliver_an_email_claimed_by_another(self):
        email = claimed()
        OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        release_overdue()
        [again] = claim_due(5)
        assert begin_commit(email) is False
        assert begin_commit(again) is True


@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_never_claim_the_same_email():
    for _ in range(40):
        cast.written()

    def claim(_):
        try:
            return [email.pk for email in claim_due(5)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        taken = [pk for pks in threads.map(claim, range(16)) for pk in pks]
    assert len(taken) == len(set(taken)) == 40


@pytest.mark.django_db
class TestCanceling:
    def test_a_canceled_email_is_emptied_and_never_sent(self):
        email = cast.written()
        assert cancel_emails(OutgoingEmail.objects.filter(pk=email.pk)) == 1
        email.refresh_from_db()
        assert (email.state, email.to, email.subject, email.body) == (State.CANCELED, "", "", "")
        assert claim_due(5) == []

    def test_a_claimed_email_that_is_canceled_cannot_be_sent(self):
        email = claimed()
        cancel_emails(OutgoingEmail.objects.filter(pk=email.pk))
        assert begin_commit(email) is False

    def test_an_erased_email_cannot_be_sent(self):
        email = claimed()
        erase_emails(OutgoingEmail.objects.filter(pk=email.pk))
        assert begin_commit(email) is False

    def test_an_address_suppressed_meanwhile_gets_no_email(self):
        email = claimed()
        make.stop(email.to_index, Suppression.Reason.BOUNCED)
        assert begin_commit(email) is False
        cancel_suppressed(email)
        assert state_of(email) == State.CANCELED

    @pytest.mark.parametrize(("kind", "leaves"), [(TO_MANY, False), ("test", True)])
    def test_suppressed_announcements_are_not_sent_and_other_emails_are(self, kind, leaves):
        email = claimed(kind=kind)
        make.stop(email.to_index, Suppression.Reason.UNSUBSCRIBED, Suppression.Scope.ANNOUNCEMENTS)
        assert begin_commit(email) is leaves
        cancel_suppressed(email)
        assert state_of(email) == (State.COMMITTING if leaves else State.CANCELED)

    def test_an_email_in_delivery_cannot_be_canceled(self):
        email = committing()
        assert cancel_emails(OutgoingEmail.objects.filter(pk=email.pk)) == 0


@pytest.mark.django_db
class TestSettling:
    def test_a_sent_email_keeps_no_text(self):
        email = committing()
        settle_sent(email)
        email.refresh_from_db()
        assert (email.state, email.to, email.subject, email.body) == (State.SENT, "", "", "")

    def test_a_refused_email_backs_off_and_fails_after_twelve_attempts(self, settings):
        cast.written()
        waits = []
        for _ in range(12):
            OutgoingEmail.objects.filter(state=State.PENDING).update(next_attempt_at=timezone.now())
            [email] = claim_due(1)
            settle_later(email, "the mail server answered 450")
            now = OutgoingEmail.objects.get()
            waits.append(round((now.next_attempt_at - timezone.now()).total_seconds()))
        assert waits[:11] == settings.MAIL_BACK_OFF_SECONDS
        assert (now.state, now.attempts, now.last_error) == (State.FAILED, 12, "the mail server answered 450")

    def test_emails_put_back_without_an_attempt_lose_none(self):
        email = claimed()
        put_back([email])
        email.refresh_from_db()
        assert (email.state, email.attempts) == (State.PENDING, 0)


@pytest.mark.django_db
class TestManualDecisions:
    def test_an_unknown_email_is_never_retried_automatically(self):
        email = committing()
        settle_unknown(email, "no answer")
        release_overdue()
        assert claim_due(5) == []

    def test_an_admin_sends_it_again(self):
        email = committing()
        settle_unknown(email, "no answer")
        assert send_again(OutgoingEmail.objects.all()) == 1
        assert [again.body for again in claim_due(5)] == ["A body.\n"]

    def test_an_admin_marks_it_as_arrived(self):
        email = committing()
        settle_unknown(email, "no answer")
        assert mark_arrived(OutgoingEmail.objects.all()) == 1
        email.refresh_from_db()
        assert (email.state, email.body) == (State.SENT, "")

    def test_a_sent_email_is_not_sent_again(self):
        settle_sent(committing())
        assert send_again(OutgoingEmail.objects.all()) == 0


@pytest.mark.django_db
class TestBounces:
    def test_a_bounced_email_suppresses_the_address_and_cancels_pending_emails(self):
        sent = committing()
        settle_sent(sent)
        waiting = cast.written()
        assert mark_bounced(OutgoingEmail.objects.filter(pk=sent.pk)) == 1
        assert (state_of(sent), state_of(waiting)) == (State.BOUNCED, State.CANCELED)
        assert Suppression.objects.reason_for(sent.to_index) == Suppression.Reason.BOUNCED
        assert queue_emails([cast.email()]) == 0

    @pytest.mark.parametrize("settle", [settle_failed, settle_unknown])
    def test_a_bounced_email_needs_no_action_and_is_not_sent_again(self, settle):
        email = committing()
        settle(email, "no answer")
        assert mark_bounced(OutgoingEmail.objects.all()) == 1
        email.refresh_from_db()
        assert (email.to, email.body, OutgoingEmail.objects.needing_somebody().count()) == ("", "", 0)
        assert send_again(OutgoingEmail.objects.all()) == 0

    def test_an_email_that_was_not_sent_cannot_bounce(self):
        email = claimed()
        assert (mark_bounced(OutgoingEmail.objects.all()), state_of(email)) == (0, State.CLAIMED)
        assert Suppression.objects.count() == 0
