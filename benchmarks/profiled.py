"""Where the time of `POST /join/` goes, the row that misses its goal by most: a profile by pyinstrument.

    .venv/bin/python -m pip install pyinstrument, or uv pip install; then  .venv/bin/python -m benchmarks.profiled

pyinstrument is used for nothing else, so it is not a dependency of the project.
"""

import sys
import time
from pathlib import Path

from benchmarks import ours
from benchmarks.join_timing import address
from benchmarks.joining import ANSWERS, new_token

POSTS = 300
#: Frames with a smaller share of the total time are omitted.
SHOWN = 0.03


def main():
    from pyinstrument import Profiler
    from pyinstrument.processors import aggregate_repeated_calls

    with ours.standing():
        from django.conf import settings
        from django.test import Client

        from s4jr.security import constant_time

        constant_time.STEP = 1e-6  # the sleep that evens out response times is no work
        settings.CONFIRMING_EMAILS_AN_HOUR = 10 * POSTS
        client, tokens = Client(SERVER_NAME="testserver"), [new_token() for _ in range(POSTS)]
        client.get("/join/")
        time.sleep(3.1)
        with Profiler(interval=0.0005) as profiler:
            for token in tokens:
                client.post("/join/", {**ANSWERS, "email": address(), "form_token": token})
    root = aggregate_repeated_calls(profiler.last_session.root_frame(), {})
    for depth, frame in _our_frames(root, root.time, 0):
        where = Path(frame.file_path_short or "").name
        sys.stdout.write(f"{frame.time / root.time:5.0%} {'  ' * depth}{frame.function} ({where})\n")


def _our_frames(frame, whole, depth):
    """(depth, frame) of every function of ours with its share, without the libraries between them."""
    ours_too = str(frame.file_path or "").startswith(str(ours.ROOT)) and ".venv" not in frame.file_path
    if ours_too and frame.time >= SHOWN * whole:
        yield depth, frame
        depth += 1
    for child in frame.children:
        yield from _our_frames(child, whole, depth)


if __name__ == "__main__":
    main()
