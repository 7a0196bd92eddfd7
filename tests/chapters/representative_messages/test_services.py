"""Messages to a representative and their answers. Neither side ever learns the other's address."""

import secrets
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from chapters.models import ConversationMessage, Representative, RepresentativeMessage
from chapters.representative_messages import moderation, retention
from chapters.representative_messages import services as message_services
from s4jr.audit.models import AccessLog
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast
from tests.mail.wire import message_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


def said_in(message):
    return [word.words for word in message.said.all()]


def test_a_message_waits_and_the_notification_has_no_text(imogen):
    message = cast.message(imogen)

    [email] = OutgoingEmail.objects.all()
    assert (message.state, said_in(message), message.turn) == ("open", [cast.WORDS], 1)
    assert (email.kind, email.to, email.subject) == (
        "admin-message-waits",
        cast.HOLDER,
        "A new message for you",
    )
    assert [secret for secret in (cast.SENDER, "Rosalind", "heron") if secret in email.body] == []


def test_many_messages_within_an_hour_are_one_email(imogen):
    for number in range(3):
        cast.message(imogen, email=f"writer{number}@mailbox.example")
    assert (RepresentativeMessage.objects.count(), cast.emails("admin-message-waits")) == (3, [cast.HOLDER])


def test_a_form_sent_twice_is_one_message(imogen):
    asked = cast.submission(imogen)
    first, second = cast.send(asked), cast.send(asked)
    assert (first, said_in(second), ConversationMessage.objects.count()) == (second, [cast.WORDS], 1)


def test_a_resubmitted_form_replaces_the_text_until_it_is_read(imogen):
    asked = cast.submission(imogen)
    cast.send(asked)
    corrected = cast.send(
        cast.submission(imogen, form_token=asked.form_token, words="Better words.", contact="none", email="")
    )
    assert (said_in(corrected), corrected.contact, corrected.email, corrected.email_index) == (
        ["Better words."],
        "none",
        "",
        None,
    )

    message_services.mark_read(cast.these(corrected), by=imogen.user)
    for _twice in range(2):
        late = cast.send(cast.submission(imogen, form_token=asked.form_token, words="And one thing more."))
    assert said_in(late) == ["Better words.", "And one thing more."]


def test_only_the_date_is_stored(imogen):
    [word] = cast.message(imogen).said.all()
    assert word.at.time().isoformat() == "00:00:00"


@pytest.mark.parametrize("flag_reason", ["honeypot", "too_fast", "no_token", "too_many"])
def test_a_flagged_message_comes_last_and_sends_no_email(imogen, flag_reason):
    held = cast.message(imogen, flag_reason=flag_reason)
    cast.grow_old(held, 3)
    waiting = cast.message(imogen, email="writer@mailbox.example")

    signed_in = RepresentativeMessage.objects.to([imogen]).longest_waiting_first()
    assert ([one.pk for one in signed_in], cast.emails("admin-message-waits")) == (
        [waiting.pk, held.pk],
        [cast.HOLDER],
    )
    cast.answer(held)
    held.refresh_from_db()
    assert (held.flag_reason, held.state) == ("", "answered")


def test_no_email_goes_to_a_representative_whose_term_is_over():
    over = places.today() - timedelta(days=2)
    cast.message(places.representative("bram", begins_on=over, ends_on=over))
    assert OutgoingEmail.objects.count() == 0


def test_the_number_of_an_erased_message_is_not_reused(imogen, monkeypatch):
    gone = cast.message(imogen)
    retention.erase_messages(cast.these(gone))
    drawn = iter([gone.number, "0A1B2C"])
    monkeypatch.setattr("s4jr.erasure.record_numbers.secrets.token_hex", lambda _bytes: next(drawn))
    asked = cast.submission(imogen, form_token="f" * 32)
    assert cast.send(asked).number == "0A1B2C"


