"""One value that cannot be decrypted stops nothing else, and admins see that it exists."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from members.models import Member
from members.purge import purge
from members.review import notifications
from members.review.services import decline, end_grace_periods
from s4jr.audit.unreadable_values import count_unreadable, unreadable_now
from s4jr.mail.models import OutgoingEmail
from s4jr.security.failed_steps import failures_today
from s4jr.steps import FAILED, run_steps
from tests import cast, make

pytestmark = pytest.mark.django_db


def break_one(row, name):
    table, column = map(connection.ops.quote_name, (row._meta.db_table, name))
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'v1.gone.AAAA' WHERE id = %s", [key])


# --- other rows get what they are due


def test_one_broken_row_does_not_stop_not_now_emails():
    ada = make.admin("ada")
    one, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    for member in (one, other):
        decline(member.as_read, by=ada, reason="", parting_email="hello")
    Member.objects.update(effective_at=timezone.now() - timedelta(seconds=1))
    break_one(one, "email")
    end_grace_periods(Member.objects.all())
    assert set(Member.objects.values_list("status", flat=True)) == {"declined"}
    assert [email.to for email in OutgoingEmail.objects.filter(kind="not-now")] == ["other@mailbox.example"]
    assert failures_today() == {"steps": 0, "rows": 1}


def test_one_broken_row_does_not_stop_purge():
    long_ago = timezone.now() - timedelta(days=100)
    one, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    late, gone = cast.waiting(email="late@mailbox.example"), cast.waiting(email="gone@mailbox.example")
    Member.objects.exclude(pk=gone.pk).update(received_on=long_ago.date())
    Member.objects.filter(pk=gone.pk).update(status="declined", decided_at=long_ago)
    break_one(one, "email")
    assert FAILED not in purge()
    assert not Member.objects.filter(pk=gone.pk).exists()
    assert set(Member.objects.values_list("status", flat=True)) == {"lapsed"}
    told = sorted(email.to for email in OutgoingEmail.objects.filter(kind="lapsed"))
    assert (told, other.pk != late.pk) == (["late@mailbox.example", "other@mailbox.example"], True)


def test_a_purge_step_that_fails_does_not_stop_the_others_and_is_counted(monkeypatch):
    def fails(*said):
        raise ZeroDivisionError

    gone = cast.waiting()
    Member.objects.update(status="declined", decided_at=timezone.now() - timedelta(days=100))
    monkeypatch.setattr(notifications, "tell_of_undecided", fails)
    assert purge()[FAILED] == 1
    assert (Member.objects.filter(pk=gone.pk).exists(), failures_today()["steps"]) == (False, 1)


def test_a_failed_step_counts_once_even_if_ready_runs_twice():
    apps.get_app_config("accounts").ready()
    assert run_steps({"what fails": lambda: 1 / 0}) == {FAILED: 1}
    assert failures_today()["steps"] == 1


def test_other_admins_get_emails_if_one_address_cannot_be_decrypted():
    cast.waiting()
    ada, _bo = (make.admin(name, address=f"{name}@coalition.example") for name in ("ada", "bo"))
    break_one(ada, "address")
    assert (notifications.write_digest(), notifications.tell("flagged", "today", count=1)) == (1, 1)


# --- what admins see


def test_admins_see_how_many_values_cannot_be_decrypted(client):
    make.signed_in_staff(client)
    one, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    break_one(one, "name")
    break_one(other, "name")
    break_one(other, "message")
    found = count_unreadable()
    assert (found, unreadable_now()) == ({"member.name": 2, "member.message": 1}, 3)
    assert "3 encrypted values can" in client.get("/manage/").content.decode()
    Member.objects.all().delete()
    assert (count_unreadable(), unreadable_now()) == ({}, 0)
