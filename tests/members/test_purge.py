"""Purge deletes everything after exactly the days that /privacy/ prints, and nothing earlier."""

import io
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chapters.models import RepresentativeMessage, VolunteerOffer
from chapters.volunteer_offers.services import OfferSubmission, accept, decline, make_offer, mark_talked
from members.links import make_links
from members.models import Inquiry, Member, MemberLink
from members.purge import purge
from members.retention import erase_members, erase_unconfirmed
from members.tasks import purge as purge_task
from s4jr.accounts.models import Invitation, User
from s4jr.audit.checkpoints import faults, write_checkpoints
from s4jr.audit.models import AccessLog, AccessLogCheckpoint
from s4jr.audit.services import log_access, row_hmac
from s4jr.celery import app as celery
from s4jr.erasure import purge as purge_steps
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from s4jr.security.models import RateLimit
from s4jr.security.ratelimit import SECONDS, spend
from tests import cast, make
from tests.erasure import people

pytestmark = pytest.mark.django_db


def after(**passed):
    """Purges as if that much time had passed."""
    return purge(timezone.now() + timedelta(**passed))


@pytest.mark.parametrize(
    ("status", "setting"),
    [
        ("declined", "DECLINED_DAYS"),
        ("closed", "CLOSED_DAYS"),
        ("left", "LEFT_DAYS"),
        ("membership_ended", "MEMBERSHIP_ENDED_DAYS"),
        ("lapsed", "LAPSED_DAYS"),
    ],
)
def test_a_member_is_deleted_after_the_days_of_their_status(settings, status, setting):
    setattr(settings, setting, 5)
    member = cast.waiting()
    cast.put(member, status)
    after(days=4)  # some rules count days, others hours: at no time of day is this a day less than five
    assert Member.objects.count() == 1
    assert after(days=5)[f"members.Member by {setting}"] == 1
    assert (Member.objects.count(), Tombstone.objects.get().number) == (0, member.number)


@pytest.mark.parametrize("status", ["approved", "ending_membership", "declining"])
def test_current_and_possible_members_stay(status):
    cast.put(cast.waiting(), status)
    after(days=1000)
    assert Member.objects.count() == 1


def test_an_undecided_application_is_reported_and_lapses_and_the_rest_is_deleted_later():
    make.admin("ada", address="ada@mailbox.example")
    cast.waiting()
    for days in (29, 30, 45, 59):
        after(days=days)
    assert Member.objects.get().status == "waiting"
    assert OutgoingEmail.objects.filter(kind="admin-undecided").count() == 2
    after(days=60)
    lapsed = Member.objects.get()
    assert (lapsed.status, lapsed.name, lapsed.message, lapsed.email_index) == ("lapsed", "", "", None)
    assert OutgoingEmail.objects.get(kind="lapsed").to == cast.ADDRESS
    after(days=89)
    assert Member.objects.count() == 1
    after(days=91)
    assert Member.objects.count() == 0


def test_answers_of_an_old_decision_and_an_unconfirmed_address_are_deleted_and_the_member_stays():
    cast.put(cast.waiting(), "approved", new_email="new@mailbox.example", new_email_index="new")
    MemberLink.objects.all().delete()
    assert after(days=31) == {"words of old decisions": 1, "addresses to come": 1, "counts of tries": 1}
    assert (Member.objects.get().message, Member.objects.get().new_email) == ("", "")


@pytest.mark.parametrize(
    ("state", "days"),
    [("sent", 30), ("canceled", 30), ("bounced", 30), ("returned", 30), ("failed", 60), ("unknown", 60)],
)
def test_an_email_is_deleted_once_it_is_settled_or_abandoned(state, days):
    people.email_in(state)
    after(days=days - 1)
    assert OutgoingEmail.objects.count() == 1
    after(days=days)
    assert OutgoingEmail.objects.count() == 0


