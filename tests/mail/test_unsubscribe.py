"""Stopping letters: by who holds the letter, on POST only, without a cookie or a token of the site's."""

import pytest
from django.test import Client

from s4jr.mail.letters import unsubscribe_token
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def address_of():
    return lambda letter: f"/unsubscribe/{unsubscribe_token(letter.to_index)}/"


def test_looking_stops_nothing_and_names_no_cause(client, address_of, settings):
    page = client.get(address_of(cast.written()))
    words = page.content.decode().lower()
    assert [word for word in settings.COALITION_WORDS if word in words] == []
    assert (page.status_code, Suppression.objects.count()) == (200, 0)


def test_a_mail_programs_one_click_stops_letters_and_calls_back_those_that_wait(address_of):
    letter = cast.written()
    program = Client(enforce_csrf_checks=True)
    answer = program.post(address_of(letter), {"List-Unsubscribe": "One-Click"})
    letter.refresh_from_db()
    assert (answer.status_code, letter.state) == (200, OutgoingEmail.State.CANCELLED)
    assert [row.reason for row in Suppression.objects.all()] == [Suppression.Reason.UNSUBSCRIBED]


def test_somebody_may_ask_never_to_be_written_to(client, address_of):
    client.post(address_of(cast.written()), {"never": "on"})
    assert [row.reason for row in Suppression.objects.all()] == [Suppression.Reason.NEVER]


def test_a_link_we_did_not_write_is_nowhere(client):
    assert client.post("/unsubscribe/anything/").status_code == 404
    assert Suppression.objects.count() == 0
