"""A volunteer takes an inquiry: others see it, may take it over, and get it back when it is not answered."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members.inquiries import services as inquiry_services
from members.inquiries.permissions import reads_no_earlier_ones
from members.inquiries.querysets import CLAIM_LASTS
from members.models import Inquiry
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.inquiries import people
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db
LIST = "admin:members_inquiry_changelist"
TAKE, CONTINUE = "I’ll take this one", "Continue"


@pytest.fixture
def ada(client):
    """Signed in, and reads every topic but safety."""
    user = make.signed_in_staff(client, "ada")
    client.get(reverse("admin:index"))  # consumes the greeting message
    return user


@pytest.fixture
def bo(db):
    return people.reader("bo", "coalition", "press")


def at(name, inquiry):
    return reverse(f"admin:members_inquiry_{name}", args=[inquiry.pk])


def text(response):
    return " ".join(response.content.decode().split())


def claimed_by(user, **said):
    inquiry = people.written(**said)
    assert inquiry_services.claim(people.these(inquiry), by=user, seen=inquiry.turn)
    return Inquiry.objects.get(pk=inquiry.pk)


def grow_old(inquiry, days):
    people.these(inquiry).update(claimed_on=timezone.now().date() - timedelta(days=days))
    inquiry.refresh_from_db()


class TestClaims:
    def test_it_is_saved_and_logged_and_no_one_gets_an_email(self, bo):
        people.reader("cleo", "coalition", address="cleo@mailbox.example")
        inquiry = people.written()
        before = OutgoingEmail.objects.count()
        assert inquiry_services.claim(people.these(inquiry), by=bo, seen=1)
        inquiry.refresh_from_db()
        assert (inquiry.holder, inquiry.claimed_on, inquiry.turn) == (bo, timezone.now().date(), 2)
        assert OutgoingEmail.objects.count() == before
        rows = AccessLog.objects.filter(object_id=inquiry.number).values_list("who", "action", "field_names")
        assert list(rows) == [("bo", "changed", "claimed_by")]

    def test_only_one_that_waits_can_be_taken(self, bo):
        flagged, closed = people.written(flag_reason="honeypot"), people.written()
        inquiry_services.close(people.these(closed), by=bo, seen=1)
        assert inquiry_services.claim(people.these(flagged), by=bo, seen=1) is False
        assert inquiry_services.claim(people.these(closed), by=bo, seen=2) is False

    def test_someone_else_takes_it_over_only_with_what_they_saw(self, bo):
        cleo, inquiry = people.reader("cleo", "coalition"), people.written()
        outcomes = [inquiry_services.claim(people.these(inquiry), by=by, seen=1) for by in (bo, cleo)]
        assert (outcomes, Inquiry.objects.get().holder) == ([True, False], bo)
        assert inquiry_services.claim(people.these(inquiry), by=cleo, seen=2)
        assert Inquiry.objects.get().holder == cleo

    @pytest.mark.parametrize(("days", "counts"), [(0, True), (2, True), (3, False)])
    def test_it_lapses_after_three_days(self, bo, days, counts):
        inquiry = claimed_by(bo)
        grow_old(inquiry, days)
        cleo = people.reader("cleo", "coalition")
        free = list(Inquiry.objects.free_for(cleo)) == [inquiry]
        assert (inquiry.holder == bo, free) == (counts, not counts)
        assert list(Inquiry.objects.free_for(bo)) == [inquiry]

    def test_it_counts_until_the_end_of_the_day_that_the_page_names(self, bo):
        inquiry = claimed_by(bo)
        assert inquiry.claimed_until == timezone.now().date() + CLAIM_LASTS - timedelta(days=1)

    def test_only_its_holder_gives_it_back(self, bo):
        cleo, inquiry = people.reader("cleo", "coalition"), claimed_by(bo)
        assert inquiry_services.unclaim(people.these(inquiry), by=cleo, seen=2) is False
        assert inquiry_services.unclaim(people.these(inquiry), by=bo, seen=1) is False
        assert inquiry_services.unclaim(people.these(inquiry), by=bo, seen=2) is True
        assert Inquiry.objects.get().holder is None

    @pytest.mark.parametrize(
        "step",
        [
            lambda these, by: inquiry_services.answer(these, "We read it.", by=by, seen=2),
            lambda these, by: inquiry_services.close(these, by=by, seen=2),
            lambda these, by: inquiry_services.hand_over(these, "press", by=by, seen=2),
        ],
        ids=["answer", "close", "hand_over"],
    )
    def test_it_ends_when_the_inquiry_is_answered_closed_or_handed_over(self, bo, step):
        inquiry = claimed_by(bo)
        assert step(people.these(inquiry), bo)
        assert Inquiry.objects.values_list("claimed_by", "claimed_on").get() == (None, None)

    def test_a_corrected_form_is_free_again(self, bo):
        said = people.submission()
        people.written(said)
        inquiry_services.claim(Inquiry.objects.all(), by=bo, seen=1)
        inquiry = people.written(people.submission(form_token=said.form_token, words="What I meant."))
        assert (inquiry.holder, inquiry.turn) == (None, 3)

    def test_a_further_message_leaves_it_with_its_holder(self, bo):
        inquiry = claimed_by(bo)
        inquiry_services.add_message(people.these(inquiry), "And this.", "a token")
        assert Inquiry.objects.get().holder == bo

    def test_someone_whose_sign_in_is_in_doubt_has_none(self, bo):
        claimed_by(bo)
        reads_no_earlier_ones(bo)
        assert Inquiry.objects.values_list("claimed_by", "claimed_on").get() == (None, None)

    def test_a_removed_account_leaves_no_trace_of_who_had_it(self, bo):
        inquiry = claimed_by(bo)
        bo.delete()
        inquiry.refresh_from_db()
        assert (inquiry.claimed_by_id, inquiry.holder) == (None, None)


class TestList:
    def test_each_row_says_who_has_it_or_offers_to_take_it(self, client, ada, bo):
        free, theirs, mine = people.written(), claimed_by(bo), claimed_by(ada)
        flagged = people.written(flag_reason="honeypot")
        page = text(client.get(reverse(LIST) + "?state=all"))
        assert [at("claim", one) in page for one in (free, theirs, mine, flagged)] == [True, False, True, False]
        assert (page.count(TAKE), page.count(CONTINUE), page.count("bo, since")) == (1, 1, 1)

    def test_thirty_that_thirty_volunteers_have_take_the_queries_of_one(self, client, ada):
        def create(number):
            claimed_by(people.reader(f"cleo{number}", "coalition"))

        one, thirty = for_one_and_thirty(create, lambda: client.get(reverse(LIST)))
        assert (one, text(client.get(reverse(LIST))).count(", since ")) == (thirty, 30)


class TestTaking:
    def test_one_button_takes_it_logs_why_and_shows_it(self, client, ada):
        inquiry = people.written()
        page = text(client.post(at("claim", inquiry), {"seen": 1}, follow=True))
        assert (people.WORDS in page, "You have inquiry No." in page, "Give it back" in page) == (True, True, True)
        taken, opened = AccessLog.objects.filter(object_id=inquiry.number).order_by("pk")
        assert (taken.action, taken.field_names) == ("changed", "claimed_by")
        assert (opened.action, opened.reason, opened.budget) == ("opened", "taking it to answer it", "lists")

    def test_an_open_record_is_not_opened_again(self, client, ada):
        inquiry = people.written()
        client.post(at("change", inquiry), {"reason": "to answer it"})
        client.post(at("claim", inquiry), {"seen": 1})
        assert AccessLog.objects.filter(action="opened").count() == 1

    def test_over_the_budget_nothing_is_taken_and_the_other_admins_are_told(self, client, ada, settings):
        make.admin("cleo", address="cleo@mailbox.example")
        settings.OPENINGS_AN_HOUR = 1
        first, second = people.written(), people.written()
        responses = [client.post(at("claim", one), {"seen": 1}) for one in (first, second)]
        assert [response.status_code for response in responses] == [302, 403]
        assert [one.holder for one in (Inquiry.objects.get(pk=one.pk) for one in (first, second))] == [ada, None]
        assert [email.to for email in OutgoingEmail.objects.filter(kind="admin-openings")] == ["cleo@mailbox.example"]

    def test_the_second_of_two_volunteers_reads_who_has_it_and_sees_nothing_else(self, client, ada, bo):
        inquiry = claimed_by(bo)
        page = text(client.post(at("claim", inquiry), {"seen": 1}, follow=True))
        assert ("is with bo now." in page, people.WORDS in page) == (True, False)
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_one_that_changed_is_not_taken(self, client, ada):
        inquiry = people.written()
        inquiry_services.add_message(people.these(inquiry), "And this.", "a token")
        page = text(client.post(at("claim", inquiry), {"seen": 1}, follow=True))
        assert ("changed a moment ago, so you didn’t take it." in page, Inquiry.objects.get().holder) == (True, None)

    def test_a_button_selected_twice_takes_it_once(self, client, ada):
        inquiry = people.written()
        pages = [text(client.post(at("claim", inquiry), {"seen": 1}, follow=True)) for _twice in range(2)]
        assert [people.WORDS in page for page in pages] == [True, True]
        assert AccessLog.objects.filter(action="changed").count() == 1

    def test_the_page_says_who_has_it_and_it_can_be_taken_over(self, client, ada, bo):
        inquiry = claimed_by(bo)
        client.post(at("change", inquiry), {"reason": "to answer it"})
        page = text(client.get(at("change", inquiry)))
        assert ("bo has had this one since" in page, "Take it over from bo" in page) == (True, True)
        client.post(at("claim", inquiry), {"seen": 2})
        assert Inquiry.objects.get().holder == ada

    def test_giving_it_back_says_so(self, client, ada):
        inquiry = claimed_by(ada)
        page = text(client.post(at("unclaim", inquiry), {"seen": 2}, follow=True))
        assert ("You gave back inquiry No." in page, Inquiry.objects.get().holder) == (True, None)


class TestAnsweringWhatSomeoneElseHas:
    def test_it_is_possible_after_the_notice(self, client, ada, bo):
        inquiry = claimed_by(bo)
        client.post(at("change", inquiry), {"reason": "to answer it"})
        client.post(at("answer", inquiry), {"seen": 2, "words": "We read it."})
        assert Inquiry.objects.get().state == "answered"

    def test_a_claim_while_it_was_typed_is_shown_first_and_keeps_the_text(self, client, ada, bo):
        inquiry = people.written()
        client.post(at("change", inquiry), {"reason": "to answer it"})
        inquiry_services.claim(people.these(inquiry), by=bo, seen=1)
        page = client.post(at("answer", inquiry), {"seen": 1, "words": "Typed for an hour."})
        assert (page.status_code, "bo has had this one since" in text(page)) == (409, True)
        assert (page.context["form"]["words"].value(), page.context["form"]["seen"].value()) == (
            "Typed for an hour.",
            2,
        )
        assert Inquiry.objects.get().state == "open"

    def test_a_claim_at_the_moment_of_sending_is_shown_too(self, client, ada, bo, monkeypatch):
        inquiry, answer = people.written(), inquiry_services.answer
        client.post(at("change", inquiry), {"reason": "to answer it"})

        def claim_first(inquiries, words, **how):
            inquiry_services.claim(people.these(inquiry), by=bo, seen=1)
            return answer(inquiries, words, **how)

        monkeypatch.setattr(inquiry_services, "answer", claim_first)
        page = client.post(at("answer", inquiry), {"seen": 1, "words": "Typed for an hour."})
        assert (page.status_code, "bo has had this one since" in text(page)) == (409, True)


# --- two volunteers at the same moment


def race(*steps):
    """Run these steps in threads that begin together; return their outcomes."""
    together, outcomes = threading.Barrier(len(steps)), {}

    def run(number, step):
        together.wait()
        outcomes[number] = step()
        connection.close()

    workers = [threading.Thread(target=run, args=each) for each in enumerate(steps)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [outcomes[number] for number in range(len(steps))]


STEPS = {
    "claim": lambda these, by: inquiry_services.claim(these, by=by, seen=1),
    "answer": lambda these, by: inquiry_services.answer(these, "We read it.", by=by, seen=1),
    "close": lambda these, by: inquiry_services.close(these, by=by, seen=1),
    "to press": lambda these, by: inquiry_services.hand_over(these, "press", by=by, seen=1),
    "to policy": lambda these, by: inquiry_services.hand_over(these, "policy", by=by, seen=1),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claim", "claim"), ("claim", "answer"), ("claim", "close"), ("claim", "to press"), ("answer", "answer"),
        ("answer", "close"), ("answer", "to press"), ("close", "close"), ("close", "to press"),
        ("to press", "to policy"),
    ],
)  # fmt: skip
def test_one_of_two_volunteers_wins(one, other, bo):
    cleo, inquiry = people.reader("cleo", "coalition"), people.written()
    outcomes = race(lambda: STEPS[one](people.these(inquiry), bo), lambda: STEPS[other](people.these(inquiry), cleo))
    assert (sorted(outcomes), Inquiry.objects.get().turn) == ([False, True], 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
def test_two_who_say_not_spam_notify_once(bo):
    people.reader("cleo", "coalition", address="cleo@mailbox.example")
    inquiry = people.written(flag_reason="honeypot")
    unflag = lambda: inquiry_services.unflag(people.these(inquiry), by=bo, seen=1)  # noqa: E731
    assert sorted(race(unflag, unflag)) == [False, True]
    assert OutgoingEmail.objects.filter(kind="admin-inquiry").count() == 1


AFTERWARDS = {
    "give back": lambda these, by: inquiry_services.unclaim(these, by=by, seen=2),
    "answer": lambda these, by: inquiry_services.answer(these, "We read it.", by=by, seen=2),
    "reopen": lambda these, by: inquiry_services.reopen(these, by=by, seen=2),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
@pytest.mark.parametrize(
    ("first", "one", "other"),
    [
        ("claim", "give back", "give back"), ("claim", "give back", "answer"), ("close", "reopen", "reopen"),
    ],
)  # fmt: skip
def test_one_of_two_who_undo_a_step_wins(first, one, other, bo):
    cleo, inquiry = people.reader("cleo", "coalition"), people.written()
    STEPS[first](people.these(inquiry), bo)
    second = bo if "give back" in (one, other) else cleo
    outcomes = race(
        lambda: AFTERWARDS[one](people.these(inquiry), bo), lambda: AFTERWARDS[other](people.these(inquiry), second)
    )
    assert (sorted(outcomes), Inquiry.objects.get().turn) == ([False, True], 3)
