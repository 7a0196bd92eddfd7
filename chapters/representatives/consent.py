"""Consent to a public profile: how long it runs, when it is asked for again by email, and whose profile is shown.

It imports no model, so that the model and its QuerySet may ask.
"""

from datetime import date, timedelta

from django.db.models import Q

from chapters.local_days import places_by_day
from chapters.regions import WITH_REGIONS
from s4jr.crypto.blind_index import keyed_hash
from s4jr.days import westernmost_today

#: An email asks again once in 90 days; whoever does not press has two reminders.
ASKED_AFTER = timedelta(days=90)
REMINDED_AFTER = timedelta(days=7)
REMINDERS = 2
#: From the press until the profile hides: a week after the second reminder.
LASTS = ASKED_AFTER + (REMINDERS + 1) * REMINDED_AFTER
#: How long a hidden profile can come back by the same press; then it is emptied.
KEPT_HIDDEN = timedelta(days=30)
#: Nothing hides before all emails were written; but no profile waits longer than this for emails that are late.
WAITS_FOR_EMAILS = timedelta(days=60)


def token_hash(token: str) -> str:
    """What is kept of a renewal link's token, 64 hex digits under INDEX_KEY."""
    return keyed_hash("renewal-link", token)


def shown_on(today: date | None = None) -> Q:
    """Whose profile is shown: their consent runs, or it ran out while we still owed them an email that asks for it.

    A consent is over when its last day is over in the place that they represent.
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
    """From the email that is next until the profile hides: the reminders that remain, and a week after the last."""
    return (REMINDERS - emails_written + 1) * REMINDED_AFTER
