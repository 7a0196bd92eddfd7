"""What a form says is kept once, also where two workers keep it at the same moment."""

import pytest
from django.db import IntegrityError

from s4jr.conversations.submissions import keep_once

pytestmark = pytest.mark.django_db


def conflicting(times):
    """A step that meets another worker's row this many times before it is done, and the tries it took."""
    tries = []

    def keep():
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise IntegrityError

    return keep, tries


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_step_that_meets_another_worker_is_tried_again(times):
    keep, tries = conflicting(times)
    keep_once(keep)
    assert len(tries) == times + 1


def test_a_step_that_never_succeeds_says_so_after_four_tries():
    keep, tries = conflicting(9)
    with pytest.raises(IntegrityError):
        keep_once(keep)
    assert tries == [1, 2, 3, 4]
