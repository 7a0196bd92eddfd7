"""Fixtures of the chaos tests.

`CHAOS=long` (`./dev chaos`) makes every test take its long form; `CHAOS_SEED` sets the seed.
"""

import os

import pytest

LONG = os.environ.get("CHAOS") == "long"


@pytest.fixture
def size():
    """`size(short, long)` returns the size of this run."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def seed():
    return int(os.environ.get("CHAOS_SEED", "8"))


@pytest.fixture
def tell(request, capsys):
    """Prints a line for the tables of docs/reliability.md, even when the tests pass."""

    def say(line):
        with capsys.disabled():
            print(f"\n{request.node.name}: {line}")  # noqa: T201

    return say if LONG else lambda line: None


@pytest.fixture
def sure_environment(child_environment):
    """Returns the environment to reach the test database with `synchronous_commit`, so commits survive a crash.

    The tests' PostgreSQL turns that off for speed; no site should.
    """
    roomy = {"FORMS_FROM_ONE_PEER_AN_HOUR": "1000000", "INTAKE_BYTES_AN_HOUR": "1000000000"}
    return {**child_environment, **roomy, "PGOPTIONS": "-c synchronous_commit=on"}
