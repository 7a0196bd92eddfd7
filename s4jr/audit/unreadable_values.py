"""How many encrypted values cannot be decrypted. A task tries each once a day, and admins see how many.

It reads every row, as nothing else may that runs by itself: a value that nobody has opened for a year must be found
while a backup still holds it. It works a few rows at a time and keeps nothing but numbers.
"""

from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from s4jr.crypto.fields import Ciphertext, DecryptionError, decrypt, encrypted_fields
from s4jr.security.models import RateLimit
from s4jr.security.ratelimit import keyed_hash

#: Under this name the counts stand among the other counts, by the context of the field, until the next run.
NAME = "unreadable values"
ROWS_AT_ONCE = 2_000
LASTS = timedelta(days=3)


def count_unreadable() -> dict[str, int]:
    """Try every encrypted value of the database. Returns {context: how many cannot be decrypted}, of what there is."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        for field in encrypted_fields(model):
            found[field.context] += _count_in(model, field)
    found = +found
    _keep(found)
    return dict(found)


def unreadable_now() -> int:
    """How many values could not be decrypted when they were last tried."""
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
