"""What a page of words costs compared to its floors and peers, measured together in one run, on real services.

./dev bench reading [--quick]
"""

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import ours, peers
from benchmarks.load import load, middle, pss_of, wrk
from benchmarks.report import publish, table
from tests.servers.process import free_port

ROUNDS, SECONDS = 3, 4
BARE, CALLABLE, NGINX = "a bare Django view of 10 KB", "a WSGI callable of 10 KB", "nginx, a file of 10 KB"
BROTLI = {"Accept-Encoding": "br"}
REQUESTS = 100_000
HEAD = ["row", "CPU, × bare", "requests/s, × bare", "requests/s, × nginx", "p99, × nginx's", "goal"]


@dataclass
class Row:
    """A URL of a server, requested in turn with the others; `figures` holds one Figure per round."""

    name: str
    peer: peers.Peer
    path: str = ""
    headers: dict = field(default_factory=dict)
    goal: str = ""
    figures: list = field(default_factory=list)

    def measure(self, seconds):
        url = f"http://127.0.0.1:{self.peer.port}{self.path or self.peer.path}"
        self.figures.append(load(self.peer.program, url, seconds, self.headers))


def main(*, quick):
    rounds, seconds = (1, 1) if quick else (ROUNDS, SECONDS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        parts = stack.enter_context(ours.standing())
        fill_directory()
        rows = _rows(folder, parts, stack)
        for _round in range(rounds):
            for row in rows:
                row.measure(seconds)
        lines = [
            *_compared(rows),
            "",
            *_memory(rows, stack, REQUESTS // (20 if quick else 1)),
            "",
            *_counts(),
            "",
            *_first_visit(),
        ]
        publish("reading", "./dev bench reading", lines, keep=not quick)


def fill_directory():
    from tests.chapters import cast

    cast.many(10_000, 600)


def _rows(folder, parts, stack):
    site = ours.served(stack)
    stock = peers.Stock(folder / "stock", parts.postgres)
    view, callable_ = peers.bare(folder / "bare")
    startproject, wagtail = stock.startproject(), stock.wagtail()
    nginx = peers.static(folder / "nginx")
    for peer in (view, callable_, nginx, startproject, wagtail):
        peers.start(peer, stack)
    return [
        Row(BARE, view),
        Row(CALLABLE, callable_),
        Row(NGINX, nginx),
        Row("`/why/`, hit", site, "/why/", goal="CPU at most 0.25, requests 4 × bare and 0.5 × nginx, p99 3 ×"),
        Row("`/why/`, hit, brotli", site, "/why/", BROTLI, goal="the same"),
        Row("`/`, hit (made anew each second)", site, "/", BROTLI),
        Row("`/why/`, miss (a query goes past)", site, "/why/?x=1", goal="CPU at most 22"),
        Row("`/representatives/`, 10,000 of them", site, "/representatives/"),
        Row("`/representatives/?place=CA-ON`", site, "/representatives/?place=CA-ON"),
        Row("`GET /join/`", site, "/join/"),
        Row("stock startproject with allauth, crispy: a page", startproject),
        Row("the same: `GET` of a form of three fields", startproject, "/join/"),
        Row("stock `wagtail start`: its home page", wagtail),
    ]


def _compared(rows):
    found = {row.name: middle(row.figures) for row in rows}
    bare, nginx = found[BARE], found[NGINX]
    yield from table(
        HEAD,
        [
            [
                row.name,
                f"{found[row.name].cpu / bare.cpu:.2f}",
                f"{found[row.name].rate / bare.rate:.2f}",
                f"{found[row.name].rate / nginx.rate:.2f}",
                f"{found[row.name].p99 / nginx.p99:.1f}",
                row.goal,
            ]
            for row in rows
        ],
    )


def _memory(rows, stack, requests):
    """PSS of one of two workers, as deployed, before and after so many requests: nine hits in ten, the rest misses."""
    site = ours.served(stack, port=free_port(), workers=2)
    ours_only = {"Host": urlsplit(os.environ["SITE_URL"]).netloc}
    address, asked = f"http://127.0.0.1:{site.port}", 0
    for path in ("/", "/join/", "/why/", "/why/?x=1", "/representatives/"):
        wrk(f"{address}{path}", 1, ours_only)
    early = pss_of(site.program)
    while asked < requests:
        asked += wrk(f"{address}/why/", 1, ours_only)[0]
        asked += wrk(f"{address}/why/?x=1", 1, ours_only)[0]
    late = pss_of(site.program)
    yield from table(
        ["memory (PSS)", "MB before", "MB after", "requests between", "goal"],
        [
            [
                "the site, one of two workers",
                f"{early:.0f}",
                f"{late:.0f}",
                f"{asked:,}",
                "at most 60, flat within 5 %",
            ],
            *([row.name, "", f"{pss_of(row.peer.program):.0f}", "", ""] for row in (rows[0], rows[-2], rows[-1])),
        ],
    )


def _counts():
    from django.test import Client

    from benchmarks.directory import measured

    client, lines = Client(), []
    for address, goal in (("/why/?x=1", "1"), ("/representatives/", "1"), ("/representatives/?place=CA-ON", "2")):
        questions, whole, _bare, sent, _milliseconds = measured(client, address)
        size = f"{whole / 1000:.1f} ({sent / 1000:.1f} as sent)"
        lines.append([f"`{address}`", questions, size, f"at most {goal} questions, 25 KB"])
    yield from table(["page, 10,000 representatives", "questions", "KB of HTML", "goal"], lines)


def _first_visit():
    """What a browser with an empty cache fetches for the home page."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.test_weight import fetched
    from tests.servers.browser import ARGUMENTS, find_or_install_browser, ready_playwright

    ready_playwright()
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        browser = chromium.launch(executable_path=find_or_install_browser(chromium.executable_path), args=ARGUMENTS)
        files = fetched(browser, f"{os.environ['SITE_URL']}/")
        browser.close()
    weight = sum(size for _address, size in files) / 1000
    cells = ["`/`, empty cache", len(files), f"{weight:.1f}", "at most 4 requests, 30 KB"]
    yield from table(["first visit", "requests", "KB on the wire", "goal"], [cells])
