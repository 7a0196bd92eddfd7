"""Inquiries in the admin: lists without names, a reason to open one, and no answer gets lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chapters.models import Meeting
from members.inquiries import services as inquiry_services
from members.models import Inquiry
from members.review.dashboard import KINDS, waiting_for
from members.review.statistics import week_statistics
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.chapters.cast import one_of_many_chapters, person
from tests.members.inquiries import people
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db
CSRF = "csrfmiddlewaretoken"
LIST = "admin:members_inquiry_changelist"


@pytest.fixture
def desk(client):
    """Signed in as a user who reads all topics except safety."""
    make.signed_in_staff(client, "ada")
    client.get(reverse("admin:index"))  # consumes the greeting message
    return client


def at(name, inquiry):
    return reverse(f"admin:members_inquiry_{name}", args=[inquiry.pk])


def opened(client, inquiry):
    client.post(at("change", inquiry), {"reason": "to answer it"})
    return client.get(at("change", inquiry))


def text(response):
    return response.content.decode()


class TestTheList:
    def test_it_shows_numbers_and_topics_but_no_names(self, desk):
        inquiry = people.written(topic="press", deadline=westernmost_today())
        page = text(desk.get(reverse(LIST)))
        assert (f"Inquiry {inquiry.number}" in page, "Media</td>" in page, "today" in page) == (True, True, True)
        assert [said for said in (people.NAME, people.ADDRESS, "kingfisher") if said in page] == []

    def test_it_opens_with_waiting_inquiries(self, desk):
        waiting, answered = people.written(), people.written()
        inquiry_services.close(people.these(answered), by="ada", seen=1)
        assert list(desk.get(reverse(LIST)).context["cl"].queryset) == [waiting]
        assert desk.get(reverse(LIST) + "?state=all").context["cl"].result_count == 2

    def test_search_needs_a_whole_number(self, desk):
        inquiry, _ = people.written(), people.written()
        for term, count in ((inquiry.number.lower(), 1), (inquiry.number[:3], 0), ("Wilhelmina", 0)):
            assert desk.get(reverse(LIST), {"q": term}).context["cl"].result_count == count

    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, client):
        """Half are about a chapter of their own, half about safety, each with a reader of its own."""
        bo = people.reader("bo", "chapter", "safety", display_name="Bo")
        people.signed_in(client, bo)

        def create(number):
            chapter, deadline = one_of_many_chapters(number), westernmost_today() + timezone.timedelta(days=number)
            people.written(topic="chapter", chapter=chapter, deadline=deadline)
            people.about_safety(bo, people.reader(f"cleo{number}", "safety", display_name=f"Cleo {number}"))

        one, thirty = for_one_and_thirty(create, lambda: client.get(reverse(LIST)))
        page = client.get(reverse(LIST))
        shown = page.context["cl"].result_count, text(page).count("A chapter: Circle ")
        assert (one, shown) == (thirty, (60, 30))

    def test_a_long_inquiry_takes_the_same_queries_as_a_short_one(self, desk):
        inquiry = people.written(topic="chapter", chapter=one_of_many_chapters(0))
        opened(desk, inquiry)

        def create(number):
            said = {"is_answer": True, "words": f"Answer {number}", "at": timezone.now()}
            inquiry.said.create(**said, by=person(f"cleo{number}"))

        one, thirty = for_one_and_thirty(create, lambda: desk.get(at("change", inquiry)))
        assert (one, text(desk.get(at("change", inquiry))).count("Answer ")) == (thirty, 30)

    def test_a_reader_of_one_topic_sees_only_that(self, client):
        people.signed_in(client, people.reader("penny", "press"))
        mine, _ = people.written(topic="press"), people.written(topic="policy")
        page = client.get(reverse(LIST))
        assert list(page.context["cl"].queryset) == [mine]
        assert "policy" not in text(page)

    def test_a_user_without_topics_is_refused(self, client):
        people.signed_in(client, people.reader("dov"))
        assert client.get(reverse(LIST)).status_code == 403
        assert waiting_for(client.get(reverse("admin:index")).context["user"]) == []

    def test_a_user_without_a_display_name_reads_what_they_miss(self, client):
        people.signed_in(client, people.reader("bo", "safety"))
        assert reverse("account_display_name") in text(client.get(reverse(LIST)))

    def test_no_other_admin_page_shows_more(self, desk):
        inquiry = people.written()
        base = f"{reverse(LIST)}{inquiry.pk}/"
        assert [desk.get(f"{base}{word}/").status_code for word in ("history", "delete")] == [404, 404]
        assert desk.get(f"{reverse(LIST)}add/").status_code == 404


class TestOpening:
    def test_nothing_is_shown_before_a_reason_is_given_and_logged(self, desk):
        inquiry = people.written()
        page = text(desk.get(at("change", inquiry)))
        assert ("Why are you opening this record?" in page, "kingfisher" in page) == (True, False)
        page = text(opened(desk, inquiry))
        assert (people.NAME in page, people.WORDS in page, people.ADDRESS in page) == (True, True, False)
        [row] = AccessLog.objects.filter(object_id=inquiry.number)
        assert (row.who, row.action, row.reason) == ("ada", "opened", "to answer it")
        assert "words" in row.field_names

    def test_without_a_reason_it_stays_closed(self, desk):
        inquiry = people.written()
        assert "kingfisher" not in text(desk.post(at("change", inquiry), {"reason": " "}))
        assert AccessLog.objects.filter(object_id=inquiry.number).count() == 0

    def test_it_counts_with_all_other_opened_records(self, desk, settings):
        settings.OPENINGS_AN_HOUR = 2
        assert ["kingfisher" in text(opened(desk, people.written())) for _ in range(3)] == [True, True, False]
        assert OutgoingEmail.objects.filter(kind="admin-openings").count() == 0  # there is no other admin to notify

    @pytest.mark.parametrize(("press", "said"), [("answer", {"seen": 1, "words": ""}), ("close", {"seen": 7})])
    def test_an_action_without_effect_shows_nothing_before_a_reason_is_given(self, desk, press, said):
        inquiry = people.written()
        page = text(desk.post(at(press, inquiry), said))
        assert ("Why are you opening this record?" in page, "kingfisher" in page) == (True, False)
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_typed_text_is_carried_through_the_reason_page(self, desk):
        inquiry = people.written()
        asked = Page(text(desk.post(at("answer", inquiry), {"seen": 7, "words": "Typed for an hour."})))
        carried = {tag["name"]: tag["value"] for tag in asked.all(tag="input", type="hidden") if tag["name"] != CSRF}
        page = text(desk.post(at("answer", inquiry), {**carried, "opening-reason": "to answer it"}))
        assert ("kingfisher" in page, "Typed for an hour." in page) == (True, True)
        [row] = AccessLog.objects.filter(action="opened")
        assert (row.reason, row.budget) == ("to answer it", "lists")

    def test_it_tells_its_readers_who_else_may_read_it(self, client):
        bo = people.reader("bo", "safety", display_name="Bo the Reader")
        people.signed_in(client, bo)
        assert "Only these people may read it: Bo the Reader." in text(opened(client, people.about_safety(bo)))

    def test_viewing_changes_nothing(self, desk):
        inquiry = people.written()
        opened(desk, inquiry)
        assert [desk.get(at(name, inquiry)).status_code for name in ("answer", "close", "unflag", "hand_over")] == [
            405
        ] * 4
        assert Inquiry.objects.get().turn == 1

    def test_markup_is_shown_as_text(self, desk):
        page = text(opened(desk, people.written(words="<script>alert(1)</script>")))
        assert ("<script>alert(1)" in page, "&lt;script&gt;" in page) == (False, True)


class TestAnswering:
    def test_the_answer_is_sent_and_the_list_comes_back(self, desk):
        inquiry = people.written()
        response = desk.post(at("answer", inquiry), {"seen": 1, "words": "We read it."})
        assert response.url == reverse(LIST)
        assert "We’ll email it to them." in text(desk.get(response.url))
        assert OutgoingEmail.objects.get(kind="inquiry-answer").to == people.ADDRESS

    @pytest.mark.parametrize(
        ("said", "how"),
        [
            ({"contact": "none", "email": ""}, "We won’t email them. They read it with their code."),
            ({"contact": "discreet"}, "An email tells them that an answer is waiting, and nothing else."),
        ],
    )
    def test_it_says_how_the_answer_is_sent(self, desk, said, how):
        response = desk.post(at("answer", people.written(**said)), {"seen": 1, "words": "We read it."}, follow=True)
        assert how in text(response)

    def test_it_says_when_the_address_is_suppressed(self, desk):
        make.stop(blind_index(people.ADDRESS), Suppression.Reason.BOUNCED)
        inquiry = people.written()
        assert "Emails to this address were stopped" in text(opened(desk, inquiry))
        response = desk.post(at("answer", inquiry), {"seen": 1, "words": "We read it."}, follow=True)
        assert "We won’t email them. They read it with their code." in text(response)

    def test_the_second_of_two_answers_gets_an_error_and_keeps_its_text(self, desk):
        other = people.reader("bo", "coalition")
        inquiry = people.written()
        opened(desk, inquiry)
        inquiry_services.answer(people.these(inquiry), "I was first.", by=other, seen=1)
        page = desk.post(at("answer", inquiry), {"seen": 1, "words": "I was second."})
        assert (page.status_code, "I was first." in text(page)) == (409, True)
        assert "This changed while you were writing." in text(page)
        form = page.context["form"]
        assert (form["words"].value(), form["seen"].value()) == ("I was second.", 2)
        assert OutgoingEmail.objects.filter(kind="inquiry-answer").count() == 1

    def test_an_empty_answer_gets_an_error(self, desk):
        inquiry = people.written()
        opened(desk, inquiry)
        page = desk.post(at("answer", inquiry), {"seen": 1, "words": ""})
        assert "Write an answer, or close this without one." in text(page)

    def test_the_other_actions_do_what_they_say(self, desk):
        closed, held, handed = people.written(), people.written(flag_reason="too_fast"), people.written()
        desk.post(at("close", closed), {"seen": 1})
        desk.post(at("unflag", held), {"seen": 1})
        desk.post(at("hand_over", handed), {"seen": 1, "topic": "press"})
        found = {e.pk: (e.state, e.flag_reason, e.topic) for e in Inquiry.objects.all()}
        assert found == {
            closed.pk: ("closed", "", "coalition"),
            held.pk: ("open", "", "coalition"),
            handed.pk: ("open", "", "press"),
        }

    def test_unflagging_an_unflagged_inquiry_says_that_nothing_changed(self, desk):
        page = text(desk.post(at("unflag", people.written()), {"seen": 1}, follow=True))
        assert ("Marked as not spam" in page, "It wasn’t flagged anymore." in page) == (False, True)

    def test_closing_a_changed_inquiry_does_not_close_it(self, desk):
        inquiry = people.written()
        opened(desk, inquiry)
        inquiry_services.add_message(people.these(inquiry), "Wait.", "a token")
        assert desk.post(at("close", inquiry), {"seen": 1}).status_code == 409
        assert Inquiry.objects.get().state == "open"

    @pytest.mark.parametrize("topic", ["safety", "weather", ""])
    def test_it_cannot_be_handed_over_to_safety_or_an_unknown_topic(self, desk, topic):
        desk.post(at("hand_over", people.written()), {"seen": 1, "topic": topic})
        assert Inquiry.objects.get().topic == "coalition"

    def test_a_reader_hands_it_over_to_a_topic_they_do_not_read(self, client):
        people.signed_in(client, people.reader("penny", "press"))
        inquiry = people.written(topic="press")
        client.post(at("hand_over", inquiry), {"seen": 1, "topic": "policy"}, follow=True)
        assert Inquiry.objects.get().topic == "policy"
        assert client.get(at("change", inquiry)).status_code == 404


class TestThisWeek:
    def test_it_shows_how_many_wait_and_for_how_long(self, desk):
        people.written()
        people.written(flag_reason="honeypot")
        page = text(desk.get(reverse("admin:index")))
        assert ("1 inquiry to answer" in page, "1 inquiry flagged as possible spam" in page) == (True, True)

    def test_a_reader_of_the_media_topic_sees_theirs(self):
        client = Client()
        people.signed_in(client, people.reader("penny", "press"))
        people.written()
        assert "Nothing is waiting for you." in text(client.get(reverse("admin:index")))

    def test_it_takes_few_queries(self, django_assert_max_num_queries):
        ada = make.admin("ada")
        for _ in range(3):
            people.written()
        with django_assert_max_num_queries(len(KINDS) + 2):
            assert [one.count for one in waiting_for(ada)] == [3]

    def test_the_next_meeting_is_named_or_reported_missing(self, desk):
        assert "No meeting is planned." in text(desk.get(reverse("admin:index")))
        now = timezone.now()
        for title, days, more in (("Canceled", 1, {"is_canceled": True}), ("Lantern evening", 2, {})):
            begins = now + timezone.timedelta(days=days)
            Meeting.objects.create(
                kind="organizing", audience="members", title=title, zone="America/Toronto", starts_at=begins,
                ends_at=begins + timezone.timedelta(hours=1), is_published=True, **more,
            )  # fmt: skip
        assert "Next meeting: Lantern evening" in text(desk.get(reverse("admin:index")))
        assert week_statistics().next_meeting.title == "Lantern evening"
