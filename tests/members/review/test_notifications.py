"""Emails to admins contain numbers, never names, and go out only when something changed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from members.models import Member
from members.review import notifications
from members.tasks import end_grace_periods
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import mark_arrived
from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ada(db):
    return make.admin("ada", address="ada@mailbox.example")


def notes():
    return list(OutgoingEmail.objects.filter(kind__startswith="admin-").order_by("created_at"))


def test_only_readers_with_an_address_are_notified():
    make.admin("bo")
    make.admin("cleo", superuser=False, address="cleo@mailbox.example")
    make.person_who_signs_in("dov", address="dov@mailbox.example")
    assert [user.username for user in notifications.readers()] == ["ada"]


def test_the_digest_comes_only_if_someone_waits_and_names_no_one():
    assert notifications.write_digest() == 0
    cast.waiting()
    Member.objects.update(received_on=timezone.now().date() - timedelta(days=9))
    notifications.write_digest()
    notifications.write_digest()
    [note] = notes()
    assert "9 days" in note.body
    assert [canary for canary in (cast.NAME, cast.ADDRESS, "heron") if canary in note.subject + note.body] == []


def test_admins_are_notified_at_thirty_and_at_forty_five_days():
    cast.waiting()
    today = timezone.now().date()
    for days in (29, 30, 31, 45, 46):
        notifications.tell_of_undecided(today + timedelta(days=days))
    assert ["30 days" in note.body or "45 days" in note.body for note in notes()] == [True, True]


def test_a_flood_is_reported_once_a_day(settings):
    settings.CONFIRMING_EMAILS_AN_HOUR = 0
    cast.ask()
    notifications.tell_of_flagged()
    notifications.tell_of_flagged()
    assert [note.kind for note in notes()] == ["admin-flagged"]


class TestEmailsInUnknownState:
    @pytest.fixture(autouse=True)
    def _one(self):
        cast.written()
        OutgoingEmail.objects.update(state="unknown")

    def test_users_who_may_decide_are_notified_once_a_day_in_numbers(self):
        make.admin("cleo", superuser=False, address="cleo@mailbox.example")
        postmaster = make.admin("bo", superuser=False, address="bo@mailbox.example")
        postmaster.user_permissions.add(Permission.objects.get(codename="change_outgoingemail"))
        end_grace_periods()
        end_grace_periods()
        assert sorted((note.kind, note.to) for note in notes()) == [
            ("admin-emails-in-doubt", "ada@mailbox.example"),
            ("admin-emails-in-doubt", "bo@mailbox.example"),
        ]
        assert [("Number of emails: 1." in note.body, cast.ADDRESS in note.body) for note in notes()] == [
            (True, False)
        ] * 2

    def test_an_old_one_is_not_reported_every_day(self):
        tomorrow = timezone.now() + timedelta(days=1, minutes=1)
        assert (notifications.tell_of_doubts(tomorrow), notes()) == (0, [])

    def test_one_about_such_a_notification_is_not_reported_by_another(self):
        notifications.tell_of_doubts()
        OutgoingEmail.objects.exclude(kind="admin-emails-in-doubt").delete()
        OutgoingEmail.objects.update(state="unknown")
        assert notifications.tell_of_doubts(timezone.now() + timedelta(hours=23)) == 0

    def test_after_a_decision_no_one_is_notified(self):
        mark_arrived(OutgoingEmail.objects.all())
        assert notifications.tell_of_doubts() == 0


def test_a_suppressed_admin_is_not_notified():
    from s4jr.crypto.blind_index import blind_index
    from s4jr.mail.models import Suppression

    make.stop(blind_index("ada@mailbox.example"), Suppression.Reason.UNSUBSCRIBED)
    cast.waiting()
    assert notifications.write_digest() == 0
