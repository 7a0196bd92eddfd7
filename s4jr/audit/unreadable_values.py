"""Counts the encrypted values that cannot be decrypted. A daily task tries each value, and admins see the count.

It reads every row, which no other scheduled task may do: a value that no one has opened for a year must be found while
a backup still holds it. It works in batches and stores only counts.
"""

from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from s4jr.crypto.fields import Ciphertext, DecryptionError, decrypt, encrypted_fields
from s4jr.security.models import RateLimit
from s4jr.security.ratelimit import keyed_hash

#: The name of these counts among the rate limits, keyed by the field's context. They last until the next run.
NAME = "unreadable values"
ROWS_AT_ONCE = 2_000
LASTS = timedelta(days=3)


def count_unreadable() -> dict[str, int]:
    """Try every encrypted value in the database. Returns {context: how many cannot be decrypted}, without zeros."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        for field in encrypted_fields(model):
            found[field.context] += _count_in(model, field)
    found = +found
    _keep(found)
    return dict(found)


def unreadable_now() -> int:
    """How many values could not be decrypted in the last run."""
    return sum(RateLimit.objects.filter(name=NAME, expires_at__gt=timezone.now()).values_list("count", flat=True))


def _count_in(model, field):
    held = model._base_manager.order_by().values_list(field.attname, flat=True)
    return sum(not _opens(value, field.context) for value in held.iterator(chunk_size=ROWS_AT_ONCE))


def _opens(value, context):
    try:
        if isinstance(value, Ciphertext):
            decrypt(value.token, context)
    except DecryptionError:
        return False
    return True


def _keep(found):
    RateLimit.objects.filter(name=NAME).delete()
    until = timezone.now() + LASTS
    RateLimit.objects.bulk_create(
        RateLimit(name=NAME, key=keyed_hash(NAME, context), period=0, count=count, expires_at=until)
        for context, count in found.items()
    )
