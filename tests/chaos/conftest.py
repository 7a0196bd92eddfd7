"""`CHAOS=long` (`./dev chaos`) makes every run here the long one; `CHAOS_SEED` draws another."""

import os

import pytest

LONG = os.environ.get("CHAOS") == "long"


@pytest.fixture
def size():
    """`size(short, long)`: how large this run is."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def seed():
    return int(os.environ.get("CHAOS_SEED", "8"))


@pytest.fixture
def tell(request, capsys):
    """A line for the tables of docs/reliability.md, shown also where all is well."""

    def say(line):
        with capsys.disabled():
            print(f"\n{request.node.name}: {line}")  # noqa: T201

    return say if LONG else lambda line: None


@pytest.fixture
def sure_environment(child_environment):
    """What programs need to find the test database, and what they have committed there outlives a crash.

    The tests' PostgreSQL trades that for speed; no site does.
    """
    roomy = {"FORMS_FROM_ONE_PEER_AN_HOUR": "1000000", "INTAKE_BYTES_AN_HOUR": "1000000000"}
    return {**child_environment, **roomy, "PGOPTIONS": "-c synchronous_commit=on"}
