"""Runs steps at the same time, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction


def race(*steps: Callable[[], Any]) -> list[Any]:
    """Return what each step returned, or the exception that it raised, in the order of the steps."""
    gate = threading.Barrier(len(steps))
    results: list[Any] = [None] * len(steps)

    def run(place, step):
        gate.wait()
        try:
            results[place] = step()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def while_uncommitted(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Return what `second` returned or raised, run after `first` wrote its rows and before it commits them."""
    done: list[Any] = []

    def run():
        try:
            done.append(second())
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not _is_waited_for():
            pass
    thread.join()
    return done[0]


def _is_waited_for() -> bool:
    """Whether another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
