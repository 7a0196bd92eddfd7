"""Ends the programs of a test run that was itself ended, by whatever signal.

Run as a program, it reads lines `+<pid>` and `-<pid>` until its standard input closes, which happens when the process
that started it is gone. It then kills the process groups that are left and deletes the folder it was given.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys


class Reaper:
    """Watches over process groups on behalf of this process. Starts with the first program it is told of."""

    def __init__(self):
        self.folder, self.process = None, None

    def watch(self, pid):
        if self.process is None:
            command = [sys.executable, __file__, str(self.folder or "")]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.process = subprocess.Popen(command, start_new_session=True, text=True, bufsize=1, **pipes)
        self._tell(f"+{pid}")

    def forget(self, pid):
        self._tell(f"-{pid}")

    def stop(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None

    def _tell(self, line):
        self.process.stdin.write(f"{line}\n")


#: The one of this process.
REAPER = Reaper()


def main(folder):
    watched = set()
    for line in sys.stdin:
        change = watched.add if line[0] == "+" else watched.discard
        change(int(line[1:]))
    for pid in watched:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