def test_the_database_holds_no_plaintext(imogen):
    message = cast.message(imogen)
    moderation.report(cast.these(message), message.said.get().pk, "It hurts.", answers=False)
    cast.answer(message)
    with connection.cursor() as cursor:
        rows = []
        for table in (
            "chapters_representativemessage",
            "chapters_conversationmessage",
            "chapters_block",
            "mail_outgoingemail",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    secrets_said = (cast.SENDER, cast.HOLDER, "Rosalind", "heron", "kingfisher", "It hurts")
    assert [secret for secret in secrets_said if secret in str(rows)] == []


def answers_in_emails():
    return OutgoingEmail.objects.filter(kind="message-answer")


def test_an_answer_is_emailed_without_either_address(imogen):
    message = cast.message(imogen)
    assert cast.answer(message) is True

    [email] = answers_in_emails()
    assert (email.to, email.subject, cast.ANSWER in email.body) == (cast.SENDER, "An answer to your message", True)
    assert [secret for secret in (cast.HOLDER, "imogen", "Imogen", "heron") if secret in email.body] == []


def test_no_header_has_the_representatives_address(imogen, settings):
    cast.answer(cast.message(imogen))
    headers = message_of(answers_in_emails().get())
    assert (headers["To"], settings.MAIL_FROM in headers["From"], headers["Reply-To"]) == (cast.SENDER, True, None)
    assert [name for name, value in headers.items() if "imogen" in value.lower()] == []


def test_a_discreet_sender_learns_only_that_an_answer_waits(imogen):
    cast.answer(cast.message(imogen, contact="discreet"))
    [email] = answers_in_emails()
    told = (cast.ANSWER in email.body, "/representatives/answer/" in email.body, coalition_words_in(email.body))
    assert told == (False, True, [])


def test_a_sender_who_chose_never_gets_no_email(imogen):
    message = cast.send(cast.without_email(imogen))
    assert (cast.answer(message), answers_in_emails().count()) == (True, 0)


def test_a_suppressed_address_gets_no_email(imogen):
    message = cast.message(imogen)
    make.stop(message.email_index, Suppression.Reason.NEVER)
    assert (cast.answer(message), answers_in_emails().count()) == (True, 0)


def test_an_answer_keeps_its_line_breaks(imogen):
    cast.answer(cast.message(imogen), words="One line.\n\n- a point\n- another")
    assert "One line.\n\n- a point\n- another\n" in answers_in_emails().get().body


def test_an_answer_submitted_twice_is_saved_once(imogen):
    message = cast.message(imogen)
    mark = secrets.token_hex(16)
    pressed = [
        message_services.answer(cast.these(message), cast.ANSWER, by=imogen.user, seen=1, form_token=mark)
        for _ in range(2)
    ]
    assert (pressed, message.said.filter(is_answer=True).count(), answers_in_emails().count()) == ([True, True], 1, 1)


def test_an_answer_to_an_outdated_version_is_refused(imogen):
    message = cast.message(imogen)
    message_services.add_message(cast.these(message), "Wait, I forgot.", "a mark")
    late = message_services.answer(cast.these(message), cast.ANSWER, by=imogen.user, seen=1, form_token="another mark")
    closed = message_services.close(cast.these(message), by=imogen.user, seen=1)
    assert (late, closed, answers_in_emails().count()) == (False, False, 0)
    assert AccessLog.objects.filter(action__in=["sent", "decided"]).count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_of_two_concurrent_answers_is_saved(imogen):
    message, said, ready = cast.message(imogen), [], Barrier(2)

    def answer(number):
        ready.wait()
        said.append(
            message_services.answer(
                cast.these(message), f"Answer {number}.", by=imogen.user, seen=1, form_token=f"mark {number}"
            )
        )
        connections.close_all()

    both = [Thread(target=answer, args=[number]) for number in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert (sorted(said), ConversationMessage.objects.filter(is_answer=True).count()) == ([False, True], 1)


@pytest.mark.django_db(transaction=True)
def test_a_form_processed_by_two_workers_is_saved_once(imogen):
    asked, ready = cast.submission(imogen), Barrier(2)

    def write():
        ready.wait()
        message_services.submit_message(asked)
        connections.close_all()

    both = [Thread(target=write) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert (RepresentativeMessage.objects.count(), ConversationMessage.objects.count()) == (1, 1)


def test_only_the_first_answer_counts_as_response_time(imogen):
    message = cast.message(imogen)
    cast.grow_old(message, 4)
    cast.answer(message)
    cast.answer(message, words="And one thing more.")
    assert Representative.objects.get(pk=imogen.pk).answer_days == "4"


def test_a_follow_up_of_the_sender_reopens_the_conversation(imogen):
    message = cast.message(imogen)
    cast.answer(message)
    for _twice in range(2):
        message_services.add_message(cast.these(message), "Thank you.", "a mark")
    message.refresh_from_db()
    assert (message.state, message.turn, message.said.count()) == ("open", 3, 3)


def test_closing_sends_no_email(imogen):
    message = cast.message(imogen)
    pressed = [message_services.close(cast.these(message), by=imogen.user, seen=1) for _ in range(2)]
    message.refresh_from_db()
    assert (pressed, message.state, answers_in_emails().count()) == ([True, False], "closed", 0)


def test_every_action_is_logged_without_the_text(imogen):
    message = cast.message(imogen)
    message_services.mark_read(cast.these(message), by=imogen.user)
    cast.answer(message)
    noted = [(row.who, row.action, row.object_id, row.field_names) for row in AccessLog.objects.order_by("pk")]
    assert noted == [
        ("imogen", "opened", message.number, "name words"),
        ("imogen", "sent", message.number, "words"),
    ]
