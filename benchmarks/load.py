"""Requests pages with wrk and measures what that costs the server: CPU, requests per second, latency, memory."""

import re
import shutil
import subprocess
from dataclasses import astuple, dataclass
from statistics import median

import psutil

from tests.servers.process import MissingPart
from tooling.debian import apt_get_install

CONNECTIONS = 16
UNITS = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Figure:
    """Microseconds of the server's CPU per request, requests per second, 99th percentile in milliseconds."""

    cpu: float
    rate: float
    p99: float


def middle(figures):
    """The median of each number of several Figures."""
    return Figure(*map(median, zip(*map(astuple, figures), strict=True)))


def load(program, url, seconds, headers=None, connections=CONNECTIONS):
    """One Figure of requesting `url` as often as it is answered. Raises RuntimeError if a response is not 200."""
    wrk(url, 0.5, headers, connections)
    before = cpu_of(program)
    count, rate, p99 = wrk(url, seconds, headers, connections)
    return Figure((cpu_of(program) - before) / count * 1e6, rate, p99)


def wrk(url, seconds, headers=None, connections=CONNECTIONS):
    """(completed requests, requests per second, 99th percentile in milliseconds), as wrk reports them."""
    command = [
        find_or_install_wrk(),
        "-t1",
        f"-c{connections}",
        "--timeout",
        "10s",
        f"-d{max(1, round(seconds))}s",
        "--latency",
    ]
    named = [word for name, value in (headers or {}).items() for word in ("-H", f"{name}: {value}")]
    said = subprocess.run([*command, *named, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{url} was not always answered with 200:\n{said}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", said).groups()
    count, rate = re.search(r"(\d+) requests in", said)[1], re.search(r"Requests/sec:\s+([\d.]+)", said)[1]
    return int(count), float(rate), float(number) * UNITS[unit]


def find_or_install_wrk():
    for install in (lambda: None, lambda: apt_get_install("wrk")):
        install()
        if found := shutil.which("wrk"):
            return found
    raise MissingPart("No wrk was found. Install it with: apt-get install wrk")


def cpu_of(program):
    """CPU seconds that a server and all its child processes have used."""
    times = [process.cpu_times() for process in _processes(program)]
    return sum(spent.user + spent.system for spent in times)


def pss_of(program):
    """Megabytes of a server's worker, with shared pages divided (PSS): the largest of its children."""
    parent, *children = _processes(program)
    return max(process.memory_full_info().pss for process in children or [parent]) / 1e6


def _processes(program):
    top = psutil.Process(program.process.pid)
    return [top, *top.children(recursive=True)]