def test_the_token_of_a_return_address_is_forgotten_when_bounces_no_longer_count():
    people.email_in("sent")
    OutgoingEmail.objects.update(return_token_hash="a" * 64)
    after(days=13)
    assert OutgoingEmail.objects.get().return_token_hash == "a" * 64
    assert after(days=14)["tokens of return addresses"] == 1
    assert OutgoingEmail.objects.get().return_token_hash is None


@pytest.mark.parametrize("state", ["pending", "claimed", "committing"])
def test_an_email_that_is_being_sent_stays(state):
    people.email_in(state)
    after(days=400)
    assert OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize(("model", "days"), [(Inquiry, 90), (RepresentativeMessage, 30)])
def test_a_conversation_is_deleted_with_its_emails_after_its_last_message(model, days):
    conversation = people.conversation(model, number="W1")
    people.email_in("pending", about=conversation.about)
    after(days=days - 1)
    assert (model.objects.count(), OutgoingEmail.objects.count()) == (1, 1)
    after(days=days)
    assert (model.objects.count(), OutgoingEmail.objects.filter(about=conversation.about).count()) == (0, 0)


def test_the_sender_of_a_message_to_a_representative_is_notified_of_its_deletion():
    people.conversation(RepresentativeMessage, number="W1")
    after(days=30)
    assert list(OutgoingEmail.objects.values_list("kind", "about")) == [("message-erased", "")]


def test_an_accepted_offer_stays_until_thirty_days_after_the_conversation():
    ada, offers = make.admin("ada"), VolunteerOffer.objects.all()
    for number, region in enumerate(["CA-ON", "CA-BC"]):
        make_offer(OfferSubmission(kind="represent", form_token=f"form {number}", contact="none", region=region))
    accept(offers.filter(region="CA-ON"), by=ada)
    decline(offers.filter(region="CA-BC"), by=ada)
    after(days=29)
    assert offers.count() == 2
    after(days=400)
    assert list(offers.values_list("region", flat=True)) == ["CA-ON"]
    mark_talked(offers, by=ada)
    after(days=29)
    assert offers.count() == 1
    after(days=30)
    assert offers.count() == 0


def test_expired_rows_are_deleted():
    member, user = cast.waiting(), make.person_who_signs_in()
    tokens = ["used", "over", "live"]
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(
            user=user,
            token_hash=token,
            purpose="join_staff",
            used_at=now if token == "used" else None,
            expires_at=now if token == "over" else now + timedelta(days=2),
        )
        for token in tokens
    )
    MemberLink.objects.all().delete()
    make_links([member], MemberLink.Purpose.OPEN, lasting=timedelta(minutes=20))
    make_links([member], MemberLink.Purpose.DETAILS, lasting=timedelta(days=400))
    after(minutes=21)
    assert [link.purpose for link in MemberLink.objects.all()] == ["details"]
    assert [invitation.token_hash for invitation in Invitation.objects.all()] == ["live"]


def test_expired_sessions_and_cache_entries_are_deleted(client):
    session = client.session
    session["typed"] = "something"
    session.save()
    cache.set("kept", "1", timeout=3600)
    assert after(hours=25) == {"sessions": 1, "cached": 1}


@pytest.mark.parametrize("unit", SECONDS)
def test_rate_limit_counts_are_deleted_once_their_window_is_over_and_not_before(unit):
    spend("knock", "somebody", f"3/{unit}")
    ends = RateLimit.objects.get().expires_at
    purge(ends - timedelta(milliseconds=1))
    assert RateLimit.objects.count() == 1
    purge(ends)
    assert RateLimit.objects.count() == 0


def test_a_tombstone_outlives_every_backup(settings):
    settings.BACKUP_DAYS, settings.TOMBSTONE_DAYS = 35, 65
    erase_members(cast.waiting().row)
    after(days=64)
    assert Tombstone.objects.count() == 1
    after(days=65)
    assert Tombstone.objects.count() == 0


