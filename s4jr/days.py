"""Which day it is, for whom (house rule 18 of the design). No one's time zone is known: it would reveal where they are.

A deadline that someone must meet, such as the last day of a term, ends with the day in the westernmost place on Earth.
A permission without a place, such as that for a photograph, ends when the day is over in the first place. What is only
counted or kept for a number of days goes by UTC.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

#: Offsets from UTC: Baker Island and Kiritimati.
WESTERNMOST, EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)


def westernmost_today(now: datetime | None = None) -> date:
    """The day that is over nowhere: a deadline on it can still be met."""
    return ((now or timezone.now()) + WESTERNMOST).date()


def easternmost_today(now: datetime | None = None) -> date:
    """The day that has begun somewhere: a permission until the day before has ended in the first place."""
    return ((now or timezone.now()) + EASTERNMOST).date()
