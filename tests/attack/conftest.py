"""Fixtures of the attack tests.

`ATTACK=long` makes every test in this folder take its long form; `ATTACK_SEED` sets the seed. See docs/attack.md.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

LONG = os.environ.get("ATTACK") == "long"
SEED = int(os.environ.get("ATTACK_SEED", "8"))


@pytest.fixture
def size():
    """`size(short, long)` returns the size of this run."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def seed():
    return SEED


@pytest.fixture
def at_once():
    """`at_once(function, things, threads)` returns the results, in order, of calls in parallel threads."""

    def run(function, things, threads=4):
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(function, things))

    return run


@pytest.fixture
def tell(request, capsys):
    """Prints a line for a table in docs/attack.md, even when the tests pass."""

    def say(line):
        with capsys.disabled():
            print(f"\n{request.node.name}: {line}")  # noqa: T201

    return say if LONG else lambda line: None


def pytest_collection_modifyitems(config, items):
    """Only `./dev attack` runs tests that install a program or take minutes."""
    if not LONG:
        kept = [item for item in items if not item.get_closest_marker("long_attack")]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
