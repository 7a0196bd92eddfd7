"""A conversation is deleted after its retention period, or when its sender asks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage
from chapters.representative_messages import moderation, retention
from chapters.representative_messages import services as message_services
from s4jr.erasure.erase import erase
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from tests.chapters.representative_messages import cast
from tests.query_counts import LANGUAGES, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


def over(imogen, **said):
    message = cast.message(imogen, **said)
    cast.grow_old(message, settings.CONVERSATION_DAYS)
    return message


def test_a_conversation_expires_thirty_days_after_its_last_message(imogen):
    old = over(imogen)
    talking = over(imogen, email="other@mailbox.example")
    message_services.add_message(cast.these(talking), "One thing more.", "a mark")
    now = timezone.now()
    assert list(RepresentativeMessage.objects.over(now)) == [old]
    assert RepresentativeMessage.objects.over(now + timedelta(days=settings.CONVERSATION_DAYS)).count() == 2


def test_its_sender_gets_one_email_which_outlives_the_conversation(imogen):
    message = over(imogen)
    for _twice in range(2):
        retention.email_before_erasure(timezone.now())
    erase(RepresentativeMessage.objects.over(timezone.now()))

    [email] = OutgoingEmail.objects.exclude(kind="admin-message-waits")
    assert (email.to, email.kind, email.subject) == (cast.SENDER, "message-erased", "We deleted your message")
    assert (RepresentativeMessage.objects.count(), ConversationMessage.objects.count()) == (0, 0)
    assert [secret for secret in ("Imogen", "Rosalind", "heron", message.number) if secret in email.body] == []


def test_discreet_never_contact_and_flagged_senders_get_only_safe_emails(imogen):
    over(imogen, contact="discreet")
    over(imogen, email="machine@mailbox.example", flag_reason="honeypot")
    cast.grow_old(cast.send(cast.without_email(imogen)), settings.CONVERSATION_DAYS)
    retention.email_before_erasure(timezone.now())
    [email] = OutgoingEmail.objects.filter(kind="message-erased")
    assert (email.to, "code" in email.body) == (cast.SENDER, False)


def test_erasing_leaves_a_tombstone_and_cancels_pending_emails(imogen):
    message = cast.message(imogen)
    cast.answer(message)
    assert retention.erase_messages(cast.these(message)) == 1
    assert (
        RepresentativeMessage.objects.count(),
        ConversationMessage.objects.count(),
        cast.emails("message-answer"),
    ) == (
        0,
        0,
        [],
    )
    assert [stone.number for stone in Tombstone.objects.all()] == [f"C-{message.number}"]


def test_a_second_erasure_changes_nothing(imogen):
    message = cast.message(imogen)
    assert [retention.erase_messages(cast.these(message)) for _twice in range(2)] == [1, 0]


def test_a_reported_message_stays_without_its_sender_until_review(imogen):
    message = cast.message(imogen)
    moderation.report(cast.these(message), message.said.get().pk, "It hurts.", answers=False)
    cast.answer(message)
    message_services.add_message(cast.these(message), "The egret came later.", "a mark")
    code = cast.code_of(message)
    retention.erase_messages(cast.these(message))

    kept = RepresentativeMessage.objects.get()
    assert (kept.name, kept.email, kept.email_index, kept.contact) == ("", "", None, "none")
    assert [stone.number for stone in Tombstone.objects.all()] == [f"C-{message.number}"]
    assert (kept.said.get().words, RepresentativeMessage.objects.with_code(code).exists()) == (cast.WORDS, False)

    moderation.settle_reports(ConversationMessage.objects.all(), by=imogen.user)
    assert retention.erase_messages(cast.these(message)) == 1
    assert RepresentativeMessage.objects.count() == 0


def test_deleting_a_representative_deletes_no_messages_of_senders(imogen):
    message = cast.message(imogen)
    imogen.user.delete()
    message.refresh_from_db()
    assert (message.representative, message.said.count()) == (None, 1)


def test_an_address_gets_one_email_for_all_conversations_that_end_on_one_day(imogen):
    for _message in range(3):
        over(imogen)
    retention.email_before_erasure(timezone.now())
    assert cast.emails("message-erased") == [cast.SENDER]


@pytest.mark.parametrize("is_reported", [False, True])
def test_a_run_takes_as_many_queries_for_thirty_as_for_one(is_reported):
    """Each message is to a representative of its own; a third of them is in each language."""
    counts = []
    for numbers in (range(1), range(1, 31)):
        for number in numbers:
            who = {"email": f"writer{number}@mailbox.example", "language": LANGUAGES[number % 3]}
            message = over(cast.representative_of_a_chapter(number), **who)
            if is_reported:
                moderation.report(cast.these(message), message.said.get().pk, "It hurts.", answers=False)
        these = RepresentativeMessage.objects.filter(email_index__isnull=False)
        emails = queries_of(lambda: retention.email_before_erasure(timezone.now()))
        counts.append((emails, queries_of(lambda these=these: retention.erase_messages(these))))
    assert (counts[0], RepresentativeMessage.objects.count()) == (counts[1], 31 if is_reported else 0)
