"""Two web servers and three workers run behind the proxy; the test kills one of each while people apply.

It needs nginx, so only `./dev attack` runs it.
"""

import re
import threading
import time
from collections import Counter
from http.client import HTTPSConnection
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from s4jr.security.submission_token import FASTEST_HUMAN_SECONDS
from tests import cast
from tests.attack.deployment import Deployment
from tests.attack.proxy import trusting
from tests.servers.celery import CELERY
from tests.servers.process import WARNINGS, Program

pytestmark = [pytest.mark.only_postgres, pytest.mark.long_attack]
#: At most 60 confirmation emails leave in an hour. The site flags the applications past that, which still cause load.
PEOPLE, AT_ONCE, EMAILS = 320, 8, 300
FIELD = re.compile(r'name="(csrfmiddlewaretoken|form_token)" value="([^"]*)"')


class Person:
    """A person with the join form open.

    `again` lists the responses that made them select Send again.
    """

    def __init__(self, port, number):
        self.port, self.again, self.cookie = port, [], ""
        status, cookie, page = self._ask("GET")
        assert status == 200
        self.cookie = cookie
        self.answers = {
            **dict(FIELD.findall(page)),
            "name": "Testperson", "contact": "yes", "email": f"person{number}@mailbox.example",
            "agreement": "on", "consent": "on",
        }  # fmt: skip

    def send(self):
        """Selects Send until the response is a redirect to the next page; returns the last status."""
        for _press in range(5):
            status = self._ask("POST", urlencode(self.answers))[0]
            if status == 302:
                return status
            self.again.append(status)
        return status

    def _ask(self, method, body=None):
        wire = HTTPSConnection("127.0.0.1", self.port, timeout=30, context=trusting())
        site = f"https://127.0.0.1:{self.port}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site, "Cookie": self.cookie}
        wire.request(method, "/join/", body, headers if body else {})
        answer = wire.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        page = answer.read().decode()
        wire.close()
        return answer.status, cookie, page


@pytest.fixture
def workers(redis_server, smtp_sink, child_environment, tmp_path):
    """Starts three workers and a beat as separate machines do."""
    environment = {**child_environment, "PYTHONWARNINGS": WARNINGS}
    options = ["--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    commands = [[*CELERY, "worker", f"--hostname=w{number}@test", *options] for number in range(3)]
    commands.append([*CELERY, "beat", "-s", str(tmp_path / "beat"), "--pidfile=", "--loglevel=INFO"])
    programs = [Program(line, tmp_path / f"celery-{at}.log", environment) for at, line in enumerate(commands)]
    for program in programs:
        program.start()
    for worker in programs[:3]:
        worker.wait_until(lambda worker=worker: " ready." in worker.output())
    yield programs[:3]
    for program in programs:
        program.stop()


def test_one_of_each_is_killed(transactional_db, workers, smtp_sink, child_environment, tmp_path, at_once, tell):
    with Deployment(tmp_path, child_environment, webs=2) as site:
        people = at_once(lambda number: Person(site.port, number), range(PEOPLE), AT_ONCE)
        time.sleep(FASTEST_HUMAN_SECONDS + 1)  # the form flags anything faster as a bot
        smtp_sink.seconds = 0.02
        queue_emails([cast.email(f"reader{n}@mailbox.example") for n in range(EMAILS)])
        killing = threading.Timer(1.5, lambda: [victim.kill() for victim in (site.webs[0].program, workers[0])])
        killing.start()
        statuses = at_once(Person.send, people, AT_ONCE)
        killing.join()
    settled = wait_until_settled(workers[1])

    again = Counter(status for person in people for status in person.again)
    twice = [count for count in Counter(delivery.raw for delivery in smtp_sink.deliveries).values() if count > 1]
    tell(f"{PEOPLE} joined, {len(smtp_sink.deliveries)} emails; pressed again after {dict(again)}; emails: {settled}")
    assert (set(statuses), Member.objects.count()) == ({302}, PEOPLE)
    assert sum(again.values()) <= AT_ONCE  # only the requests in flight at that moment
    assert (twice, set(settled) <= {"sent", "unknown"}) == ([], True)
    assert settled["sent"] == len(smtp_sink.deliveries) - accepted_but_unknown(smtp_sink)


def accepted_but_unknown(sink):
    unknown = set(OutgoingEmail.objects.filter(state="unknown").values_list("pk", flat=True))
    return sum(any(str(pk) in delivery.raw.decode() for pk in unknown) for delivery in sink.deliveries)


def wait_until_settled(worker):
    """Returns {state: number of emails} once none is pending.

    It expires the lease of the emails that the killed worker had claimed, which takes ten minutes otherwise.
    """
    waiting = OutgoingEmail.objects.filter(state="pending")
    held = OutgoingEmail.objects.filter(state__in=["claimed", "committing"])
    worker.wait_until(lambda: not waiting.exists(), seconds=120)
    time.sleep(5)  # the other workers have finished theirs
    held.update(lease_until=timezone.now())
    worker.wait_until(lambda: not (waiting | held).exists(), seconds=120)
    return Counter(OutgoingEmail.objects.values_list("state", flat=True))
