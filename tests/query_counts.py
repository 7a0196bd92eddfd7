"""How many queries thirty rows take, and how many one takes. A test gives each row related rows of its own."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

LANGUAGES = ("en", "fr-ca", "es")
REGIONS = ("CA-ON", "CA-QC", "US-TX", "US-CA", "CA-BC")


def queries_of(ask):
    """Return how many queries `ask()` takes."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def for_one_and_thirty(create, ask):
    """Return the queries of `ask()` with one row and with thirty; `create(number)` makes a row and all it points to.

    The first `ask()` is not counted: it saves the session and fills the caches.
    """
    ask()
    create(0)
    for_one = queries_of(ask)
    for number in range(1, 30):
        create(number)
    return for_one, queries_of(ask)
