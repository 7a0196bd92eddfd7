"""The Celery app: the fast path. The database is the queue, so losing every message here loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")

app = Celery("s4jr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
