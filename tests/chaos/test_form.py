"""PostgreSQL restarts while people send a form: each ends up as one row, or still has all they typed."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.security.submission_token import FASTEST_HUMAN_SECONDS
from tests.attack.deployment import Web
from tests.chaos.visitor import Visitor
from tests.servers.process import free_port
from tooling.static_files import collect_static

pytestmark = pytest.mark.only_postgres
AT_ONCE = 16
#: PostgreSQL stops twice, at these shares of the total, and stays down until this many people have met a 503.
RESTARTED_AT, AWAY_FOR = (0.1, 0.6), 12


@pytest.fixture
def web(transactional_db, sure_environment, tmp_path):
    port = free_port()
    web = Web(tmp_path, {**sure_environment, "SITE_URL": f"http://127.0.0.1:{port}"}, port, threads=AT_ONCE)
    collect_static(web.environment)
    web.start()
    yield web
    web.program.stop()


class Crowd:
    """People who all select Send at once, and again until they succeed."""

    def __init__(self, people):
        self.people, self.changed = people, threading.Condition()

    def send(self):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._send, self.people))

    def _send(self, visitor):
        time.sleep(max(0, visitor.opened_at + FASTEST_HUMAN_SECONDS + 1 - time.monotonic()))  # at a person's speed
        held = visitor.press()
        self._tell()
        while held:
            time.sleep(0.05)
            held = visitor.press(held)
            self._tell()

    def _tell(self):
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, status, count):
        with self.changed:
            assert self.changed.wait_for(lambda: self.met()[status] >= count, timeout=60)

    def met(self):
        return Counter(status for visitor in self.people for status in list(visitor.met))


def restart(postgres, crowd):
    """Restarts PostgreSQL in immediate mode while the crowd sends."""
    for part in RESTARTED_AT:
        crowd.wait_for(302, int(part * len(crowd.people)))
        postgres.stop_at_once()
        try:
            crowd.wait_for(503, crowd.met()[503] + AWAY_FOR)
        finally:
            postgres.start()


def test_no_one_is_lost_doubled_or_asked_to_type_again(web, postgres, size, tell):
    count = size(50, 200)
    with ThreadPoolExecutor(4) as pool:
        crowd = Crowd(list(pool.map(lambda number: Visitor(web.port, number), range(count))))
    connection.close()  # the restart would cut this connection, too
    with ThreadPoolExecutor(1) as pool:
        restarting = pool.submit(restart, postgres, crowd)
        crowd.send()
        restarting.result()

    tell(f"{count} people, {len(RESTARTED_AT)} restarts; answers: {dict(crowd.met())}")
    assert [visitor.oddities for visitor in crowd.people if visitor.oddities] == []
    assert {visitor.met[-1] for visitor in crowd.people} == {302}
    assert set(crowd.met()) == {302, 503}
    kept = Member.objects.values_list("form_token", flat=True)
    assert len(kept) == len(set(kept)) == count
    assert {member.name: member.message for member in Member.objects.all()} == {
        visitor.typed["name"]: visitor.typed["message"] for visitor in crowd.people
    }
    assert max(Counter(OutgoingEmail.objects.values_list("to_index", flat=True)).values()) == 1
