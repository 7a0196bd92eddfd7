from celery import shared_task

from s4jr.privacy.access_log import seal_finished_days
from s4jr.privacy.over import purge_expired_counts as delete_expired_counts
from s4jr.privacy.unreadable import count_unreadable as count_values


@shared_task(name="privacy.seal_access_log")
def seal_access_log():
    seal_finished_days()


@shared_task(name="privacy.purge_expired_counts")
def purge_expired_counts():
    delete_expired_counts()


@shared_task(name="privacy.count_unreadable")
def count_unreadable():
    count_values()
