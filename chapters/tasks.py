from collections.abc import Callable

from celery import shared_task

from chapters.meetings.realignment import realign_meetings
from chapters.meetings.services import align_all_series
from chapters.representative_messages.escalation import escalate_unread
from chapters.representatives.appointments import settle_ended_terms
from chapters.representatives.photo_drafts import delete_old_drafts
from chapters.representatives.renewal_emails import write_renewals
from chapters.representatives.services import empty_old_profiles
from s4jr.steps import run_steps


@shared_task(name="chapters.keep_profiles_up_to_date")
def keep_profiles_up_to_date() -> None:
    profiles: dict[str, Callable[[], int | None]] = {
        "emptied": empty_old_profiles,
        "renewals": write_renewals,
        "ended": settle_ended_terms,
    }
    run_steps(profiles)


@shared_task(name="chapters.keep_messages_up_to_date")
def keep_messages_up_to_date() -> None:
    escalate_unread()


@shared_task(name="chapters.delete_photo_drafts")
def delete_photo_drafts() -> None:
    delete_old_drafts()


@shared_task(name="chapters.make_meetings")
def make_meetings() -> None:
    realign_meetings()  # first, so that its notice says that only the time zone rules have changed
    align_all_series()


@shared_task(name="chapters.realign_meetings")
def realign_meetings_to_zones() -> None:
    realign_meetings()
