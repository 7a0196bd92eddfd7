"""Answers at fixed time steps, so that the response time does not reveal how long the work took."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

#: Seconds. Several times as long as the work, so that it always ends in the same step; short enough for a person.
STEP = 0.1
_P = ParamSpec("_P")
_Response = TypeVar("_Response")


def in_even_steps(view: Callable[_P, _Response]) -> Callable[_P, _Response]:
    """Decorate a view so that it answers after a whole number of steps since the request."""

    @wraps(view)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _Response:
        begun = time.monotonic()
        response = view(*args, **kwargs)
        time.sleep(STEP - (time.monotonic() - begun) % STEP)
        return response

    return wrapper
