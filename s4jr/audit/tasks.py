from celery import shared_task

from s4jr.audit.checkpoints import write_checkpoints
from s4jr.audit.unreadable_values import count_unreadable as count_values


@shared_task(name="audit.write_access_log_checkpoints")
def write_access_log_checkpoints() -> None:
    write_checkpoints()


@shared_task(name="audit.count_unreadable")
def count_unreadable() -> None:
    count_values()
