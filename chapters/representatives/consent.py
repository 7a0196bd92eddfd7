"""Consent to a public profile: how long it lasts, when emails ask to renew it, and which profiles are public.

It imports no model, so that the model and its QuerySet can use it.
"""

from datetime import date, timedelta

from django.db.models import Q

from chapters.local_days import places_by_day
from chapters.regions import WITH_REGIONS
from s4jr.days import westernmost_today

#: An email asks for renewal every 90 days; two reminders follow.
ASKED_AFTER = timedelta(days=90)
REMINDED_AFTER = timedelta(days=7)
REMINDERS = 2
#: From the renewal until the profile hides: a week after the second reminder.
LASTS = ASKED_AFTER + (REMINDERS + 1) * REMINDED_AFTER
#: How long a hidden profile can be renewed; then it is cleared.
KEPT_HIDDEN = timedelta(days=30)
#: A profile is not hidden before all emails are written, but it waits no longer than this for late emails.
WAITS_FOR_EMAILS = timedelta(days=60)


def shown_on(today: date | None = None) -> Q:
    """Profiles that are public: the consent is valid, or it expired before all renewal emails were written.

    A consent ends with its last day in the place that they represent.
    """
    owed = Q(emails_written__lte=REMINDERS, consent_until__gte=(today or westernmost_today()) - WAITS_FOR_EMAILS)
    return (Q(consent_until__gte=today) if today else _runs_in_its_place()) | owed


def _runs_in_its_place() -> Q:
    days = places_by_day()
    runs = Q(consent_until__gte=max(days))
    for day, codes in sorted(days.items())[:-1]:
        of_country = Q(country__in=codes) & (Q(region="") | ~Q(country__in=WITH_REGIONS))
        runs |= Q(consent_until__gte=day) & (Q(region__in=codes) | of_country)
    return runs


def time_for_emails(emails_written: int) -> timedelta:
    """The time from the next email until the profile hides: the remaining reminders, and a week after the last one."""
    return (REMINDERS - emails_written + 1) * REMINDED_AFTER
