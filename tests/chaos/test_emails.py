"""No email is lost or doubled, whatever is killed; the control, a common design, doubles some."""

import time
from dataclasses import dataclass

import pytest
from django.db import connection

from members.models import Announcement
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chaos import counting, usual
from tests.chaos.lives import all_live, born
from tests.chaos.sink import WildSink
from tests.chaos.storm import Storm, Workers
from tests.members.announcements.cast import many, scheduled
from tests.servers.process import free_port

#: A killed worker can leave the mail server of these tests a connection that only the garbage collector closes.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <(socket|function _SelectorTransport):pytest.PytestUnraisableExceptionWarning"
)
#: Seconds; each is far longer in production.
SOON = 3
LEASE, MAIL_SERVER, BACK_OFF = 2, 0.7, "0.3,0.6,1,1,1,2,2,2,2,2,2"


@dataclass
class Fire:
    """All parts of one run of the harness."""

    workers: Workers
    sink: WildSink
    redis: object
    postgres: object
    seed: int

    def run_lives(self, lives, admins, *, seconds, kills, others_after, sleep=0, meeting=0, patience=0):
        """Runs the lives while parts break, and returns the Storm at the end. The mail server still fails at random.

        By then it has met `meeting` emails. If few leave between the kills, as on a slow machine, the kills continue
        for `patience` more seconds, and the rest meet only the mail server.
        """
        parts = {"workers": self.workers, "redis": self.redis, "sink": self.sink, "postgres": self.postgres}
        storm = Storm(self.seed, kills, others_after, sleep, **parts)
        self.sink.rage()
        storm.start()
        try:
            all_live(lives, admins, seconds)
            self.wait_until(lambda: self.sink.met >= meeting, seconds=patience)
        finally:
            storm.over.set()
            storm.join()
        assert storm.error is None
        storm.did["emails that met the mail server meanwhile"] = self.sink.met
        connection.close()  # the storm cut this connection, too
        self.workers.start_what_ended()
        self.wait_until(lambda: self.sink.met >= meeting)
        return storm

    def kill_workers_while(self, question, *, kills, others_after, seconds):
        """Breaks parts until there were so many kills and `question()` is false; returns the Storm.

        `question` does not ask the database, which may be away.
        """
        parts = {"workers": self.workers, "redis": self.redis, "sink": self.sink, "postgres": self.postgres}
        storm = Storm(self.seed, kills, others_after, 0, **parts)
        self.sink.rage()
        storm.start()
        try:
            self.wait_until(lambda: not question(), seconds=seconds)
        finally:
            storm.over.set()
            storm.join()
        assert storm.error is None
        connection.close()
        self.sink.calm()
        self.workers.start_what_ended()
        return storm

    def wait_until(self, question, seconds=240):
        deadline = time.monotonic() + seconds
        while not question() and time.monotonic() < deadline:
            time.sleep(0.1)


@pytest.fixture
def fire(transactional_db, sure_environment, redis_server, postgres, seed, monkeypatch, settings, tmp_path):
    """`fire(workers, design, **environment)` builds the parts of one run.

    This process commits as durably as the others.
    """
    monkeypatch.setenv("PGOPTIONS", sure_environment["PGOPTIONS"])
    connection.close()
    settings.CONFIRMING_EMAILS_AN_HOUR = 1_000_000
    started = []

    def fire(workers, design="ours", **more):
        sink = WildSink(free_port(), seed, hangs_for=2 * MAIL_SERVER)
        sink.start()
        started.append(sink)
        environment = {
            **sure_environment,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "MAIL_SERVER_SECONDS": str(MAIL_SERVER),
            "MAIL_BACK_OFF_SECONDS": BACK_OFF,
            "CHAOS_DESIGN": design,
            **more,
        }
        started.append(Workers(workers, environment, tmp_path / "workers.log"))
        return Fire(started[-1], sink, redis_server, postgres, seed)

    yield fire
    for part in reversed(started):
        part.stop()
    connection.close()


@pytest.fixture
def admins(transactional_db):
    return [make.admin("ada"), make.admin("grace")]


def test_nothing_is_lost_doubled_or_sent_to_people_who_withdrew(fire, admins, seed, size, tell):
    fire, lives, kills = fire(workers=size(2, 3)), born(size(36, 1000), seed), size(5, 100)
    storm = fire.run_lives(
        lives, admins, seconds=size(5, 150), kills=kills, others_after=size(1, 2), sleep=size(0, LEASE + 1.5),
        meeting=len(lives), patience=size(0, 240),
    )  # fmt: skip
    fire.sink.calm()
    fire.wait_until(lambda: not OutgoingEmail.objects.on_their_way().exists())

    found = counting.count(lives, fire.sink)
    tell(f"{connection.vendor}, seed {seed}, {len(lives)} people, {dict(storm.did)}; sink: {dict(fire.sink.did)}")
    tell(found.line())
    assert found.faults == counting.NONE
    assert fire.sink.met >= len(lives)
    assert storm.did["workers killed"] >= kills
    assert storm.everything_was_broken()


def test_a_scheduled_announcement_goes_to_everyone_once(fire, admins, seed, size, tell):
    """The kills begin before its time. In the short form only workers are killed."""
    people, kills = size(40, 1000), size(5, 60)
    fire = fire(workers=size(2, 3), ANNOUNCEMENT_BATCH=str(people // 4))
    many(people)
    planned = scheduled(by=admins[0], hours=SOON / 3600)
    storm = fire.kill_workers_while(
        lambda: fire.sink.met < people // 2, kills=kills, others_after=size(kills + 1, 2), seconds=size(60, 240)
    )
    this = Announcement.objects.filter(pk=planned.pk, state=Announcement.State.SENT)
    fire.wait_until(lambda: this.exists() and not OutgoingEmail.objects.on_their_way().exists())

    found = counting.count([], fire.sink)
    tell(f"{connection.vendor}, seed {seed}, an announcement to {people}, {dict(storm.did)}; {found.line()}")
    assert found.faults == counting.NONE
    assert [(sent.meant_for, sent.written) for sent in this] == [(people, people)]
    assert OutgoingEmail.objects.count() == people
    assert AccessLog.objects.filter(action="sent").count() == 1
    assert storm.did["workers killed"] >= kills


@pytest.mark.only_postgres
def test_the_control_doubles_emails_in_the_same_run(fire, admins, seed, size, tell, monkeypatch):
    """If this design had no faults, the run would prove nothing about ours.

    Redis breaks less often here, because emails lost with it can't double.
    """
    monkeypatch.setattr("s4jr.mail.querysets.OutgoingEmailQuerySet.bulk_create", usual.send_on_commit, raising=False)
    fire, living = fire(workers=size(2, 3), design="usual"), []
    for wave in range(size(20, 3)):
        living += (lives := born(size(30, 500), seed, wave))
        storm = fire.run_lives(lives, admins, seconds=size(3, 75), kills=size(2, 50), others_after=size(2, 8))
        fire.wait_until(lambda: counting.taken_twice(fire.sink), seconds=size(8, 20))
        if twice := counting.taken_twice(fire.sink):
            break

    missing = counting.missing(living, fire.sink)
    tell(f"the usual design, seed {seed}, {len(living)} people, {dict(storm.did)}: {len(fire.sink.taken)} emails "
         f"taken, {twice} of them doubles; {missing} missing")  # fmt: skip
    assert twice > 0
