from celery import shared_task

from s4jr.audit.checkpoints import seal_finished_days
from s4jr.audit.unreadable_values import count_unreadable as count_values


@shared_task(name="audit.seal_access_log")
def seal_access_log():
    seal_finished_days()


@shared_task(name="audit.count_unreadable")
def count_unreadable():
    count_values()
