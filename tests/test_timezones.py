"""Every process uses the time zones of the pinned `tzdata`, however old the system's are.

British Columbia, Alberta and Manitoba stay on daylight time from November 1, 2026. Debian 12's data (2025b) lack the
change, so a meeting at 7 p.m. in Vancouver would start an hour too early there all winter.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
import tzdata

from tooling.static_files import ROOT

JANUARY = datetime(2027, 1, 15, 12, tzinfo=UTC)
#: Hours from UTC in January 2027, for three zones that changed and two that did not.
HOURS = {
    "America/Vancouver": -7,
    "America/Edmonton": -6,
    "America/Winnipeg": -5,
    "America/Toronto": -5,
    "America/Regina": -6,
}
#: The old values, as zones with a fixed offset: the same old data for this test on every machine.
BEFORE = {"America/Vancouver": "Etc/GMT+8", "America/Edmonton": "Etc/GMT+7", "America/Winnipeg": "Etc/GMT+6"}
#: How each process starts: the web server, its loader, worker and beat, manage.py, and the programs of `./dev`.
BEGINNINGS = {
    "web": "import s4jr.wsgi",
    "server": "import s4jr.server",
    "worker and beat": "import s4jr.celery",
    "manage.py": "import runpy, sys; sys.argv[1:] = ['version']\nrunpy.run_path('manage.py', run_name='__main__')",
    "run": "import tooling.run_site",
    "benchmarks": "import benchmarks.ours",
    "settings": "import s4jr.settings",
}
ASK = """
from datetime import datetime, UTC
from zoneinfo import ZoneInfo
print(ZoneInfo("America/Vancouver").utcoffset(datetime(2027, 1, 15, 12)).total_seconds() / 3600)
"""


def hours_in(zone):
    return JANUARY.astimezone(ZoneInfo(zone)).utcoffset().total_seconds() / 3600


@pytest.fixture
def old_system(tmp_path):
    """A system zone folder with the old rules."""
    for zone, fixed in BEFORE.items():
        (tmp_path / zone).parent.mkdir(exist_ok=True)
        (tmp_path / zone).write_bytes(resources.files("tzdata.zoneinfo").joinpath(fixed).read_bytes())
    return tmp_path


def offset_in_process(beginning, system):
    """Return Vancouver's offset in January 2027, in hours, in a process that starts like this on an old system."""
    environ = {**os.environ, "PYTHONTZPATH": str(system)}
    run = [sys.executable, "-W", "ignore", "-c", f"{beginning}\n{ASK}"]
    return float(
        subprocess.run(run, env=environ, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()[-1]
    )


def test_the_pinned_data_have_the_new_rules():
    assert tzdata.IANA_VERSION >= "2026f"
    assert {zone: hours_in(zone) for zone in HOURS} == HOURS


def test_on_an_old_system_plain_python_is_an_hour_off(old_system):
    assert offset_in_process("", old_system) == -8


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_no_process_reads_the_systems_zones(beginning, old_system):
    assert offset_in_process(beginning, old_system) == -7
