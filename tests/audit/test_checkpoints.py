"""Checkpoints reveal any change of the access log."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from s4jr.accounts.models import User
from s4jr.audit.checkpoints import dropped_hmac, faults, write_checkpoints
from s4jr.audit.models import AccessLog, AccessLogCheckpoint
from s4jr.audit.services import log_access, row_hmac
from s4jr.audit.tasks import write_access_log_checkpoints
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
REASON = "canary: asked on the phone"


@pytest.fixture
def ada():
    return make.admin()


def log_rows(who, at, count=1, reason=REASON):
    """Create rows as if they were logged at that time."""
    rows = log_access(who=who, action="opened", records=[who] * count, field_names=["address"], reason=reason)
    for row in rows:
        row.at = at
        row.hmac = row_hmac(row, reason)
        row.save()
    return rows


@pytest.fixture
def three_days(ada):
    """Rows on Monday, Tuesday and Wednesday; the first two days have checkpoints."""
    rows = [log_rows(ada, MONDAY + timedelta(days=number), count=3) for number in range(3)]
    assert write_checkpoints(now=MONDAY + timedelta(days=2)) == 2
    assert faults() == []
    return rows


def tuesday_no_longer_fits(holds):
    checkpoint = AccessLogCheckpoint.objects.get(day="2026-03-03")
    return (
        f"2026-03-03 was closed with 3 rows, from {checkpoint.first} to {checkpoint.last}; "
        f"it now holds {holds} and no longer fits."
    )


def test_a_row_holds_field_names_and_no_values(ada):
    ada.address = "canary.address@example.org"
    ada.save()
    (row,) = log_access(who=ada, action="opened", records=[ada], field_names=["address", "is_staff"])
    kept = AccessLog.objects.values().get(pk=row.pk)
    assert (kept["who"], kept["object_kind"], kept["object_id"]) == ("ada", "accounts.user", str(ada.pk))
    assert kept["field_names"] == "address is_staff"
    assert "canary" not in str(kept)


def test_the_reason_is_encrypted(ada):
    log_rows(ada, MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM audit_accesslog")
        assert "canary" not in cursor.fetchone()[0]
    assert AccessLog.objects.get().reason == REASON


def test_many_records_are_logged_in_one_statement(ada, django_assert_num_queries):
    with django_assert_num_queries(1):
        log_access(who=ada, action="opened", records=[ada] * 90)


def test_a_day_gets_a_checkpoint_once_it_is_over(three_days):
    encrypted = AccessLogCheckpoint.objects.order_by("day").values_list("day", "first", "last", "count")
    expected = [(rows[0].at.date(), rows[0].pk, rows[-1].pk, 3) for rows in three_days[:2]]
    assert list(encrypted) == expected
    assert write_checkpoints(now=MONDAY + timedelta(days=2)) == 0


def test_a_day_stays_open_for_an_hour_for_decisions_made_at_midnight(ada):
    log_rows(ada, MONDAY)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert write_checkpoints(now=midnight + timedelta(minutes=59)) == 0
    assert write_checkpoints(now=midnight + timedelta(minutes=61)) == 1


def test_the_task_writes_a_checkpoint(ada):
    log_rows(ada, MONDAY)
    write_access_log_checkpoints()
    assert AccessLogCheckpoint.objects.count() == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"who": "grace"},
        {"user_id": 0},
        {"user_id": None},
        {"user_id": None, "budget": ""},
        {"budget": "queue"},
        {"action": "erased"},
        {"object_id": "0"},
        {"object_kind": "members.member"},
        {"field_names": ""},
        {"reason": "another reason"},
        {"at": MONDAY + timedelta(days=1, seconds=1)},
    ],
)
@pytest.mark.parametrize("day", [1, 2])
def test_an_edited_row_is_caught_with_and_without_a_checkpoint(three_days, edit, day):
    row = three_days[day][1]
    AccessLog.objects.filter(pk=row.pk).update(**edit)
    assert f"Row {row.pk} was changed." in faults()


def test_a_row_edited_together_with_its_hmac_is_caught_by_the_checkpoint(three_days):
    row = three_days[1][1]
    row.who = "grace"
    row.hmac = row_hmac(row, REASON)
    row.save()
    assert faults() == [tuesday_no_longer_fits(holds=3)]


def test_a_dropped_row_is_caught(three_days):
    three_days[1][1].delete()
    assert faults() == [tuesday_no_longer_fits(holds=2)]


def test_an_added_row_is_caught(three_days, ada):
    log_rows(ada, MONDAY + timedelta(days=1, hours=1))
    assert faults() == [tuesday_no_longer_fits(holds=4)]


def test_a_row_with_a_changed_primary_key_is_caught(three_days):
    AccessLog.objects.filter(pk=three_days[1][2].pk).update(id=F("id") + 1000)
    assert faults() == [tuesday_no_longer_fits(holds=3)]


def test_a_row_added_to_an_empty_day_before_a_checkpoint_is_caught(three_days, ada):
    log_rows(ada, MONDAY - timedelta(days=3))
    assert faults() == ["2026-02-27 holds rows although it has no checkpoint and later days were."]


def test_a_day_deleted_with_its_checkpoint_is_caught(three_days):
    AccessLog.objects.of_day(MONDAY.date()).delete()
    AccessLogCheckpoint.objects.get(day="2026-03-02").delete()
    assert faults() == [tuesday_no_longer_fits(holds=3)]


def test_a_day_deleted_by_hand_is_caught(three_days):
    AccessLog.objects.of_day((MONDAY + timedelta(days=1)).date()).delete()
    assert faults() == [tuesday_no_longer_fits(holds=0)]


def test_a_day_deleted_by_age_is_not_a_fault(three_days):
    checkpoint = AccessLogCheckpoint.objects.get(day="2026-03-02")
    AccessLog.objects.of_day(checkpoint.day).delete()
    checkpoint.dropped_hmac = dropped_hmac(checkpoint)
    checkpoint.save()
    assert faults() == []


def test_a_reason_that_cannot_be_decrypted_is_a_fault_and_the_rest_is_still_checked(three_days):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_accesslog SET reason = 'v1.k.AAAA' WHERE id = %s", [three_days[2][0].pk])
    assert faults() == [f"Row {three_days[2][0].pk} was changed."]


def test_the_command_reports_an_intact_log(three_days):
    out = io.StringIO()
    call_command("verify_access_log", stdout=out)
    assert out.getvalue() == "The access log is as it was written.\n"


def test_the_command_fails_and_reports_each_fault(three_days):
    three_days[1][1].delete()
    with pytest.raises(CommandError) as raised:
        call_command("verify_access_log")
    assert (str(raised.value), raised.value.returncode) == (tuesday_no_longer_fits(holds=2), 1)


def test_key_rotation_keeps_the_log_intact(three_days, settings):
    import base64
    import secrets

    settings.FIELD_KEYS = [f"next:{base64.b64encode(secrets.token_bytes(32)).decode()}", *settings.FIELD_KEYS]
    call_command("rotate_keys", stdout=io.StringIO())
    assert faults() == []


class TestActor:
    def test_a_row_identifies_the_user_by_primary_key_even_after_renames(self, client):
        ada, bo = make.signed_in_staff(client, "ada"), make.admin("bo")
        log_rows(ada, MONDAY)
        for user, name in ((ada, "nobody"), (bo, "ada"), (ada, "bo")):
            User.objects.filter(pk=user.pk).update(username=name)
        assert (AccessLog.objects.get().user_id, faults()) == (ada.pk, [])
        page = client.get("/manage/audit/accesslog/").content.decode()
        assert f"ada ({ada.pk})" in page

    def test_the_admin_cannot_change_a_user_name(self, client):
        make.signed_in_staff(client, "ada")
        bo = make.admin("bo")
        form = {"username": "cleo", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        client.post(f"/manage/accounts/user/{bo.pk}/change/", form)
        assert User.objects.get(pk=bo.pk).username == "bo"

    def test_a_row_from_before_the_user_id_column_still_verifies(self, ada):
        (row,) = log_rows(ada, MONDAY)
        row.user_id, row.budget = None, ""
        AccessLog.objects.filter(pk=row.pk).update(user_id=None, hmac=row_hmac(row, REASON))
        assert faults() == []

    def test_reading_a_reason_is_logged_too(self, client):
        ada = make.signed_in_staff(client, "ada")
        (row,) = log_rows(ada, MONDAY)
        assert REASON in client.get(f"/manage/audit/accesslog/{row.pk}/change/").content.decode()
        noted = AccessLog.objects.filter(object_kind="audit.accesslog").values_list("user_id", "action", "budget")
        assert list(noted) == [(ada.pk, "opened", "lists")]
