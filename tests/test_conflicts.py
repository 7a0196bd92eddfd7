"""A step that lost a race with another request is tried again, each time in a transaction of its own."""

import pytest
from django.db import IntegrityError

from s4jr.accounts.models import User
from s4jr.conflicts import ChangedMeanwhileError, retry_on_conflict
from tests import make

pytestmark = pytest.mark.django_db


def conflicting(times, error=IntegrityError):
    """Return a step that conflicts with another request this many times, and the list of its attempts."""
    tries = []

    def step():
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise error
        return "saved"

    return step, tries


@pytest.mark.parametrize("error", [IntegrityError, ChangedMeanwhileError])
@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_step_that_conflicts_with_another_request_is_retried(times, error):
    step, tries = conflicting(times, error)
    assert retry_on_conflict(step) == "saved"
    assert len(tries) == times + 1


@pytest.mark.parametrize("error", [IntegrityError, ChangedMeanwhileError])
def test_a_step_that_never_succeeds_raises_after_four_attempts(error):
    step, tries = conflicting(9, error)
    with pytest.raises(error):
        retry_on_conflict(step)
    assert tries == [1, 2, 3, 4]


def test_what_a_failed_attempt_wrote_is_rolled_back():
    tries = []

    def step():
        tries.append(make.person_who_signs_in(f"imogen{len(tries)}"))
        if len(tries) < 4:
            raise IntegrityError

    retry_on_conflict(step)
    assert [*User.objects.all()] == tries[3:]
