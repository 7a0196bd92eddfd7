"""Answering at the desk, and what becomes of the answer. Neither side ever learns the other's address."""

import secrets
from threading import Barrier, Thread

import pytest
from django.db import connections

from chapters.models import ConversationMessage, Representative, RepresentativeMessage
from s4jr.audit.models import AccessLog
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.transports.message import as_message
from tests import make
from tests.chapters.representative_messages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


def answers_in_emails():
    return OutgoingEmail.objects.filter(kind="message-answer")


def test_where_e_mail_is_safe_the_answer_is_in_an_email_without_either_address(imogen):
    message = cast.message(imogen)
    assert cast.answer(message) is True

    [email] = answers_in_emails()
    assert (email.to, email.subject, cast.ANSWER in email.body) == (cast.SENDER, "An answer to your message", True)
    assert [secret for secret in (cast.HOLDER, "imogen", "Imogen", "heron") if secret in email.body] == []


def test_no_header_of_it_holds_an_address_of_theirs(imogen, settings):
    cast.answer(cast.message(imogen))
    headers = as_message(answers_in_emails().get())
    assert (headers["To"], settings.MAIL_FROM in headers["From"], headers["Reply-To"]) == (cast.SENDER, True, None)
    assert [name for name, value in headers.items() if "imogen" in value.lower()] == []


def test_whoever_asked_us_to_be_discreet_is_told_only_that_an_answer_waits(imogen):
    cast.answer(cast.message(imogen, contact="discreet"))
    [email] = answers_in_emails()
    told = (cast.ANSWER in email.body, "/representatives/answer/" in email.body, coalition_words_in(email.body))
    assert told == (False, True, [])


def test_whoever_must_not_be_e_mailed_gets_nothing(imogen):
    message = cast.send(cast.without_email(imogen))
    assert (cast.answer(message), answers_in_emails().count()) == (True, 0)


def test_an_address_that_gets_no_emails_gets_none(imogen):
    message = cast.message(imogen)
    make.stop(message.email_index, Suppression.Reason.NEVER)
    assert (cast.answer(message), answers_in_emails().count()) == (True, 0)


def test_an_answer_keeps_its_lines(imogen):
    cast.answer(cast.message(imogen), words="One line.\n\n- a point\n- another")
    assert "One line.\n\n- a point\n- another\n" in answers_in_emails().get().body


def test_an_answer_pressed_twice_is_said_once(imogen):
    message = cast.message(imogen)
    mark = secrets.token_hex(16)
    pressed = [cast.these(message).answer(cast.ANSWER, imogen.user, seen=1, form_token=mark) for _ in range(2)]
    assert (pressed, message.said.filter(is_answer=True).count(), answers_in_emails().count()) == ([True, True], 1, 1)


def test_who_answers_what_has_moved_on_is_told(imogen):
    message = cast.message(imogen)
    cast.these(message).write_again("Wait, I forgot.", "a mark")
    late = cast.these(message).answer(cast.ANSWER, imogen.user, seen=1, form_token="another mark")
    closed = cast.these(message).close(imogen.user, seen=1)
    assert (late, closed, answers_in_emails().count()) == (False, False, 0)
    assert AccessLog.objects.filter(action__in=["sent", "decided"]).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_said(imogen):
    message, said, ready = cast.message(imogen), [], Barrier(2)

    def answer(number):
        ready.wait()
        said.append(cast.these(message).answer(f"Answer {number}.", imogen.user, seen=1, form_token=f"mark {number}"))
        connections.close_all()

    both = [Thread(target=answer, args=[number]) for number in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert (sorted(said), ConversationMessage.objects.filter(is_answer=True).count()) == ([False, True], 1)


@pytest.mark.django_db(transaction=True)
def test_of_one_form_sent_by_two_workers_at_once_one_is_kept(imogen):
    asked, ready = cast.writing(imogen), Barrier(2)

    def write():
        ready.wait()
        RepresentativeMessage.objects.write(asked)
        connections.close_all()

    both = [Thread(target=write) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert (RepresentativeMessage.objects.count(), ConversationMessage.objects.count()) == (1, 1)


def test_only_a_first_answer_counts_for_the_usual_time(imogen):
    message = cast.message(imogen)
    cast.grow_old(message, 4)
    cast.answer(message)
    cast.answer(message, words="And one thing more.")
    assert Representative.objects.get(pk=imogen.pk).answer_days == "4"


def test_the_next_words_of_the_sender_wait_again(imogen):
    message = cast.message(imogen)
    cast.answer(message)
    for _twice in range(2):
        cast.these(message).write_again("Thank you.", "a mark")
    message.refresh_from_db()
    assert (message.state, message.turn, message.said.count()) == ("open", 3, 3)


def test_what_needs_no_answer_is_closed_and_nobody_is_written_to(imogen):
    message = cast.message(imogen)
    pressed = [cast.these(message).close(imogen.user, seen=1) for _ in range(2)]
    message.refresh_from_db()
    assert (pressed, message.state, answers_in_emails().count()) == ([True, False], "closed", 0)


def test_all_that_is_done_is_noted_and_nothing_of_the_words(imogen):
    message = cast.message(imogen)
    cast.these(message).read(by=imogen.user)
    cast.answer(message)
    noted = [(row.who, row.action, row.object_id, row.field_names) for row in AccessLog.objects.order_by("pk")]
    assert noted == [
        ("imogen", "opened", message.number, "name words"),
        ("imogen", "sent", message.number, "words"),
    ]
