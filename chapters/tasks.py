from celery import shared_task

from chapters.meetings.realignment import realign_meetings
from chapters.meetings.services import align_all_series
from chapters.representative_messages.escalation import escalate_unread
from chapters.representatives.appointments import settle_ended_terms
from chapters.representatives.renewal_emails import write_renewals
from chapters.representatives.services import empty_old_profiles
from s4jr.steps import run_steps


@shared_task(name="chapters.keep_profiles_up_to_date")
def keep_profiles_up_to_date():
    profiles = {
        "emptied": empty_old_profiles,
        "renewals": write_renewals,
        "ended": settle_ended_terms,
    }
    run_steps(profiles)


@shared_task(name="chapters.keep_messages_up_to_date")
def keep_messages_up_to_date():
    escalate_unread()


@shared_task(name="chapters.make_meetings")
def make_meetings():
    realign_meetings()  # first: whoever goes is told that only the rules of clocks have changed
    align_all_series()


@shared_task(name="chapters.realign_meetings")
def realign_meetings_to_zones():
    realign_meetings()
