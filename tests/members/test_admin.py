"""The queue and the record: no names in lists, an entry in the log for each opening, state by POST only."""

import pytest
from django.urls import reverse

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import AccessLog
from tests import cast, make

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:members_member_changelist")


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def record(member):
    return reverse("admin:members_member_change", args=[member.pk])


def press(word, member):
    return reverse(f"admin:members_member_{word}", args=[member.pk])


class TestTheQueue:
    def test_it_opens_on_who_is_waiting_oldest_first_without_names(self, client, ada):
        second = cast.waiting(email="second@mailbox.example")
        first = cast.waiting(email="first@mailbox.example")
        Member.objects.filter(pk=first.pk).update(received_on="2026-01-01")
        cast.ask(email="unconfirmed@mailbox.example")
        page = client.get(QUEUE)
        assert list(page.context["cl"].result_list) == [first, second]
        words = page.content.decode()
        assert "Ontario" in words
        assert [canary for canary in (cast.NAME, "first@", "heron") if canary in words] == []

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_costs_the_same_for_one_and_for_thirty(self, client, ada, count, django_assert_max_num_queries):
        for number in range(count):
            cast.waiting(email=f"reader{number}@mailbox.example")
        with django_assert_max_num_queries(12):
            client.get(QUEUE)


class TestARecord:
    def test_opening_it_shows_all_and_is_written_down(self, client, ada):
        member = cast.waiting()
        words = client.get(record(member)).content.decode()
        assert [canary for canary in (cast.NAME, cast.ADDRESS, cast.MESSAGE) if canary not in words] == []
        [entry] = AccessLog.objects.filter(action="opened")
        assert (entry.who, entry.object_id) == ("ada", member.number)
        assert "name" in entry.field_names.split()

    def test_nothing_in_it_can_be_typed_over(self, client, ada):
        member = cast.waiting()
        assert client.post(record(member), {"status": "approved", "name": "x"}).status_code == 405

    def test_who_decides_does_not_see_the_relation(self, client, ada):
        member = cast.waiting(relation="survivor")
        assert "A survivor" not in client.get(record(member)).content.decode()


class TestPresses:
    def test_approve_reports_and_writes_one_letter(self, client, ada):
        member = cast.waiting()
        page = client.post(press("approve", member), follow=True).content.decode()
        again = client.post(press("approve", member), follow=True).content.decode()
        assert "1 newly approved. 0 had been decided already." in page
        assert "0 newly approved. 1 had been decided already." in again
        assert OutgoingEmail.objects.filter(kind="welcome").count() == 1

    @pytest.mark.parametrize("word", ["approve", "stop", "release"])
    def test_looking_changes_nothing(self, client, ada, word):
        member = cast.waiting()
        assert client.get(press(word, member)).status_code == 404
        member.refresh_from_db()
        assert member.status == Member.Status.WAITING

    def test_not_now_asks_once_more_naming_who(self, client, ada):
        member = cast.waiting()
        page = client.get(press("not_now", member)).content.decode()
        assert cast.NAME in page
        member.refresh_from_db()
        assert member.status == Member.Status.WAITING
        client.post(press("not_now", member))
        client.post(press("stop", member))
        member.refresh_from_db()
        assert member.status == Member.Status.WAITING

    def test_a_held_application_is_let_through(self, client, ada):
        member = cast.ask(held_for="too_fast")
        page = client.post(press("release", member), follow=True).content.decode()
        assert "1 application let through." in page
        assert OutgoingEmail.objects.count() == 1

    def test_many_ticked_are_approved_only_once_each_was_opened(self, client, ada):
        people = [cast.waiting(email=f"reader{number}@mailbox.example") for number in range(2)]
        tick = {"action": "approve_ticked", "_selected_action": [member.pk for member in people]}
        client.get(record(people[0]))
        page = client.post(QUEUE, tick, follow=True).content.decode()
        assert f"you have not opened: No. {people[1].number}." in page
        assert Member.objects.waiting().count() == 2
        client.get(record(people[1]))
        page = client.post(QUEUE, tick, follow=True).content.decode()
        assert "2 newly approved. 0 had been decided already." in page

    def test_what_another_admin_opened_does_not_count(self, client, ada):
        member = cast.waiting()
        bo = make.admin("bo")
        AccessLog.objects.note(who=bo, action=AccessLog.Action.OPENED, records=[member])
        client.post(QUEUE, {"action": "approve_ticked", "_selected_action": [member.pk]})
        assert Member.objects.waiting().count() == 1


class TestWhoMay:
    def test_staff_without_the_right_sees_and_decides_nothing(self, client):
        make.signed_in_staff(client, "cleo", superuser=False)
        member = cast.waiting()
        answers = [client.get(QUEUE), client.get(record(member)), client.post(press("approve", member))]
        assert [answer.status_code for answer in answers] == [403, 403, 404]
        assert (Member.objects.waiting().count(), AccessLog.objects.filter(action="opened").count()) == (1, 0)

    def test_a_visitor_is_asked_to_sign_in(self, client):
        member = cast.waiting()
        assert client.post(press("approve", member)).status_code == 302
        assert Member.objects.waiting().count() == 1
