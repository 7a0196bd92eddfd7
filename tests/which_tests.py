"""The order in which tests run, and which of them a second database repeats. A pytest plugin (pyproject.toml)."""

import pytest

#: Files of these hold few tests, and long ones: first, so that no process waits in the end for who began one last.
#: Side by side, those of a browser also share one.
LONG = ("tests/e2e/", "tests/chaos/", "tests/attack/")


def pytest_addoption(parser):
    parser.addoption(
        "--what-asks-the-database",
        action="store_true",
        help="only tests that ask a database, each with one of its sets of parameters: what a second database repeats",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("what_asks_the_database"):
        kept = what_asks_the_database(items)
        config.hook.pytest_deselected(items=[*{*items}.difference(kept)])
        items[:] = kept
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def what_asks_the_database(items):
    """Other parameters of a test send other values in the same statements, and values are no database's own matter."""
    first = {}
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames:
            first.setdefault(item.nodeid.partition("[")[0], item)
    return list(first.values())
