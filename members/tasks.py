from celery import shared_task

from members import telling
from members.models import Member


@shared_task(name="members.settle_cooling")
def settle_cooling():
    Member.objects.settle_cooling()
    telling.tell_of_held()


@shared_task(name="members.mind_the_undecided")
def mind_the_undecided():
    telling.mind_the_undecided()


@shared_task(name="members.write_digest")
def write_digest():
    telling.write_digest()
