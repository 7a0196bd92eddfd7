"""What no longer does anything: links that have run out, sessions that are over, counts of days gone by."""

from django.conf import settings
from django.contrib.sessions.models import Session as EarlierSession
from django.db import connection
from django.db.models import Q

from s4jr.privacy.limits import SECONDS
from s4jr.privacy.models import Invitation, RateLimit, Session


def rows_that_are_over(now):
    """QuerySets of all that is over at this moment, by what they are called."""
    return {
        "sessions": Session.objects.filter(expire_date__lte=now),
        # Django's own table, which the release before `s4jr.privacy.sessions` still wrote.
        "sessions of an earlier release": EarlierSession.objects.filter(expire_date__lte=now),
        "invitations": Invitation.objects.filter(Q(expires_at__lte=now) | Q(used_at__lte=now)),
        "counts of tries": RateLimit.objects.filter(_counted_before(now)),
    }


def _counted_before(now):
    """Counts that began more than a day ago. A period's length shows in its number: an hour's is 24 times a day's."""
    days_gone_by, since = Q(pk=None), int(now.timestamp())
    for seconds in SECONDS.values():
        this_one, a_day_ago = since // seconds, (since - SECONDS["d"]) // seconds
        days_gone_by |= Q(period__gt=this_one // 2, period__lt=a_day_ago)
    return days_gone_by


def delete_cached(now):
    """Delete what the cache keeps beyond its time: Django does so only once it is full. Returns how many."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        expired = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [expired])  # noqa: S608  the table is a setting
        return cursor.rowcount
