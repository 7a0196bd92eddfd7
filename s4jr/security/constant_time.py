"""Answering at even steps of time, so that how long the work took cannot be read from the answer."""

import time
from functools import wraps

#: Seconds. Several times what the work takes, so that it always ends in the same step; little to wait for a person.
STEP = 0.1


def in_even_steps(view):
    """A view whose answer leaves only once a whole number of steps has passed since it was asked."""

    @wraps(view)
    def wrapper(*args, **kwargs):
        begun = time.monotonic()
        response = view(*args, **kwargs)
        time.sleep(STEP - (time.monotonic() - begun) % STEP)
        return response

    return wrapper
