"""The Celery app, for workers and beat only: no page talks to a broker. The database is the queue (decision 0012).

So losing every message here loses nothing, and a broker that is down delays no page.
"""

import os

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

from s4jr.beat_schedule import At, timetable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")

TRANSPORT_ALIASES["filesystem"] = "s4jr.file_broker:Transport"
app = Celery("s4jr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    name: {**entry, "schedule": crontab(**at._asdict()) if isinstance(at := entry["schedule"], At) else at}
    for name, entry in timetable().items()
}
app.autodiscover_tasks()
