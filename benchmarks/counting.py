"""What something costs this process: CPU seconds, wall-clock seconds in total and in PostgreSQL, and statements."""

import time
from contextlib import contextmanager
from statistics import median

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET")


@contextmanager
def counted():
    """Yield a dict that afterwards holds CPU seconds, wall-clock seconds in total and in PostgreSQL, and statements."""
    from django.db import connection

    spent = {"postgres": 0.0, "statements": 0}

    def watch(execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent["postgres"] += time.perf_counter() - begun
            spent["statements"] += not sql.startswith(TRANSACTION)

    cpu, begun = time.process_time(), time.perf_counter()
    with connection.execute_wrapper(watch):
        yield spent
    spent["cpu"], spent["seconds"] = time.process_time() - cpu, time.perf_counter() - begun


def middle_of(act, times):
    """The median figures of `act()`, run so many times after one uncounted run."""
    act()
    taken = []
    for _ in range(times):
        with counted() as spent:
            act()
        taken.append(spent)
    return middle(taken)


def middle(taken):
    """The median of each figure in several such dicts."""
    return {name: median(each[name] for each in taken) for name in taken[0]}
