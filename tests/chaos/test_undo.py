"""An undo against the end of its minute, while either process is killed: one outcome each time, never half of both."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.models import Member
from members.review.services import approve, settle_approvals
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tooling.static_files import ROOT

#: Seconds within which a step is killed, if it is: a step takes about as long.
KILLED_WITHIN = 0.03
#: Percent of steps that are killed.
KILLS = 40
#: The two outcomes: the status, and how many welcome emails exist.
UNDONE, APPROVED = ("waiting", 0), ("approved", 1)


class Child:
    """A process that has loaded the site and forks one for each step, which may be killed after `seconds`."""

    def __init__(self, environment, log):
        environment = {**environment, "DJANGO_SETTINGS_MODULE": "s4jr.settings"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        command = [sys.executable, "-m", "tests.chaos.undo_child"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, text=True, bufsize=1, **pipes)

    def begin(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return int(self.process.stdout.readline())

    def end(self):
        """Wait for the step; returns its exit code, negative for the signal that killed it."""
        self.process.stdin.write("end\n")
        return os.waitstatus_to_exitcode(int(self.process.stdout.readline()))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@dataclass
class Race:
    """One member whose minute ends as an admin selects "Undo"."""

    member: Member
    admin: object
    chance: random.Random

    def run(self, settler, undoer):
        """Returns (the exit code of the undo, whether any process was killed)."""
        steps = [(settler, ("settle",)), (undoer, ("undo", self.member.pk, self.admin.pk))]
        self.chance.shuffle(steps)
        numbers = []
        for child, words in steps:
            numbers.append(child.begin(*words))
            time.sleep(self.chance.uniform(0, KILLED_WITHIN / 3))
        for number in numbers:
            self._kill_perhaps(number)
        codes = {child: child.end() for child, _words in steps}
        return codes[undoer], min(codes.values()) < 0

    def _kill_perhaps(self, number):
        if self.chance.randrange(100) < KILLS:
            time.sleep(self.chance.choice([0, self.chance.uniform(0, KILLED_WITHIN)]))
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def outcome(self):
        """After the scheduled step ran again, as it does every five seconds."""
        settle_approvals(Member.objects.all())
        self.member.refresh_from_db()
        return self.member.status, OutgoingEmail.objects.filter(about=self.member.about, kind="welcome").count()


@pytest.fixture
def children(transactional_db, sure_environment, monkeypatch, tmp_path):
    """Two processes, so that one step of each runs at the same time."""
    monkeypatch.setenv("PGOPTIONS", sure_environment["PGOPTIONS"])
    connection.close()
    with (tmp_path / "children.log").open("ab") as log:
        found = [Child(sure_environment, log) for _ in range(2)]
        yield found
        for child in found:
            child.stop()
    connection.close()


def test_an_undo_at_the_end_of_its_minute_has_one_outcome_whatever_is_killed(children, settings, seed, size, tell):
    settings.APPROVAL_UNDO_SECONDS = 60
    ada, chance = make.admin("ada"), random.Random(seed)
    outcomes, killed, answers = [], 0, []
    for number in range(size(24, 1000)):
        member = cast.waiting(name=f"Testperson {number}", email=f"person{number}@mailbox.example", message="")
        approve(member.row, by=ada)
        member.row.update(effective_at=timezone.now() - timedelta(seconds=1))
        race = Race(member, ada, chance)
        code, was_killed = race.run(*children)
        outcome = race.outcome()
        outcomes.append(outcome)
        answers.append((code, outcome))
        killed += was_killed
    undone = outcomes.count(UNDONE)
    tell(
        f"{connection.vendor}, seed {seed}: {undone} undone, {outcomes.count(APPROVED)} approved, {killed} with a kill"
    )
    assert set(outcomes) <= {UNDONE, APPROVED}
    # What the admin was told is true: "undone" (0) or "too late" (3). A killed request told them nothing.
    assert {outcome for code, outcome in answers if code == 0} <= {UNDONE}
    assert {outcome for code, outcome in answers if code == 3} <= {APPROVED}
    assert [code for code, _outcome in answers if code == 1] == []
    assert OutgoingEmail.objects.count() == outcomes.count(APPROVED)
    decided = AccessLog.objects.filter(action=AccessLog.Action.DECIDED).count()
    assert decided == len(outcomes) + undone
    assert killed > 0
