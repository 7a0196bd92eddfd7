from celery import shared_task

from members.models import Member


@shared_task(name="members.settle_declining")
def settle_declining():
    Member.objects.settle_declining()
