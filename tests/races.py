"""Runs steps at the same time, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


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
