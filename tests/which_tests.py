"""A pytest plugin (pyproject.toml): the order of the tests, and which of them run again on a second database."""

import pytest

#: Folders with few and long tests: they run first, so that no process waits at the end for a late start.
#: Browser tests next to each other also share a browser.
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
    """Other parameters send other values in the same statements, and databases do not differ in values."""
    first = {}
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames:
            first.setdefault(item.nodeid.partition("[")[0], item)
    return list(first.values())
