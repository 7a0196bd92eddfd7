"""Letters in the admin: their state and what to do about it, never their words."""

import pytest
from django.urls import reverse

from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import AccessLog
from tests import cast, make

pytestmark = pytest.mark.django_db
LETTERS = reverse("admin:mail_outgoingemail_changelist")
State = OutgoingEmail.State


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def unknown():
    cast.written(body="A sentence about the heron.\n")
    [letter] = OutgoingEmail.objects.claim_due(1)
    OutgoingEmail.objects.begin_commit(letter)
    OutgoingEmail.objects.settle_unknown(letter, "no answer")
    return letter


def press(client, action, letter):
    return client.post(LETTERS, {"action": action, "_selected_action": [letter.pk]}, follow=True)


def test_neither_list_nor_record_shows_words_or_address(client, ada):
    letter = unknown()
    for address in (LETTERS, reverse("admin:mail_outgoingemail_change", args=[letter.pk])):
        words = client.get(address).content.decode()
        assert "may or may not have arrived" in words
        assert [canary for canary in (cast.ADDRESS, "heron") if canary in words] == []


@pytest.mark.parametrize(("action", "state"), [("send_again", State.PENDING), ("it_arrived", State.SENT)])
def test_somebody_decides_about_an_unknown_letter_and_it_is_written_down(client, ada, action, state):
    letter = unknown()
    page = press(client, action, letter).content.decode()
    letter.refresh_from_db()
    assert (letter.state, "1 letter changed." in page) == (state, True)
    assert [entry.object_id for entry in AccessLog.objects.filter(action="sent")] == [str(letter.pk)]


def test_a_letter_that_waits_is_not_sent_again(client, ada):
    letter = cast.written()
    assert "0 letters changed." in press(client, "send_again", letter).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(client, ada, count, django_assert_num_queries):
    for _ in range(count):
        cast.written()
    with django_assert_num_queries(13):
        client.get(LETTERS)


def test_a_test_letter_goes_through_the_outbox(client, ada):
    page = client.post(reverse("admin:mail_test_letter"), {"to": "ada@mailbox.example"}, follow=True)
    assert "The test letter is in the outbox." in page.content.decode()
    assert [(letter.kind, letter.to) for letter in OutgoingEmail.objects.all()] == [("test", "ada@mailbox.example")]


def test_a_test_letter_needs_an_address(client, ada):
    client.post(reverse("admin:mail_test_letter"), {"to": "nowhere"})
    assert OutgoingEmail.objects.count() == 0


def test_staff_without_the_right_may_not_send_one(client):
    make.signed_in_staff(client, "cleo", superuser=False)
    assert client.post(reverse("admin:mail_test_letter"), {"to": "cleo@mailbox.example"}).status_code == 403
    assert OutgoingEmail.objects.count() == 0
