"""A submission is saved once, even if two workers save it at the same time."""

import pytest
from django.db import IntegrityError

from s4jr.conversations.submissions import keep_once

pytestmark = pytest.mark.django_db


def conflicting(times):
    """Return a step that conflicts with another worker this many times, and the list of its attempts."""
    tries = []

    def keep():
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise IntegrityError

    return keep, tries


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_step_that_conflicts_with_another_worker_is_retried(times):
    keep, tries = conflicting(times)
    keep_once(keep)
    assert len(tries) == times + 1


def test_a_step_that_never_succeeds_raises_after_four_attempts():
    keep, tries = conflicting(9)
    with pytest.raises(IntegrityError):
        keep_once(keep)
    assert tries == [1, 2, 3, 4]
