"""Blocks: a blocked sender never learns of it, and their messages are stored like any others."""

import pytest

from chapters.models import Block, RepresentativeMessage
from chapters.representative_messages import moderation
from chapters.representative_messages import services as message_services
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


def said_in(message):
    return [word.words for word in message.said.all()]


def test_messages_of_a_blocked_sender_are_stored_and_notify_no_one(imogen):
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    OutgoingEmail.objects.all().delete()
    again = cast.message(imogen)
    message_services.add_message(cast.these(again), "And again.", "a mark")

    assert (again.flag_reason, said_in(again)) == ("blocked", [cast.WORDS, "And again."])
    assert (again.state, OutgoingEmail.objects.count()) == ("open", 0)


def test_a_block_covers_the_person_and_every_spelling_of_the_address(imogen):
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    other_term = places.representative(user=imogen.user, place="CA-QC")
    somebody_else = cast.representative("orsolya", "orsolya@desk.example")

    held = [cast.message(to, email="Rosalind@Mailbox.Example").flag_reason for to in (other_term, somebody_else)]
    assert (held, Block.objects.count()) == (["blocked", ""], 1)


def test_a_block_without_an_address_covers_only_the_conversation(imogen):
    message = cast.send(cast.without_email(imogen))
    moderation.block_senders(cast.these(message), by=imogen.user)
    message.refresh_from_db()
    anew = cast.send(cast.without_email(imogen))
    assert (message.flag_reason, anew.flag_reason) == ("blocked", "")


@pytest.mark.parametrize("maker", [cast.submission, cast.without_email])
def test_unblocking_shows_the_messages_sent_meanwhile(imogen, maker):
    message = cast.send(maker(imogen))
    moderation.block_senders(cast.these(message), by=imogen.user)
    message_services.add_message(cast.these(message), "Meanwhile.", "a mark")
    mine = RepresentativeMessage.objects.to([imogen])
    assert mine.count() == 0

    [block] = imogen.user.blocks.all()
    moderation.unblock_sender(block.pk, by=imogen.user)
    assert (said_in(mine.get()), Block.objects.count()) == ([cast.WORDS, "Meanwhile."], 0)


def test_representatives_cannot_unblock_for_others(imogen):
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    somebody_else = cast.representative("orsolya", "orsolya@desk.example").user
    moderation.unblock_sender(Block.objects.get().pk, by=somebody_else)
    assert Block.objects.count() == 1
