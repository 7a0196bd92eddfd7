"""Whether each scheduled task still runs: each records a heartbeat under its name, which `/readyz` watches."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from s4jr.beat_schedule import At, timetable
from s4jr.mail.health import note
from s4jr.mail.models import Heartbeat

logger = logging.getLogger(__name__)
#: One task runs every two seconds; its heartbeat is written less often.
WRITE_EVERY_SECONDS = 50
#: When beat first ran on this site. A task that never ran is late only after its usual interval.
FIRST_BEAT = "first beat"
#: A task may miss one run and be late by this much.
GRACE = timedelta(minutes=10)
_written: dict[str, float] = {}


def note_task(sender: Any = None, **_said: Any) -> None:
    """Record the heartbeat of a scheduled task that succeeded. `s4jr.mail.tasks` connects this to Celery."""
    name = getattr(sender, "name", "")
    if (
        name not in scheduled_tasks()
        or time.monotonic() - _written.get(name, -WRITE_EVERY_SECONDS) < WRITE_EVERY_SECONDS
    ):
        return
    try:
        note(name)
        _written[name] = time.monotonic()
    except DatabaseError as error:
        logger.error("The heartbeat of %s was not written: %s", name, type(error).__name__)


def scheduled_tasks() -> dict[str, timedelta]:
    """How old the heartbeat of each scheduled task may be, by the task's name."""
    return {entry["task"]: 2 * _gap(entry["schedule"]) + GRACE for entry in timetable().values()}


def late_tasks(now: datetime | None = None) -> list[str]:
    """The names of scheduled tasks that should have succeeded by now."""
    now = now or timezone.now()
    heard = dict(Heartbeat.objects.values_list("name", "at"))
    since = heard.get(FIRST_BEAT)
    if since is None:  # beat itself never ran, which `/readyz` reports separately
        return []
    return sorted(name for name, at_most in scheduled_tasks().items() if now - heard.get(name, since) > at_most)


def note_first_beat() -> None:
    Heartbeat.objects.get_or_create(name=FIRST_BEAT, defaults={"at": timezone.now()})


def _gap(schedule):
    """The longest time between two runs."""
    if not isinstance(schedule, At):
        return timedelta(seconds=schedule)
    if schedule.day_of_week != "*":
        return timedelta(days=-(-7 // len(schedule.day_of_week.split(","))))
    every = str(schedule.hour).removeprefix("*/")
    return timedelta(hours=int(every) if every != str(schedule.hour) else 24)
