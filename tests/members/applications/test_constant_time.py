"""Responses leave after whole steps of time. The tests replace the clock by a number."""

import runpy

import pytest

from members.applications import received_views, views
from members.self_service import login_views
from s4jr.security import constant_time
from s4jr.security.constant_time import in_even_steps

#: The value of the site; a test run does not wait that long.
STEP = runpy.run_path(constant_time.__file__)["STEP"]


@pytest.fixture
def clock(monkeypatch):
    """`clock.now` is the time; sleeping advances it."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

        def sleep(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(constant_time, "time", clock)
    monkeypatch.setattr(constant_time, "STEP", STEP)
    return clock


@pytest.mark.parametrize(("work", "steps"), [(0.001, 1), (0.02, 1), (0.099, 1), (0.12, 2)])
def test_the_answer_leaves_after_whole_steps(clock, work, steps):
    answer = in_even_steps(lambda: clock.sleep(work) or "done")()
    assert answer == "done"
    assert clock.now - 1000 == pytest.approx(steps * STEP)


@pytest.mark.parametrize(
    ("where", "press"),
    [
        (views, "_send"),
        (received_views, "_send_again"),
        (received_views, "_fix_email"),
        *(
            (login_views, press)
            for press in ("_send_link", "_send_fresh_link", "_correct", "_go_on_without_email", "_withdraw")
        ),
    ],
)
def test_every_action_that_may_meet_a_known_address_answers_that_way(where, press):
    assert getattr(where, press).__wrapped__.__name__ == press
