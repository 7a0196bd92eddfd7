"""Rows without a purpose: expired links, ended sessions, and counts whose window is over."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from s4jr.accounts.models import Invitation, Session
from s4jr.security.models import RateLimit


def rows_that_are_over(now: datetime) -> dict[str, QuerySet[Any]]:
    """QuerySets of all that is over at `now`, by name."""
    return {
        "sessions": Session.objects.filter(expire_date__lte=now),
        "invitations": Invitation.objects.filter(Q(expires_at__lte=now) | Q(used_at__lte=now)),
        "counts of tries": expired_counts(now),
    }


def purge_expired_counts(now: datetime | None = None) -> int:
    """Delete the counts whose window is over. Short enough for beat to run each hour. Returns how many."""
    return expired_counts(now or timezone.now()).delete()[0]


def expired_counts(now: datetime) -> QuerySet[RateLimit]:
    return RateLimit.objects.filter(expires_at__lte=now)


def delete_cached(now: datetime) -> int:
    """Delete expired cache entries: Django does so only once the cache is full. Returns how many."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        expired = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [expired])  # noqa: S608  the table is a setting
        return cursor.rowcount
