"""Slow connections don't stop the site from answering others.

granian waits for headers and sends responses without a thread, but reads a form in one, so the proxy handles slow
bodies. `test_with_the_proxy…` needs nginx, so only `./dev attack` runs it; tests/test_compose.py checks the settings in
the proxy's file.
"""

import time

import pytest

from tests.attack import wire
from tests.attack.deployment import Deployment
from tests.attack.proxy import trusting
from tests.attack.slow import SlowConnections

pytestmark = pytest.mark.only_postgres
FORM = (b"Content-Type", b"application/x-www-form-urlencoded")


def page(port, target=b"/"):
    return wire.request(b"GET", target, [(b"Host", b"127.0.0.1:%d" % port), (b"Connection", b"close")])


def form(port):
    headers = [(b"Host", b"127.0.0.1:%d" % port), (b"Connection", b"close"), (b"Content-Length", b"6"), FORM]
    return wire.request(b"POST", b"/join/", headers, b"name=x")


@pytest.mark.parametrize("kind", ["silent", "header", "read"])
def test_the_site_answers_while_other_connections_hang(site, kind, size):
    with SlowConnections(site.port, kind, size(60, 1000)) as slow:
        slow.go_on()
        statuses = [wire.ask(site.port, page(site.port)) for _ in range(5)]
    assert statuses == [200] * 5


@pytest.mark.long_attack
@pytest.mark.parametrize("kind", ["silent", "header", "body", "read"])
def test_with_the_proxy_it_answers_while_a_thousand_hang(kind, transactional_db, child_environment, tmp_path, tell):
    with Deployment(tmp_path, child_environment, webs=1) as site:
        tls = trusting()
        with SlowConnections(site.port, kind, 1000, tls) as slow:
            took = []
            for _ in range(20):
                slow.go_on()
                before = time.monotonic()
                statuses = [wire.ask(site.port, ask(site.port), tls=tls) for ask in (page, form)]
                took.append(time.monotonic() - before)
                assert statuses == [200, 403]  # it reads the form and finds no CSRF token
            tell(f"1000 connections, a page and a form took {sorted(took)[10]:.3f} s, at most {max(took):.3f} s")
    assert sorted(took)[18] < 1  # one of the twenty may wait for other work on this machine


@pytest.mark.long_attack
def test_without_the_proxy_slow_bodies_stop_it(site):
    """The control: if it fails, the site no longer needs the proxy, and docs/deploy.md is wrong."""
    with SlowConnections(site.port, "body", 50), pytest.raises(TimeoutError):
        request_until_no_answer(site)


def request_until_no_answer(site):
    """Sends requests until the slow connections occupy all threads."""
    for _ in range(50):
        wire.ask(site.port, page(site.port), seconds=3)
