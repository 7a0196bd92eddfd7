"""What applying costs: `POST /join/` compared to its own `GET`, a stock Django form, and one INSERT.

./dev bench joining [--quick]
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from benchmarks import ours, peers
from benchmarks.join_timing import Visitor, address, put_emails_back
from benchmarks.load import cpu_of
from benchmarks.report import publish, table

FORMS, BROWSERS = 400, 8
ANSWERS = {
    "name": "Nobody Testperson",
    "contact": "yes",
    "agreement": "on",
    "consent": "on",
    "message": "A heron. " * 20,
}
STOCK = {"name": "Nobody Testperson", "message": "A heron. " * 20}


def main(*, quick):
    forms = FORMS // 8 if quick else FORMS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        parts = stack.enter_context(ours.standing())
        site = ours.served(stack)
        stock = peers.start(peers.Stock(folder / "stock", parts.postgres).startproject(), stack)
        rows = [
            (
                "the site: name, address, message, encrypted; an email and two links",
                site,
                lambda: {**ANSWERS, "email": address()},
            ),
            ("a stock `CreateView` of three fields", stock, lambda: {**STOCK, "email": address()}),
        ]
        found = [(name, *_get_and_post(peer, answers, forms)) for name, peer, answers in rows]
        one_insert = _insert(parts, forms)
        publish("joining", "./dev bench joining", [*_compared(found, one_insert), "", *_questions()], keep=not quick)


def _get_and_post(peer, answers, forms):
    """Microseconds of the server's CPU to fetch a form, and to submit it."""
    with ThreadPoolExecutor(BROWSERS) as pool:
        lines = [HTTPConnection("127.0.0.1", peer.port, timeout=30) for _ in range(BROWSERS)]
        share = range(forms // BROWSERS)
        list(pool.map(lambda line: [Visitor(line, "/join/", **answers()) for _ in range(5)], lines))  # warm-up
        before = cpu_of(peer.program)
        fetched = list(pool.map(lambda line: [Visitor(line, "/join/", **answers()) for _ in share], lines))
        between = cpu_of(peer.program)
        for few in range(0, forms // BROWSERS, 5):  # stays below the hourly limit of emails
            sent = pool.map(lambda mine, few=few: [visitor.send().status for visitor in mine[few : few + 5]], fetched)
            if (said := {status for statuses in sent for status in statuses}) != {302}:
                raise RuntimeError(f"Sent forms were answered with {said}:\n{peer.program.output()[-3000:]}")
            put_emails_back(hours=2)
        after = cpu_of(peer.program)
    return (between - before) / forms * 1e6, (after - between) / forms * 1e6


def _insert(parts, count):
    """Microseconds of a client's CPU for one INSERT of a row as long as a member's."""
    with psycopg.connect(parts.database_url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE floor (id bigserial primary key, a text, b text, c text)")
        begun = time.process_time()
        for _ in range(count):
            connection.execute("INSERT INTO floor (a, b, c) VALUES (%s, %s, %s)", ["x" * 120, "y" * 120, "z" * 500])
        return (time.process_time() - begun) / count * 1e6


def _compared(found, one_insert):
    ours_get = found[0][1]
    yield from table(
        ["form", "`GET`, CPU", "`POST`, CPU", "`POST` : its own `GET`", "goal"],
        [
            *(
                [name, f"{get / ours_get:.2f}", f"{post / ours_get:.2f}", f"{post / get:.2f}", goal]
                for (name, get, post), goal in zip(found, ["at most 1.5", ""], strict=True)
            ),
            ["floor: one INSERT through psycopg", "", f"{one_insert / ours_get:.2f}", "", ""],
        ],
    )


def _questions():
    """How many statements `POST /join/` runs, by Django's own count."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, token = Client(SERVER_NAME="testserver"), new_token()
    client.get("/join/")
    time.sleep(3.1)
    with CaptureQueriesContext(connection) as asked:
        response = client.post("/join/", {**ANSWERS, "email": address(), "form_token": token})
    assert response.status_code == 302
    transaction = [
        query["sql"] for query in asked if query["sql"].split()[0] in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}
    ]
    cells = ["`POST /join/`", len(asked) - len(transaction), len(transaction), "at most 4; no network call besides"]
    yield from table(["statements", "questions and writes", "of the transaction", "goal"], [cells])


def new_token():
    """The token of a new form for a browser that submitted none before."""
    from django.http import HttpRequest

    from members.submission_tokens import JOIN_FORM

    return JOIN_FORM.new_token(HttpRequest())
