"""Every scheduled task leaves a heartbeat, and `/readyz` checks each."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from s4jr.beat_schedule import TIMETABLE
from s4jr.mail import task_health
from s4jr.mail.models import Heartbeat
from s4jr.mail.task_health import FIRST_BEAT, late_tasks, note_task, scheduled_tasks
from s4jr.mail.tasks import note_beat
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_was_written_yet(monkeypatch):
    monkeypatch.setattr(task_health, "_written", {})


def all_ran(ago=timedelta()):
    names = [FIRST_BEAT, *scheduled_tasks()]
    Heartbeat.objects.bulk_create(Heartbeat(name=name, at=timezone.now() - ago) for name in names)


def test_every_scheduled_task_is_checked():
    assert set(scheduled_tasks()) == {entry["task"] for entry in TIMETABLE.values()}
    assert scheduled_tasks()["members.purge"] == timedelta(hours=12, minutes=10)
    assert scheduled_tasks()["members.write_digest"] == timedelta(days=8, minutes=10)


@pytest.mark.parametrize("task", sorted({entry["task"] for entry in TIMETABLE.values()}))
def test_a_task_without_success_for_too_long_makes_readyz_fail(client, task):
    note_beat()
    Heartbeat.objects.filter(name=FIRST_BEAT).delete()
    all_ran()
    Heartbeat.objects.filter(name=task).update(at=timezone.now() - scheduled_tasks()[task] - timedelta(seconds=1))
    assert late_tasks() == [task]
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["tasks"]) == (503, False)


def test_a_task_that_never_ran_is_overdue_after_its_interval():
    note_beat()
    assert late_tasks() == []
    assert "members.purge" in late_tasks(timezone.now() + timedelta(hours=13))
    assert "members.write_digest" not in late_tasks(timezone.now() + timedelta(hours=13))


def test_only_a_scheduled_task_that_succeeds_leaves_a_heartbeat():
    current_app.loader.import_default_modules()
    for name in ("members.purge", "not.scheduled"):
        note_task(sender=type("Task", (), {"name": name})())
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["members.purge"]


def test_a_task_that_runs_every_two_seconds_writes_it_once_a_minute(django_assert_num_queries):
    sender = type("Task", (), {"name": "mail.send_due"})()
    note_task(sender=sender)
    with django_assert_num_queries(0):
        note_task(sender=sender)


def test_admins_see_which_task_is_overdue(client):
    make.signed_in_staff(client)
    all_ran()
    Heartbeat.objects.filter(name="members.purge").update(at=timezone.now() - timedelta(days=1))
    assert "haven’t run on time: members.purge" in client.get("/manage/").content.decode()
