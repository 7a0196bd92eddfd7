"""What becomes of what somebody writes to a representative: it is kept once, and its sender never learns whether it
reaches anybody."""

from datetime import timedelta

import pytest
from django.db import connection

from chapters.models import Block, ConversationMessage, RepresentativeMessage
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


def said_in(message):
    return [word.words for word in message.said.all()]


def test_what_is_written_waits_and_the_email_says_only_that_something_does(imogen):
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
    asked = cast.writing(imogen)
    first, second = cast.send(asked), cast.send(asked)
    assert (first, said_in(second), ConversationMessage.objects.count()) == (second, [cast.WORDS], 1)


def test_the_same_form_with_other_words_stands_in_place_of_the_earlier_ones_until_they_are_read(imogen):
    asked = cast.writing(imogen)
    cast.send(asked)
    corrected = cast.send(
        cast.writing(imogen, form_token=asked.form_token, words="Better words.", contact="none", email="")
    )
    assert (said_in(corrected), corrected.contact, corrected.email, corrected.email_index) == (
        ["Better words."],
        "none",
        "",
        None,
    )

    cast.these(corrected).read(by=imogen.user)
    for _twice in range(2):
        late = cast.send(cast.writing(imogen, form_token=asked.form_token, words="And one thing more."))
    assert said_in(late) == ["Better words.", "And one thing more."]


def test_the_day_is_kept_and_not_the_hour(imogen):
    [word] = cast.message(imogen).said.all()
    assert word.at.time().isoformat() == "00:00:00"


def test_whose_words_are_not_passed_on_are_kept_like_any_others_and_nobody_is_told(imogen):
    cast.these(cast.message(imogen)).block(imogen.user)
    OutgoingEmail.objects.all().delete()
    again = cast.message(imogen)
    cast.these(again).write_again("And again.", "a mark")

    assert (again.flag_reason, said_in(again)) == ("blocked", [cast.WORDS, "And again."])
    assert (again.state, OutgoingEmail.objects.count()) == ("open", 0)


def test_a_block_goes_with_the_person_and_with_the_address_however_it_is_spelt(imogen):
    cast.these(cast.message(imogen)).block(imogen.user)
    cast.these(cast.message(imogen)).block(imogen.user)
    other_term = places.representative(user=imogen.user, place="CA-QC")
    somebody_else = cast.representative("orsolya", "orsolya@desk.example")

    held = [cast.message(to, email="Rosalind@Mailbox.Example").flag_reason for to in (other_term, somebody_else)]
    assert (held, Block.objects.count()) == (["blocked", ""], 1)


def test_a_block_of_somebody_without_address_is_of_this_conversation(imogen):
    message = cast.send(cast.without_email(imogen))
    cast.these(message).block(imogen.user)
    message.refresh_from_db()
    anew = cast.send(cast.without_email(imogen))
    assert (message.flag_reason, anew.flag_reason) == ("blocked", "")


@pytest.mark.parametrize("maker", [cast.writing, cast.without_email])
def test_a_block_can_be_taken_back_and_what_came_meanwhile_is_there(imogen, maker):
    message = cast.send(maker(imogen))
    cast.these(message).block(imogen.user)
    cast.these(message).write_again("Meanwhile.", "a mark")
    mine = RepresentativeMessage.objects.to([imogen])
    assert mine.count() == 0

    [block] = imogen.user.blocks.all()
    RepresentativeMessage.objects.unblock(imogen.user, block.pk)
    assert (said_in(mine.get()), Block.objects.count()) == ([cast.WORDS, "Meanwhile."], 0)


def test_nobody_takes_back_another_s_block(imogen):
    cast.these(cast.message(imogen)).block(imogen.user)
    somebody_else = cast.representative("orsolya", "orsolya@desk.example").user
    RepresentativeMessage.objects.unblock(somebody_else, Block.objects.get().pk)
    assert Block.objects.count() == 1


@pytest.mark.parametrize("flag_reason", ["honeypot", "too_fast", "no_token", "too_many"])
def test_what_no_hand_may_have_written_is_at_the_desk_last_and_causes_no_email(imogen, flag_reason):
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


def test_a_number_of_somebody_who_is_gone_is_not_given_again(imogen, monkeypatch):
    gone = cast.message(imogen)
    cast.these(gone).erase()
    drawn = iter([gone.number, "0A1B2C"])
    monkeypatch.setattr("chapters.representative_messages.querysets.secrets.token_hex", lambda _bytes: next(drawn))
    asked = cast.writing(imogen, form_token="f" * 32)
    assert cast.send(asked).number == "0A1B2C"


def test_nothing_that_was_said_stands_in_the_database_in_the_clear(imogen):
    message = cast.message(imogen)
    cast.these(message).report(message.said.get().pk, "It hurts.", answers=False)
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
