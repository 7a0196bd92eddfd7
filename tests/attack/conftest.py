"""`ATTACK=long` makes every run in this folder the long one; `ATTACK_SEED` draws another. See docs/attack.md."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

LONG = os.environ.get("ATTACK") == "long"
SEED = int(os.environ.get("ATTACK_SEED", "8"))


@pytest.fixture
def size():
    """`size(short, long)`: how large this run is."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def seed():
    return SEED


@pytest.fixture
def at_once():
    """`at_once(function, things, threads)`: the results, in order, of many calls that run side by side."""

    def run(function, things, threads=4):
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(function, things))

    return run


@pytest.fixture
def tell(request, capsys):
    """A line of a table in docs/attack.md, shown also where all is well."""

    def say(line):
        with capsys.disabled():
            print(f"\n{request.node.name}: {line}")  # noqa: T201

    return say if LONG else lambda line: None


def pytest_collection_modifyitems(config, items):
    """What installs a part or takes minutes is for `./dev attack` alone."""
    if not LONG:
        kept = [item for item in items if not item.get_closest_marker("long_attack")]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
