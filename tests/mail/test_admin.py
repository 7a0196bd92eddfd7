"""Letters in the admin: their state and what to do about it, never their words."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.privacy.blind_index import blind_index
from s4jr.privacy.models import AccessLog
from tests import cast, make

pytestmark = pytest.mark.django_db
LETTERS = reverse("admin:mail_outgoingemail_changelist")
SILENT = reverse("admin:mail_suppression_changelist")
SILENCE = reverse("admin:mail_suppression_add")
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
    with django_assert_num_queries(9):
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


def test_a_letter_that_came_back_is_marked_although_it_was_sent(client, ada):
    letter = unknown()
    OutgoingEmail.objects.filter(pk=letter.pk).mark_arrived()
    page = press(client, "it_bounced", letter).content.decode()
    assert ("1 letter changed." in page, "came back: there is no such mailbox" in page) == (True, True)
    assert Suppression.objects.reason_for(letter.to_index) == Suppression.Reason.BOUNCED
    assert [entry.object_id for entry in AccessLog.objects.filter(action="sent")] == [str(letter.pk)]


def lift(client, *rows):
    ticked = {"action": "lift", "_selected_action": [row.pk for row in rows]}
    return client.post(SILENT, ticked, follow=True).content.decode()


class TestAddressesWithoutLetters:
    def test_a_coordinator_stops_letters_to_an_address_and_it_is_kept_nowhere_in_clear(self, client, ada):
        waiting = cast.written()
        page = client.post(SILENCE, {"address": cast.ADDRESS.upper()}, follow=True).content.decode()
        waiting.refresh_from_db()
        [row] = Suppression.objects.all()
        assert (row.to_index, row.reason, waiting.state) == (waiting.to_index, "coordinator", State.CANCELLED)
        assert "a coordinator stopped it" in page
        kept = [page, *LogEntry.objects.values_list("object_repr", "change_message"), str(vars(row))]
        assert [where for where in kept if "rosalind" in str(where).lower()] == []
        assert [entry.object_id for entry in AccessLog.objects.filter(action="changed")] == [str(row.pk)]

    def test_who_asked_never_to_be_written_to_stays_so(self, client, ada):
        Suppression.objects.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        client.post(SILENCE, {"address": cast.ADDRESS})
        [row] = Suppression.objects.all()
        assert row.reason == Suppression.Reason.NEVER
        assert "Where somebody asked never to be written to, that stays." in lift(client, row)
        assert Suppression.objects.count() == 1

    def test_any_other_stop_is_lifted_and_it_is_written_down(self, client, ada):
        row = Suppression.objects.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert "Letters may go to 1 address again." in lift(client, row)
        assert Suppression.objects.count() == 0
        assert [entry.object_id for entry in AccessLog.objects.filter(action="changed")] == [str(row.pk)]

    @pytest.mark.parametrize(("typed", "found"), [(" Rosalind@Mailbox.Example ", 1), ("rosalind", 0), ("bounced", 0)])
    def test_it_is_found_by_the_whole_address_only(self, client, ada, typed, found):
        Suppression.objects.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert client.get(SILENT, {"q": typed}).context["cl"].result_count == 0  # never in a URL
        page = client.post(f"{SILENT}find/", {"term": typed}, follow=True)
        assert (page.context["cl"].result_count, page.request["QUERY_STRING"]) == (found, "found=1")
        assert [row.budget for row in AccessLog.objects.filter(action="searched")] == ["lists"]

    def test_a_row_can_be_looked_at_and_neither_changed_nor_deleted(self, client, ada):
        row = Suppression.objects.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        looked = client.get(reverse("admin:mail_suppression_change", args=[row.pk]))
        assert (looked.status_code, "asked never to be written to" in looked.content.decode()) == (200, True)
        assert client.post(reverse("admin:mail_suppression_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert "delete_selected" not in client.get(SILENT).content.decode()

    def test_who_may_only_look_sees_neither_button(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="view_suppression"))
        row = Suppression.objects.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert client.get(SILENCE).status_code == 403
        assert client.post(SILENCE, {"address": "bo@mailbox.example"}).status_code == 403
        lift(client, row)
        assert Suppression.objects.count() == 1
