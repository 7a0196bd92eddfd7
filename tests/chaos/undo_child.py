"""Runs one step of the race between an undo and the end of its minute, in a process that can be killed.

`python -m tests.chaos.undo_child`: loads the site once. To "settle" or "undo <member> <admin>" it answers with the PID
of the process that does it; to the next line, "end", with how that process ended. Until then no other gets its PID.
"""

import os
import signal
import sys
import traceback

import django


def main():
    django.setup()
    from django.db import connections

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    number = 0
    for line in sys.stdin:
        if line.strip() == "end":
            _answer(os.waitpid(number, 0)[1])
            continue
        connections.close_all()  # no two processes share a connection
        number = os.fork()
        if number == 0:
            _run_step(line.split())
        _answer(number)


def _answer(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _run_step(words):
    """Exits with 0 after an undo that won and any settling, 3 after an undo that lost, 1 after an error."""
    code = 1
    try:
        code = _act(*words)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _act(step, member=0, admin=0):
    from members.models import Member
    from members.review.services import settle_approvals, undo
    from s4jr.accounts.models import User

    if step == "settle":
        settle_approvals(Member.objects.all())
        return 0
    won = undo(Member.objects.filter(pk=member), by=User.objects.get(pk=admin)).won
    return 0 if won else 3


if __name__ == "__main__":
    main()
