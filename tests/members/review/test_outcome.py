"""After a decision the page says whom it was about, what leaves, and how to undo it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.review.outcome import KEY
from members.review.services import approve, close, settle_approvals
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.query_counts import for_one_and_thirty, queries_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:members_member_changelist")
READ = reverse("admin:members_member_read")
START = reverse("admin:members_member_start_reading")
NOT_NOW = {"reason_kind": "other", "email": "Dear"}


@pytest.fixture(autouse=True)
def _a_minute(settings):
    settings.APPROVAL_UNDO_SECONDS = 60


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def people(count):
    return [cast.waiting(email=f"reader{n}@mailbox.example", name=f"Person {n * 1111} Test") for n in range(count)]


def address(word, member):
    return reverse("admin:members_member_action", args=[member.pk, word])


def press(client, word, member, **more):
    return client.post(address(word, member), more, follow=True)


def outcome(answer):
    """The text of the notice above the page, and where its button posts to."""
    page = Page(answer.content.decode())
    forms = page.all(class_="outcome")
    return (words(forms[0]), forms[0].get("action")) if forms else None


def warnings(answer):
    return [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]


def status(member):
    member.refresh_from_db()
    return member.status


def open_record(client, member):
    client.post(reverse("admin:members_member_change", args=[member.pk]), {"reason": "they wrote to us"})


class TestInAReview:
    def test_an_approval_says_whom_when_what_leaves_and_has_undo(self, client, ada):
        first, second = people(2)
        client.post(START)
        client.get(READ)
        answer = press(client, "approve", first, review_session=1)
        said = f"{first.name} (No. {first.number}) will be approved in a minute. The welcome email goes out then. Undo"
        assert outcome(answer) == (said, address("undo", first))
        assert second.name in answer.content.decode()
        assert (status(first), OutgoingEmail.objects.count()) == ("approving", 0)

    @pytest.mark.parametrize(("seconds", "when"), [(120, "in 2 minutes"), (90, "in 90 seconds"), (1, "in 1 second")])
    def test_it_names_the_time_of_the_setting(self, client, ada, settings, seconds, when):
        settings.APPROVAL_UNDO_SECONDS = seconds
        [member] = people(1)
        client.post(START)
        client.get(READ)
        assert f"will be approved {when}." in outcome(press(client, "approve", member, review_session=1))[0]

    def test_undo_puts_the_application_in_front_again_and_opens_it_once(self, client, ada):
        first, second = people(2)
        client.post(START)
        client.get(READ)
        press(client, "approve", first, review_session=1)
        answer = press(client, "undo", first, review_session=1)
        said = f"Undone: {first.name} (No. {first.number}) is waiting for review again. No email goes out."
        assert (outcome(answer), status(first)) == ((said, None), "waiting")
        assert answer.context["member"] == first
        openings = AccessLog.objects.filter(action="opened").values_list("object_id", flat=True)
        assert sorted(openings) == sorted([first.number, second.number])
        press(client, "approve", first, review_session=1)
        assert status(first) == "approving"

    def test_it_stays_on_the_pages_of_its_minute(self, client, ada):
        first, _second = people(2)
        client.post(START)
        client.get(READ)
        press(client, "approve", first, review_session=1)
        assert outcome(client.get(READ))[1] == address("undo", first)

    def test_neither_session_nor_cookies_hold_the_name(self, client, ada):
        first, _second = people(2)
        client.post(START)
        client.get(READ)
        client.post(address("approve", first), {"review_session": 1})
        held = json.dumps(dict(client.session.items()), default=str) + str(client.cookies)
        assert (first.name in held, str(first.pk) in held) == (False, True)

    def test_after_the_last_one_it_is_on_the_page_that_says_so(self, client, ada):
        [member] = people(1)
        client.post(START)
        client.get(READ)
        answer = press(client, "approve", member, review_session=1)
        assert "You’ve seen every application that’s waiting." in answer.content.decode()
        assert outcome(answer)[1] == address("undo", member)

    def test_it_says_which_of_how_many_this_is(self, client, ada):
        first, second, _third = people(3)
        answers = [client.post(START, follow=True), press(client, "approve", first, review_session=1)]
        answers.append(press(client, "keep-waiting", second, review_session=1))
        said = [words(Page(answer.content.decode()).one(tag="h1")) for answer in answers]
        assert said == ["Application 1 of 3", "Application 2 of 3", "Application 3 of 3"]

    def test_the_focus_begins_at_the_heading_which_the_outcome_describes(self, client, ada):
        first, _second = people(2)
        client.post(START, follow=True)
        heading = Page(press(client, "approve", first, review_session=1).content.decode()).one(tag="h1")
        assert (heading["tabindex"], "autofocus" in heading, heading["aria-describedby"]) == ("-1", True, "outcome")

    def test_ten_are_approved_with_eleven_presses(self, client, ada):
        everyone = people(10)
        presses = [client.post(START, follow=True)]
        while "member" in presses[-1].context:
            presses.append(press(client, "approve", presses[-1].context["member"], review_session=1))
        assert (len(presses), [status(member) for member in everyone]) == (11, ["approving"] * 10)

    def test_a_page_takes_the_same_queries_for_one_and_for_thirty(self, client, ada):
        """Of an application that is open already: opening writes. No name is like another, which would be logged."""
        names = [chr(ord("A") + number) * 9 for number in range(30)]
        cast.one_of_many(0, name=names[0])
        client.post(START, follow=True)
        for_one = queries_of(lambda: client.get(READ))
        for number in range(1, 30):
            cast.one_of_many(number, name=names[number])
        assert (for_one, queries_of(lambda: client.get(READ))) == (15, 15)


class TestKeys:
    def scripts(self, answer):
        return [e["src"] for e in Page(answer.content.decode()).all(tag="script") if "review.js" in e.get("src", "")]

    def test_each_is_listed_and_is_a_button(self, client, ada):
        people(1)
        page = Page(client.post(START, follow=True).content.decode())
        carried = {e["data-key"]: words(e) for e in page.elements if "data-key" in e and e["tag"] != "details"}
        assert carried == {"a": "Approve and next", "d": "Decide later", "n": "Not now…", "s": "Skip"}
        assert [e["text"] for e in page.all(tag="kbd")] == ["a", "d", "n", "s", "u", "?"]

    def test_they_can_be_turned_off_and_on(self, client, ada):
        people(1)
        client.post(START)
        keys = reverse("admin:members_member_review_keys")
        answers = [client.get(READ), client.post(keys, {"off": ""}, follow=True), client.get(READ)]
        answers.append(client.post(keys, {"on": ""}, follow=True))
        assert [len(self.scripts(answer)) for answer in answers] == [1, 0, 0, 1]
        assert client.get(keys).status_code == 405


class TestElsewhere:
    def test_not_now_from_a_record_can_be_undone_from_the_message(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        answer = client.post(reverse("admin:members_member_not_now", args=[member.pk]), NOT_NOW, follow=True)
        said = f"{cast.NAME} (No. {member.number}) gets “Not now” in one hour. The email goes out then. Undo"
        assert outcome(answer) == (said, address("undo", member))

    def test_a_closed_one_can_be_undone_and_says_what_is_gone(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        said, undo = outcome(press(client, "close", member))
        assert ("what they wrote is deleted" in said, undo) == (True, address("reopen", member))

    def test_the_way_to_end_a_membership_is_marked_as_danger(self, client, ada):
        """In the notice about a member, and in the warning for an admin who came too late to undo."""
        member = cast.waiting()
        cast.put(member, "approved")
        session = client.session
        session[KEY] = [member.pk, False]
        session.save()
        pages = [client.get(reverse("admin:members_member_changelist")), press(client, "undo", member)]
        end = reverse("admin:members_member_end_membership", args=[member.pk])
        links = [e for page in pages for e in Page(page.content.decode()).all(tag="a") if e.get("href") == end]
        assert [(words(e), e.get("class")) for e in links] == [("End membership", "button button--danger")] * 2

    def test_the_end_of_a_membership_can_be_undone(self, client, ada):
        member = cast.waiting()
        cast.put(member, "approved")
        open_record(client, member)
        said = {"next_step": "a talk", "next_step_on": timezone.now().date(), "answer_to": "Cleo"}
        end = reverse("admin:members_member_end_membership", args=[member.pk])
        answer = client.post(end, said, follow=True)
        said = f"The membership of {cast.NAME} (No. {member.number}) ends in one hour. The email goes out then. Undo"
        assert outcome(answer) == (said, address("undo", member))
        said = f"Undone: {cast.NAME} (No. {member.number}) is still a member. No email goes out."
        assert outcome(press(client, "undo", member)) == (said, None)

    def test_one_without_an_address_says_that_no_email_goes_out(self, client, ada):
        member = cast.waiting(contact="none", email="")
        open_record(client, member)
        assert "No email goes out: we have no address to write to." in outcome(press(client, "approve", member))[0]

    def test_a_record_that_is_not_open_is_named_by_its_number_alone(self, client, ada):
        member = cast.waiting()
        cast.put(member, "declining")
        said = f"Undone: No. {member.number} is waiting for review again. No email goes out."
        assert outcome(press(client, "undo", member)) == (said, None)
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_too_late_says_so_and_offers_to_end_the_membership(self, client, ada):
        member = cast.waiting()
        approve(member.row, by=make.admin("bo"))
        Member.objects.update(effective_at=timezone.now())
        settle_approvals(Member.objects.all())
        [said] = warnings(press(client, "undo", member))
        assert f"It’s too late to undo: No. {member.number} is approved" in said
        assert "bo decided it." in said
        assert reverse("admin:members_member_end_membership", args=[member.pk]) in said
        assert (status(member), OutgoingEmail.objects.count()) == ("approved", 1)

    def test_too_late_for_a_not_now_says_so(self, client, ada):
        member = cast.waiting()
        cast.put(member, "declined")
        [said] = warnings(press(client, "undo", member))
        assert said == f"It’s too late to undo: No. {member.number} has the status “not now”."

    def test_a_second_decision_says_that_nothing_changed_and_who_decided(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        approve(member.row, by=make.admin("bo"))
        [said] = warnings(press(client, "approve", member))
        number = f"No. {member.number}"
        assert (
            said == f"Nothing changed: {number} already has the status “approved, can still be undone”. bo decided it."
        )


class TestInTheList:
    def buttons(self, client, status):
        page = Page(client.get(f"{QUEUE}?status={status}").content.decode())
        return page.all(tag="button", form="undo-a-row")

    @pytest.mark.parametrize("status", ["approving", "declining", "ending_membership"])
    def test_a_row_that_can_be_undone_has_a_button_that_needs_no_reason(self, client, ada, status):
        member = cast.waiting()
        cast.put(member, status)
        [button] = self.buttons(client, status)
        assert button["formaction"] == address("undo", member)
        assert button["aria-label"] == f"Undo the decision about No. {member.number}"
        client.post(button["formaction"])
        member.refresh_from_db()
        assert member.status == ("approved" if status == "ending_membership" else "waiting")
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_a_closed_row_has_one_for_a_day(self, client, ada):
        member = cast.waiting()
        close(member.row, by=ada)
        assert [button["formaction"] for button in self.buttons(client, "closed")] == [address("reopen", member)]
        Member.objects.update(decided_at=timezone.now() - timedelta(days=1, seconds=1))
        assert self.buttons(client, "closed") == []

    def test_others_have_none(self, client, ada):
        cast.waiting()
        cast.put(cast.waiting(email="b@mailbox.example"), "approved")
        assert self.buttons(client, "all") == []

    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, client, ada):
        def create(number):
            cast.put(cast.one_of_many(number), "declining")

        one, thirty = for_one_and_thirty(create, lambda: client.get(f"{QUEUE}?status=declining"))
        assert one == thirty


def test_a_visitor_of_another_browser_undoes_nothing(client, ada):
    """Only POST with the admin's own token."""
    member = cast.waiting()
    cast.put(member, "declining")
    assert client.get(address("undo", member)).status_code == 405
    assert Client().post(address("undo", member)).status_code == 302
    assert status(member) == "declining"
