from celery import shared_task

from s4jr.erasure.expired import purge_expired_counts as delete_expired_counts


@shared_task(name="erasure.purge_expired_counts")
def purge_expired_counts() -> None:
    delete_expired_counts()
