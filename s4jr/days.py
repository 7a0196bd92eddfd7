"""Which day it is, for whom (house rule 18 of the design). Nobody's own zone is known: it would say where they are.

A deadline somebody must meet, such as the last day of a term, is over when the day is over in the westernmost place on
Earth. A permission without a place, such as that to a photograph, is over when the day is over in the first place.
What is only counted or kept for a number of days goes by UTC.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

#: From UTC: Baker Island, and Kiritimati.
WESTERNMOST, EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)


def westernmost_today(now: datetime | None = None) -> date:
    """The day that is over nowhere: who must do something by that day still can."""
    return ((now or timezone.now()) + WESTERNMOST).date()


def easternmost_today(now: datetime | None = None) -> date:
    """The day that has begun somewhere: what may be done until the day before is over in the first place."""
    return ((now or timezone.now()) + EASTERNMOST).date()
