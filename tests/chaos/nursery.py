"""Starts Celery workers and beat by forking a process that has loaded everything, so that restarts are fast.

`python -m tests.chaos.nursery`: each line of its input is a JSON list of Celery's arguments; each line of its output is
the PID of the process that runs them, in its own process group. At the end of its input it ends, with all its children.
"""

import json
import os
import signal
import sys
from contextlib import suppress

import psutil
from django.conf import settings

from s4jr.celery import app
from tests.chaos import usual

#: Seconds. In production, beat checks the outbox every 2 (s4jr/beat_schedule.py).
BEAT_EVERY = 1.0
#: Emails that a sender claims at once; in production 50. Emails of a killed sender wait for its lease to end.
BATCH = 8


def main():
    app.loader.import_default_modules()
    settings.MAIL_BATCH_SIZE = BATCH
    app.conf.beat_schedule["send what is due"]["schedule"] = BEAT_EVERY
    if os.environ.get("CHAOS_DESIGN") == "usual":
        usual.prepare(app)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaps children automatically
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            become(json.loads(line))
        with suppress(ProcessLookupError):
            os.setpgid(number, number)  # before anyone can signal the whole group
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    for child in psutil.Process().children():  # the parent process may have been killed, too
        os.killpg(child.pid, signal.SIGKILL)


def become(arguments):
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        app.start(arguments)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
