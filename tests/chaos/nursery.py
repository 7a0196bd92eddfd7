"""Starts Celery's workers and beat by forking a process that has loaded everything, so that a killed one is soon back.

`python -m tests.chaos.nursery`: each line it reads is a list of Celery's arguments in JSON; each line it writes is the
number of the process that runs them, in a process group of its own. It ends with its input, and all with it.
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

#: Seconds. On a site beat looks into the outbox every 2 (s4jr/beat_schedule.py).
BEAT_EVERY = 1.0
#: Emails one sender takes at once; on a site 50. What a killed one held waits for its lease, and fire wants emails.
BATCH = 8


def main():
    app.loader.import_default_modules()
    settings.MAIL_BATCH_SIZE = BATCH
    app.conf.beat_schedule["send what is due"]["schedule"] = BEAT_EVERY
    if os.environ.get("CHAOS_DESIGN") == "usual":
        usual.prepare(app)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            become(json.loads(line))
        with suppress(ProcessLookupError):
            os.setpgid(number, number)  # before anybody can want to end the whole group
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    for child in psutil.Process().children():  # whoever started us may have been killed itself
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
