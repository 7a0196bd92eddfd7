"""Two admins press the same button about an email or a stopped address at the same moment: it counts once."""

from functools import partial

import pytest

from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, mark_arrived, mark_bounced, send_again, stop_emails
from tests import cast
from tests.races import race

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
State, Reason = OutgoingEmail.State, Suppression.Reason
INDEX = blind_index("rosalind@mailbox.example")


def in_state(state):
    email = cast.written()
    OutgoingEmail.objects.filter(pk=email.pk).update(state=state)
    return OutgoingEmail.objects.filter(pk=email.pk)


@pytest.mark.parametrize(
    ("press", "before", "after"),
    [
        (send_again, State.UNKNOWN, State.PENDING),
        (send_again, State.FAILED, State.PENDING),
        (mark_arrived, State.UNKNOWN, State.SENT),
        (mark_bounced, State.UNKNOWN, State.BOUNCED),
    ],
)
def test_an_email_is_settled_once(press, before, after):
    this = in_state(before)
    assert (sorted(race(*[partial(press, this)] * 3)), this.get().state) == ([0, 0, 1], after)


@pytest.mark.parametrize("press", [mark_arrived, mark_bounced])
def test_sending_again_and_another_decision_never_both_count(press):
    """Otherwise an email that an admin knows to have arrived would go out a second time."""
    for _ in range(3):
        this = in_state(State.UNKNOWN)
        again, other = race(partial(send_again, this), partial(press, this))
        assert again + other == 1
        this.delete()
        Suppression.objects.all().delete()


def test_an_address_is_stopped_once_and_allowed_once():
    stops = race(*[partial(stop_emails, INDEX, Reason.COORDINATOR)] * 3)
    assert (len({stop.pk for stop in stops}), Suppression.objects.count()) == (1, 1)
    assert sorted(race(*[partial(allow_emails, INDEX)] * 3)) == [0, 0, 1]


def test_stopping_for_good_and_allowing_at_once_ends_stopped():
    """A person says “never” while an admin lifts an earlier stop."""
    for _ in range(5):
        stop_emails(INDEX, Reason.COORDINATOR)
        race(partial(stop_emails, INDEX, Reason.NEVER), partial(allow_emails, INDEX))
        assert [stop.reason for stop in Suppression.objects.all()] == [Reason.NEVER]
        Suppression.objects.all().delete()