class TestTheAccessLog:
    @pytest.fixture
    def old_days(self):
        """Two past days with a checkpoint, and today."""
        ada, now = make.admin(), timezone.now()
        for days in (402, 401, 0):
            (row,) = log_access(who=ada, action="opened", records=[ada], reason="asked")
            row.at = now - timedelta(days=days)
            row.hmac = row_hmac(row, "asked")
            row.save()
        write_checkpoints(now)
        return now

    def test_whole_days_with_a_checkpoint_are_deleted_and_the_log_still_verifies(self, old_days):
        assert purge()["days of the access log"] == 2
        assert AccessLog.objects.count() == 1
        assert (AccessLogCheckpoint.objects.count(), faults()) == (2, [])
        assert "days of the access log" not in purge()

    def test_a_day_with_one_row_that_is_too_young_stays(self, old_days, settings):
        settings.ACCESS_LOG_DAYS = 401
        assert purge()["days of the access log"] == 1

    def test_a_tampered_day_is_not_deleted(self, old_days, caplog):
        AccessLog.objects.order_by("pk").first().delete()
        assert purge()["days of the access log"] == 1
        assert [record.levelname for record in caplog.records if "no longer fits its checkpoint" in record.message] == [
            "ERROR"
        ]
        assert len(faults()) == 1


def test_every_batch_takes_the_same_queries(monkeypatch):
    monkeypatch.setattr(purge_steps, "BATCH", 5)
    after(days=14)  # fills the caches
    costs = [queries_for(how_many) for how_many in (1, 5, 10, 15)]
    assert Member.objects.count() == 0
    assert costs[0] == costs[1]
    assert costs[2] - costs[1] == costs[3] - costs[2] <= 31


def queries_for(how_many):
    """Returns how many queries a purge of that many members takes."""
    first = User.objects.count()
    for number in range(first, first + how_many):
        cast.put(people.one_of_many(number), "declined")
    with CaptureQueriesContext(connection) as context:
        assert after(days=14)["members.Member by DECLINED_DAYS"] == how_many
    return len(context)


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_purges_delete_everyone_once():
    for number in range(20):
        cast.put(cast.waiting(email=f"rosalind{number}@mailbox.example"), "declined")
    erased = []

    def run():
        erased.append(after(days=15).get("members.Member by DECLINED_DAYS", 0))
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(erased), Member.objects.count(), Tombstone.objects.count()) == (20, 0, 20)


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_an_applicant_who_confirms_during_a_purge_stays():
    member = cast.ask()
    Member.objects.update(received_on=timezone.now().date() - timedelta(days=30), confirm_until=timezone.now())
    holds, purged = Event(), Event()

    def confirm():
        with transaction.atomic():
            Member.objects.filter(pk=member.pk).update(status="waiting", confirm_until=None)
            holds.set()
            purged.wait(0.5)  # the purge now waits for this row's lock
        connection.close()

    thread = Thread(target=confirm)
    thread.start()
    holds.wait()
    assert erase_unconfirmed(Member.objects.all(), timezone.now()) == 0
    purged.set()
    thread.join()
    assert Member.objects.get().status == "waiting"


def test_beat_schedules_only_tasks_that_a_worker_runs():
    celery.loader.import_default_modules()
    asked = {entry["task"] for entry in celery.conf.beat_schedule.values()}
    assert "members.purge" in asked
    assert asked - set(celery.tasks) == set()


def test_the_command_prints_counts_and_the_task_does_the_same():
    member = cast.waiting()
    cast.put(member, "declined", decided_at=timezone.now() - timedelta(days=15))
    out = io.StringIO()
    call_command("purge", stdout=out)
    assert out.getvalue() == "members.Member by DECLINED_DAYS: 1\n"
    purge_task()
    out = io.StringIO()
    call_command("purge", stdout=out)
    assert out.getvalue() == "Nothing was due.\n"
