"""What emails cost: over SMTP compared to `smtplib` on one connection, and an announcement to a hundred thousand.

    ./dev bench emails [--quick]

The mail server is a separate process that accepts every email and stores none.
"""

import os
import smtplib
import subprocess
import sys
import time
from contextlib import ExitStack
from email.message import EmailMessage
from statistics import median

from benchmarks import ours
from benchmarks.counting import counted
from benchmarks.load import wrk
from benchmarks.report import publish, table
from members.announcements.services import start_sending, write_next_portion
from s4jr.mail.services import queue_emails
from tests.servers.process import free_port, listens

EMAILS, READERS, ROUNDS = 1000, 100_000, 3
CONNECTIONS = 4
BODY = "A heron stands in the reeds, and then it does not.\n" * 30
CELERY = [sys.executable, "-m", "celery", "-A", "s4jr"]
PAGES = {"`/why/`, hit": "/why/", "`/why/`, miss": "/why/?x=1", "`GET /join/`": "/join/"}


def main(*, quick):
    emails, readers = (100, 15_000) if quick else (EMAILS, READERS)
    with ExitStack() as stack:
        port, slow_port = free_port(), free_port()
        stack.enter_context(ours.standing())
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        _sink(port, stack)
        _sink(slow_port, stack, "benchmarks.slow_sink.SlowSink")
        lines = [
            *_through_smtp(f"{emails:,} emails, the server takes no time", port, emails), "",
            *_through_smtp(f"{emails // 4:,} emails, it takes 20 ms for each", slow_port, emails // 4), "",
            *_to_many(readers, stack),
        ]  # fmt: skip
        publish("emails", "./dev bench emails", lines, keep=not quick)


def _sink(port, stack, handler="aiosmtpd.handlers.Sink"):
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", handler]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    while not listens(port):
        time.sleep(0.05)


# --- one by one


def _through_smtp(head, port, count):
    """Emails per second sent by the site, compared to the same emails by smtplib, which records nothing."""
    from django.conf import settings

    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    rates = {
        "floor: `smtplib`, one connection": lambda: _by_smtplib(port, count),
        "`smtplib`, a connection for each email": lambda: _by_connections(port, count),
        "the site: each step written down, so that none is doubled": lambda: _by_the_site(count),
    }
    taken = {name: [] for name in rates}
    for _round in range(ROUNDS):
        for name, send in rates.items():
            taken[name].append(send())
    floor = median(taken["floor: `smtplib`, one connection"])
    goals = ["", "", "at least 0.9, one connection a batch"]
    cells = [
        [name, f"{floor / median(times):.2f}", goal] for (name, times), goal in zip(taken.items(), goals, strict=True)
    ]
    yield from table([head, "emails a second, × floor", "goal"], cells)


def _by_smtplib(port, count):
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for nth in range(count):
            line.send_message(_email(nth))
    return time.perf_counter() - begun


def _by_connections(port, count):
    begun = time.perf_counter()
    for nth in range(count):
        with smtplib.SMTP("127.0.0.1", port) as line:
            line.send_message(_email(nth))
    return time.perf_counter() - begun


def _email(nth):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hello@localhost", f"nobody{nth}@crowd.example", "A subject"
    message.set_content(BODY)
    return message


def _by_the_site(count):
    from s4jr.mail.delivery import send_what_is_due
    from tests import cast

    queue_emails([cast.email(to=f"nobody{nth}@crowd.example", body=BODY) for nth in range(count)])
    begun = time.perf_counter()
    became = send_what_is_due()
    assert became["sent"] == count, became
    return time.perf_counter() - begun


# --- announcements


def _to_many(count, stack):
    """How many statements queue it, and how long readers of the site wait while it is sent."""
    from django.utils.timezone import now

    from benchmarks import crowd
    from members.models import Member

    crowd.fill(0, count)
    Member.objects.update(status="approved", decided_at=now(), newsletter=True, left_on=None)
    written, seconds, statements = _queued()
    head = [f"an announcement to {written:,}", "figure", "goal"]
    yield from table(head, [
        ["statements that queue 1,000", f"{statements / written * 1000:.1f}", "at most 20"],
        ["queued in a second", f"{written / seconds:,.0f}", ""],
    ])  # fmt: skip
    yield ""
    yield from _while_it_leaves(stack)


def _queued():
    """(emails, seconds, statements) to queue a whole announcement; queued emails are deleted in between."""
    from s4jr.mail.models import OutgoingEmail

    _begin()
    emails = seconds = statements = 0
    while True:
        with counted() as spent:
            written = write_next_portion()
        if not written:
            return emails, seconds, statements
        emails, seconds = emails + written, seconds + spent["seconds"]
        statements += spent["statements"]
        OutgoingEmail.objects.all()._raw_delete("default")


def _begin():
    from members.models import Announcement
    from tests import make
    from tests.members.announcements.cast import announcement

    draft = announcement()
    start_sending(Announcement.objects.filter(pk=draft.pk), by=make.admin(f"ada-{draft.pk.hex}"))


def _while_it_leaves(stack):
    """The 99th percentile of readers' waiting time while a worker sends, as a multiple of that without sending."""
    from s4jr.mail.models import OutgoingEmail

    site, host = ours.served(stack), os.environ["SITE_URL"]
    for program in (
        "worker --pool solo --without-gossip --without-mingle",
        "beat --scheduler celery.beat:Scheduler --pidfile=",
    ):
        process = subprocess.Popen([*CELERY, "--quiet", *program.split()], stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
    _let_it_settle()
    quiet = {name: _waits(host, path) for name, path in PAGES.items()}
    _begin()
    sent = OutgoingEmail.objects.filter(state="sent", kind="announcement")
    while not sent.exists():
        time.sleep(0.1)
    before, begun = sent.count(), time.monotonic()
    busy = {name: _waits(host, path) for name, path in PAGES.items()}
    rate = (sent.count() - before) / (time.monotonic() - begun)
    assert OutgoingEmail.objects.on_their_way().exists(), "it had left before the readers were measured"
    assert site.program.process.poll() is None
    cells = [[name, f"{busy[name] / quiet[name]:.2f}", "at most 2"] for name in PAGES]
    yield from table(
        ["p99 while it leaves", "× when none does", "goal"],
        [*cells, ["letters that left in a second", f"{rate:.0f}", ""]],
    )


def _let_it_settle():
    """PostgreSQL's own maintenance would be measured as waiting, and Celery takes a while to start."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    time.sleep(10)


def _waits(host, path):
    """Milliseconds, the 99th percentile; with few concurrent readers, which would otherwise use both cores."""
    wrk(f"{host}{path}", 1, connections=CONNECTIONS)
    return median(wrk(f"{host}{path}", 3, connections=CONNECTIONS)[2] for _round in range(ROUNDS))
