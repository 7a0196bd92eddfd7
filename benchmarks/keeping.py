"""How long `purge` and `rotate_keys` block others in a full table: real processes, stopped halfway and resumed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

from benchmarks.report import table

ROOT = Path(__file__).parent.parent
#: Seconds for which `rotate_keys` runs each time: a million rows would take far too long for a benchmark.
ROTATES_FOR = 20
LINKS = """
    INSERT INTO members_memberlink (member_id, purpose, token_hash, to_index, created_at, expires_at, used_at)
    SELECT id, 'details', 'over ' || id, email_index, now(), now() - interval '1 day', NULL FROM members_member"""


def rows(people):
    """Lines of a table: every member's link has expired, and everything is encrypted under an old key."""
    idle = _longest_wait(lambda: time.sleep(5), people)
    purged, reached = _purge(people), _rotate(people)
    head = ["with so many members", "people", "stopped after", "then", "longest wait of another's UPDATE", "goal"]
    yield from table(head, [
        ["nothing runs", f"{people:,}", "", "", f"{idle:.0f} ms", ""],
        ["`purge`, a link of each is over", f"{people:,}", *purged, "at most 100 ms, can be stopped"],
        ["`rotate_keys` under a new key", f"{people:,}", *reached, "the same"],
    ])  # fmt: skip


def _purge(people):
    _ask(LINKS)
    over = "SELECT count(*) FROM members_memberlink WHERE expires_at < now()"
    waits = [_longest_wait(lambda: _stopped("purge", until=lambda: _ask(over) < people / 2), people)]
    after_the_stop = _ask(over)
    waits.append(_longest_wait(lambda: _run("purge"), people))
    return f"{people - after_the_stop:,}", f"all {people - _ask(over):,}", f"{max(waits):.0f} ms"


def _rotate(people):
    os.environ["FIELD_KEYS"] = f"k2:{_new_key()},{os.environ['FIELD_KEYS']}"
    done = "SELECT count(*) FROM members_member WHERE email LIKE 'v1.k2.%%'"
    reached, waits = [], []
    for _run_of in range(2):
        until = time.monotonic() + ROTATES_FOR
        waits.append(
            _longest_wait(lambda until=until: _stopped("rotate_keys", until=lambda: time.monotonic() > until), people)
        )
        reached.append(_ask(done))
    first, second = (f"{count:,}" for count in reached)
    return first, f"{second}, {ROTATES_FOR} s later", f"{max(waits):.0f} ms"


def _new_key():
    from tooling.new_keys import new_keys

    return new_keys()["FIELD_KEYS"].partition(":")[2]


def _run(command):
    subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, check=True, capture_output=True)


def _stopped(command, until):
    """Start one of our commands and terminate it, as a shutdown does, once `until()` is true."""
    process = subprocess.Popen([sys.executable, "manage.py", command], cwd=ROOT, stdout=subprocess.DEVNULL)
    while process.poll() is None and not until():
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    process.wait()


def _longest_wait(act, people):
    """The slowest of many small updates across the table while `act()` ran, in milliseconds."""
    over, waits = Event(), [0.0]
    prober = Thread(target=_probe, args=(over, waits, people))
    prober.start()
    act()
    over.set()
    prober.join()
    return max(waits) * 1000


def _probe(over, waits, people):
    import psycopg
    from django.db import connection

    chance = random.Random(people)
    with psycopg.connect(**_where(connection), autocommit=True) as line:
        [(first,)] = line.execute("SELECT min(id) FROM members_member").fetchall()
        while not over.wait(0.002):
            begun = time.perf_counter()
            line.execute(
                "UPDATE members_member SET times_corrected = times_corrected WHERE id = %s",
                [first + chance.randrange(people)],
            )
            waits.append(time.perf_counter() - begun)


def _where(connection):
    found = connection.get_connection_params()
    return {name: found[name] for name in ("host", "user", "dbname") if found.get(name)}


def _ask(statement):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
