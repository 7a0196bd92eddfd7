from functools import partial

from celery import shared_task

from members import purge as purging
from members.applications import confirmation_lists
from members.membership_counts.services import count_membership as count_members
from members.models import Member
from members.place_alerts.services import write_place_alerts as write_alerts
from members.review import notifications, services
from members.rsvps import scheduled
from s4jr.steps import run_steps


@shared_task(name="members.end_grace_periods")
def end_grace_periods() -> None:
    run_steps(
        {
            "not now": partial(services.end_grace_periods, Member.objects.all()),
            "told of flagged": notifications.tell_of_flagged,
            "told of refused": notifications.tell_of_refused,
            "told of doubts": notifications.tell_of_doubts,
        }
    )


@shared_task(name="members.settle_approvals")
def settle_approvals() -> None:
    services.settle_approvals(Member.objects.all())


@shared_task(name="members.write_confirmation_lists")
def write_confirmation_lists() -> None:
    confirmation_lists.write_lists()


@shared_task(name="members.purge")
def purge() -> None:
    purging.purge()


@shared_task(name="members.count_membership")
def count_membership() -> None:
    count_members()


@shared_task(name="members.write_place_alerts")
def write_place_alerts() -> None:
    write_alerts()


@shared_task(name="members.write_digest")
def write_digest() -> None:
    notifications.write_digest()


@shared_task(name="members.keep_rsvps_up_to_date")
def keep_rsvps_up_to_date() -> None:
    scheduled.keep_rsvps_up_to_date()
