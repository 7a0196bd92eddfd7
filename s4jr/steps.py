"""Steps of a scheduled task. Each runs independently: a failure is logged and counted, and never stops the rest."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

#: The key under which `run_steps` returns how many steps failed.
FAILED = "failed"
#: Called once for each step that fails: `s4jr.accounts` counts them for admins.
when_one_fails: set[Callable[[], None]] = set()


def tell_of_failure() -> None:
    """Count a failure of a scheduled task that would otherwise be only in the log: admins see how often."""
    for tell in when_one_fails:
        tell()


def run_steps(steps: dict[str, Callable[[], int | None]]) -> dict[str, int]:
    """Run each step. Returns {name: how many}, without zeros, and under FAILED how many steps failed."""
    done: dict[str, int] = {}
    for name, step in steps.items():
        try:
            done[name] = step() or 0
        except Exception:
            logger.exception("The step “%s” failed", name)
            done[FAILED] = done.get(FAILED, 0) + 1
            tell_of_failure()
    return {name: count for name, count in done.items() if count}
