"""An inquiry is saved once, answered once, announced to its readers, and deleted on time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.inquiries import services as inquiry_services
from members.inquiries.permissions import may_read
from members.models import Inquiry, InquiryMessage
from members.purge import purge
from s4jr.audit.models import AccessLog
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from tests.members.inquiries import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ada(db):
    return people.reader("ada", superuser=True, address="ada@mailbox.example", display_name="Ada")


def answers():
    return OutgoingEmail.objects.filter(kind="inquiry-answer")


def notes():
    return [email.to for email in OutgoingEmail.objects.filter(kind="admin-inquiry")]


class TestSubmitting:
    def test_an_amended_form_replaces_the_first(self):
        said = people.submission(email="wilhelmnia@mailbox.example")
        people.written(said)
        corrected = people.submission(form_token=said.form_token, topic="press", words="What I meant.")
        inquiry = people.written(corrected)
        assert (inquiry.topic, inquiry.email) == ("press", people.ADDRESS)
        assert [word.words for word in inquiry.said.all()] == ["What I meant."]

    def test_a_user_who_read_it_before_the_amendment_is_notified(self, ada):
        said = people.submission()
        people.written(said)
        inquiry = people.written(people.submission(form_token=said.form_token, words="What I meant."))
        assert inquiry_services.answer(people.these(inquiry), "To the first.", by=ada, seen=1) is False

    def test_an_unchanged_form_changes_nothing(self):
        said = people.submission()
        assert [people.written(said).turn for _ in range(3)] == [1, 1, 1]

    def test_amended_to_safety_its_readers_are_the_latest_choice(self, ada):
        said = people.submission()
        people.written(said)
        inquiry = people.written(people.submission(form_token=said.form_token, topic="safety", readers=(ada,)))
        assert list(inquiry.readers.all()) == [ada]

    def test_amended_after_an_answer_the_text_is_added(self, ada):
        said = people.submission()
        inquiry_services.answer(people.these(people.written(said)), "We read it.", by=ada, seen=1)
        inquiry = people.written(people.submission(form_token=said.form_token, words="What I meant."))
        assert [word.words for word in inquiry.said.all()] == [people.WORDS, "We read it.", "What I meant."]
        assert (inquiry.state, inquiry.turn) == ("open", 3)

    def test_sent_again_after_an_answer_nothing_changes(self, ada):
        said = people.submission()
        inquiry_services.answer(people.these(people.written(said)), "We read it.", by=ada, seen=1)
        assert people.written(said).turn == 2

    def test_its_number_is_never_a_members(self):
        assert people.written().number.startswith("W")


class TestAnswering:
    def test_it_is_saved_logged_and_sent(self, ada):
        inquiry = people.written()
        assert inquiry_services.answer(people.these(inquiry), "We read it.\n\nTwice.", by=ada, seen=1) is True
        inquiry.refresh_from_db()
        assert (inquiry.state, inquiry.turn) == ("answered", 2)
        [email] = answers()
        assert (email.to, email.subject, email.about) == (
            people.ADDRESS,
            "Our answer to your message",
            inquiry.about,
        )
        assert "We read it.\n\nTwice.\n" in email.body
        assert "/contact/answer/" in email.body
        assert [word for word in (people.WORDS, people.NAME, inquiry.number, "ada") if word in email.body] == []
        [row] = AccessLog.objects.filter(object_id=inquiry.number)
        assert (row.who, row.action, row.field_names) == ("ada", "sent", "words")

    def test_a_discreet_email_says_only_that_an_answer_waits(self, ada, settings):
        inquiry_services.answer(
            people.these(people.written(contact="discreet")), "The heron of the coalition.", by=ada, seen=1
        )
        [email] = answers()
        assert "heron" not in email.body
        assert [word for word in settings.COALITION_WORDS if word in f"{email.subject} {email.body}".lower()] == []

    def test_a_placeholder_in_an_answer_is_plain_text(self, ada):
        inquiry_services.answer(people.these(people.written()), "Use {answer_link} or {days}.", by=ada, seen=1)
        assert "Use {answer_link} or {days}." in answers().get().body

    def test_a_long_line_is_wrapped_and_short_ones_stay(self, ada):
        inquiry_services.answer(people.these(people.written()), f"- one\n- two\n\n{'word ' * 40}", by=ada, seen=1)
        body = answers().get().body
        assert "- one\n- two\n\nword" in body
        assert [line for line in body.splitlines() if len(line) > 72 and not line.startswith("http")] == []

    def test_the_second_of_two_concurrent_answers_gets_an_error(self, ada):
        inquiry = people.written()
        outcomes = [
            inquiry_services.answer(people.these(inquiry), words, by=ada, seen=1) for words in ("First.", "Second.")
        ]
        assert (outcomes, answers().count()) == ([True, False], 1)
        assert [word.words for word in inquiry.said.filter(is_answer=True)] == ["First."]

    def test_an_answer_to_a_message_with_unread_additions_is_not_sent(self, ada):
        inquiry = people.written()
        inquiry_services.add_message(people.these(inquiry), "Wait, one more thing.", "a token")
        assert inquiry_services.answer(people.these(inquiry), "We read it.", by=ada, seen=1) is False
        assert answers().count() == 0

    def test_a_second_answer_may_follow(self, ada):
        inquiry = people.written()
        for seen in (1, 2):
            assert inquiry_services.answer(people.these(inquiry), f"Answer {seen}.", by=ada, seen=seen) is True
        assert answers().count() == 2

    def test_closing_sends_nothing_and_is_logged(self, ada):
        inquiry = people.written()
        assert [inquiry_services.close(people.these(inquiry), by=ada, seen=1) for _ in range(2)] == [True, False]
        inquiry.refresh_from_db()
        assert (inquiry.state, answers().count()) == ("closed", 0)
        assert [row.field_names for row in AccessLog.objects.filter(object_id=inquiry.number)] == ["state"]

    def test_a_closed_inquiry_waits_again_when_its_sender_adds_text(self, ada):
        inquiry = people.written()
        inquiry_services.close(people.these(inquiry), by=ada, seen=1)
        inquiry_services.add_message(people.these(inquiry), "Still here.", "a token")
        assert list(Inquiry.objects.waiting()) == [inquiry]


class TestHandingOver:
    def test_its_new_readers_are_notified(self, ada):
        people.reader("penny", "press", address="penny@mailbox.example")
        inquiry = people.written()
        assert inquiry_services.hand_over(people.these(inquiry), "press", by=ada, seen=1) is True
        assert inquiry_services.hand_over(people.these(inquiry), "press", by=ada, seen=2) is False
        assert sorted(notes()) == ["ada@mailbox.example", "penny@mailbox.example"]

    def test_safety_inquiries_are_never_handed_over_in_either_direction(self, ada):
        safety, other = people.about_safety(ada), people.written()
        assert inquiry_services.hand_over(people.these(safety), "press", by=ada, seen=1) is False
        assert inquiry_services.hand_over(people.these(other), "safety", by=ada, seen=1) is False
        assert sorted(Inquiry.objects.values_list("topic", flat=True)) == ["coalition", "safety"]


class TestNotifications:
    def test_at_most_once_an_hour_for_each_topic(self):
        for topic in ("coalition", "coalition", "press"):
            people.written(topic=topic)
        assert notes() == ["ada@mailbox.example"] * 2

    def test_it_reveals_nothing_about_the_inquiry(self):
        inquiry = people.written(topic="press")
        email = OutgoingEmail.objects.get()
        told = f"{email.subject} {email.body}".lower()
        assert [w for w in ("kingfisher", "wilhelmina", "press", "media", inquiry.number.lower()) if w in told] == []

    def test_a_flagged_one_notifies_no_one_until_it_is_unflagged(self):
        inquiry = people.written(flag_reason="honeypot")
        assert (notes(), list(Inquiry.objects.waiting())) == ([], [])
        penny = people.reader("penny", "coalition")
        assert [inquiry_services.unflag(people.these(inquiry), by=penny, seen=seen) for seen in (1, 2)] == [True, False]
        assert (notes(), list(Inquiry.objects.waiting())) == (["ada@mailbox.example"], [inquiry])

    def test_users_without_an_address_or_inactive_get_none(self):
        people.reader("bo", "coalition")
        people.reader("gone", "coalition", address="gone@mailbox.example", is_active=False)
        people.written()
        assert notes() == ["ada@mailbox.example"]


class TestRetention:
    def test_the_purge_deletes_it_ninety_days_after_the_last_message(self, settings):
        settings.INQUIRY_DAYS = 90
        now = timezone.now()
        kept, over = people.written(), people.written()
        Inquiry.objects.update(received_on=now.date() - timedelta(days=400))
        for inquiry, days in ((kept, 89), (over, 91)):
            Inquiry.objects.filter(pk=inquiry.pk).update(last_word_on=now.date() - timedelta(days=days))
        purge(now)
        assert list(Inquiry.objects.all()) == [kept]

    def test_further_messages_keep_it(self, settings):
        settings.INQUIRY_DAYS = 90
        inquiry = people.written()
        Inquiry.objects.update(last_word_on=timezone.now().date() - timedelta(days=91))
        inquiry_services.add_message(people.these(inquiry), "Still here.", "a token")
        purge()
        assert Inquiry.objects.count() == 1

    def test_its_messages_emails_and_readers_are_deleted_and_pending_emails_never_leave(self, ada):
        inquiry, other = people.about_safety(ada), people.written()
        inquiry_services.answer(people.these(inquiry), "We read it.", by=ada, seen=1)
        assert inquiry_services.erase_inquiries(people.these(inquiry)) == 1
        assert list(Inquiry.objects.all()) == [other]
        assert (InquiryMessage.objects.count(), answers().count(), Inquiry.readers.through.objects.count()) == (1, 0, 0)
        assert OutgoingEmail.objects.exclude(about=other.about).count() == 0
        assert Tombstone.objects.get().number == inquiry.number


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
def test_one_of_two_concurrent_answers_wins(ada):
    inquiry, outcomes = people.written(), []
    together = threading.Barrier(2)

    def answer(words):
        together.wait()
        outcomes.append(inquiry_services.answer(people.these(inquiry), words, by=ada, seen=1))
        connection.close()

    workers = [threading.Thread(target=answer, args=[words]) for words in ("First.", "Second.")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == [False, True]
    assert (answers().count(), inquiry.said.filter(is_answer=True).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
def test_two_concurrent_submissions_of_a_form_are_one_inquiry(ada):
    said, together = people.submission(), threading.Barrier(2)

    def write():
        together.wait()
        inquiry_services.submit_inquiry(said)
        connection.close()

    workers = [threading.Thread(target=write) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (Inquiry.objects.count(), InquiryMessage.objects.count()) == (1, 1)


def test_a_user_without_permission_reads_nothing():
    people.reader("dov")
    assert [user.username for user in may_read("press")] == ["ada"]
