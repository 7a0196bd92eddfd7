"""Breaks workers above all, and every other part in turn, while emails leave."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress

from tooling.static_files import ROOT

OPTIONS = ["--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
BEAT = ["beat", "--scheduler=celery.beat:Scheduler", "--pidfile=", "--loglevel=WARNING"]
#: Seconds between two kills of a worker, and seconds for which a part is down.
BETWEEN, AWAY = (0.8, 2.0), (0.2, 0.8)


class Workers:
    """Several workers and a beat (`programs[-1]`), each restarted as soon as it is killed."""

    def __init__(self, count, environment, log):
        self.log = log.open("ab")
        nursery = [sys.executable, "-m", "tests.chaos.nursery"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.nursery = subprocess.Popen(nursery, env=environment, cwd=ROOT, text=True, bufsize=1, **pipes)
        self.lines = [["worker", f"--hostname=w{number}@chaos", *OPTIONS] for number in range(count)] + [BEAT]
        self.numbers = [self._start(line) for line in self.lines]

    def _start(self, line):
        self.nursery.stdin.write(json.dumps(line) + "\n")
        return int(self.nursery.stdout.readline())

    def kill(self, which):
        """Sends SIGKILL to one program and all its children, and starts another."""
        self.signal(which, signal.SIGKILL)
        self.numbers[which] = self._start(self.lines[which])

    def start_what_ended(self):
        """Restarts workers that exited, for example because Redis was down, as a supervisor does."""
        for which, number in enumerate(self.numbers):
            if not _is_running(number):
                self.numbers[which] = self._start(self.lines[which])

    def signal(self, which, number):
        with suppress(ProcessLookupError):
            os.killpg(self.numbers[which], number)

    def stop(self):
        for which in range(len(self.numbers)):
            self.signal(which, signal.SIGKILL)
        self.nursery.stdin.close()
        self.nursery.wait(10)
        self.nursery.stdout.close()
        self.log.close()


def _is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


class Storm(threading.Thread):
    """Kills a worker every 0.8 to 2 seconds, and breaks another part after every `others_after` kills.

    It makes at least `kills` kills, runs until `over` is set, and skips PostgreSQL if there is none. `did` counts what
    it broke. With `sleep`, it also pauses a worker for that many seconds, longer than its lease, and resumes it.
    """

    def __init__(self, seed, kills, others_after, sleep, *, workers, redis, sink, postgres):
        super().__init__(daemon=True)
        self.random, self.kills, self.others_after = random.Random(seed), kills, others_after
        self.workers, self.redis, self.sink, self.postgres = workers, redis, sink, postgres
        self.sleep, self.over, self.did, self.error = sleep, threading.Event(), Counter(), None
        self.broke = set()

    def run(self):
        try:
            while self.did["workers killed"] < self.kills or not self.over.is_set():
                self._break_next()
        except Exception as error:
            self.error = error

    def everything_was_broken(self):
        return self.broke == {broke.__name__ for broke in self._others()}

    def _break_next(self):
        time.sleep(self.random.uniform(*BETWEEN))
        self.workers.kill(self.random.randrange(len(self.workers.numbers) - 1))
        self.did["workers killed"] += 1
        self.workers.start_what_ended()
        nth, rest = divmod(self.did["workers killed"], self.others_after)
        if rest == 0:
            others = self._others()
            others[nth % len(others)]()
            self.broke.add(others[nth % len(others)].__name__)

    def _others(self):
        others = [self._redis_hangs, self._mail_server_stops, self._beat_dies, self._redis_dies]
        others += [self._postgres_restarts] if self.postgres else []
        return [*others, self._a_worker_sleeps] if self.sleep else others

    def _wait(self):
        time.sleep(self.random.uniform(*AWAY))

    def _postgres_restarts(self):
        self.did["PostgreSQL restarted"] += 1
        self.postgres.stop_at_once()
        self._wait()
        self.postgres.start()

    def _redis_dies(self):
        self.did["Redis killed"] += 1
        self.redis.kill()
        self._wait()
        self.redis.start()

    def _redis_hangs(self):
        self.did["Redis mute"] += 1
        self.redis.mute()
        self._wait()
        self.redis.restart_empty()

    def _beat_dies(self):
        self.did["beat killed"] += 1
        self.workers.kill(-1)

    def _a_worker_sleeps(self):
        self.did["worker asleep"] += 1
        which = self.random.randrange(len(self.workers.numbers) - 1)
        self.workers.signal(which, signal.SIGSTOP)
        time.sleep(self.sleep)
        self.workers.signal(which, signal.SIGCONT)

    def _mail_server_stops(self):
        self.did["mail server away"] += 1
        self.sink.stop_listening()
        self._wait()
        self.sink.listen_again()
