"""Whether each scheduled task still runs: every one leaves a heartbeat, named after it, which `/readyz` watches."""

import logging
import time
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils import timezone

from s4jr.beat_schedule import TIMETABLE, At
from s4jr.mail.health import note
from s4jr.mail.models import Heartbeat

logger = logging.getLogger(__name__)
#: One task runs every two seconds; its heartbeat is written once in so many.
WRITE_EVERY_SECONDS = 50
#: When beat ran here for the first time. A task that never ran is late only once it had the time.
FIRST_BEAT = "first beat"
#: A task may miss one turn, and be late by this much.
GRACE = timedelta(minutes=10)
_written: dict[str, float] = {}


def note_task(sender=None, **_said):
    """Leave the heartbeat of the scheduled task that has just ended well. `s4jr.celery` connects this to Celery."""
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
    return {entry["task"]: 2 * _gap(entry["schedule"]) + GRACE for entry in TIMETABLE.values()}


def late_tasks(now: datetime | None = None) -> list[str]:
    """The names of scheduled tasks that should have ended well by now and have not."""
    now = now or timezone.now()
    heard = dict(Heartbeat.objects.values_list("name", "at"))
    since = heard.get(FIRST_BEAT)
    if since is None:  # beat itself never ran, which `/readyz` says by another word
        return []
    return sorted(name for name, at_most in scheduled_tasks().items() if now - heard.get(name, since) > at_most)


def note_first_beat() -> None:
    Heartbeat.objects.get_or_create(name=FIRST_BEAT, defaults={"at": timezone.now()})


def _gap(schedule):
    """The longest time between two turns."""
    if not isinstance(schedule, At):
        return timedelta(seconds=schedule)
    if schedule.day_of_week != "*":
        return timedelta(days=-(-7 // len(schedule.day_of_week.split(","))))
    every = str(schedule.hour).removeprefix("*/")
    return timedelta(hours=int(every) if every != str(schedule.hour) else 24)
