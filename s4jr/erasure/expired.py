"""What no longer does anything: links that have run out, sessions that are over, counts of days gone by."""

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from s4jr.accounts.models import Invitation, Session
from s4jr.security.models import RateLimit


def rows_that_are_over(now):
    """QuerySets of all that is over at this moment, by what they are called."""
    return {
        "sessions": Session.objects.filter(expire_date__lte=now),
        "invitations": Invitation.objects.filter(Q(expires_at__lte=now) | Q(used_at__lte=now)),
        "counts of tries": expired_counts(now),
    }


def purge_expired_counts(now=None) -> int:
    """Delete the counts whose window is over. Short, so that beat asks for it each hour. Returns how many."""
    return expired_counts(now or timezone.now()).delete()[0]


def expired_counts(now):
    return RateLimit.objects.filter(expires_at__lte=now)


def delete_cached(now):
    """Delete what the cache keeps beyond its time: Django does so only once it is full. Returns how many."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        expired = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [expired])  # noqa: S608  the table is a setting
        return cursor.rowcount
