"""Steps of a scheduled task. Each runs by itself: one that fails is logged and counted, and never stops the rest."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

#: Under this name `run_steps` says how many steps failed.
FAILED = "failed"
#: Called once for each step that fails, however often they were put in: `s4jr.accounts` counts them for admins.
when_one_fails: set[Callable[[], None]] = set()


def tell_of_failure() -> None:
    """Something that a scheduled task does failed, and is only in the log: admins are told how often."""
    for tell in when_one_fails:
        tell()


def run_steps(steps: dict[str, Callable[[], int | None]]) -> dict[str, int]:
    """Run each step. Returns {name: how many}, of what there was any, and how many steps failed, if any did."""
    done: dict[str, int] = {}
    for name, step in steps.items():
        try:
            done[name] = step() or 0
        except Exception:
            logger.exception("The step “%s” failed", name)
            done[FAILED] = done.get(FAILED, 0) + 1
            tell_of_failure()
    return {name: count for name, count in done.items() if count}
