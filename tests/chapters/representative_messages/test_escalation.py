"""Messages that stay unread for a week: the coalition gets their number, and the sender gets an email."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from chapters.models import RepresentativeMessage
from chapters.representative_messages import escalation, moderation
from chapters.representative_messages import services as message_services
from chapters.representatives.notices import unread_of
from chapters.tasks import keep_messages_up_to_date
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast
from tests.query_counts import LANGUAGES, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def imogen():
    return cast.representative()


@pytest.fixture
def ada():
    user = make.admin("ada", superuser=False, address="ada@desk.example")
    user.groups.add(Group.objects.get(name="Coordinator"))
    return user


def unread(imogen, days=7, **said):
    message = cast.message(imogen, **said)
    cast.grow_old(message, days)
    return message


def test_the_coalition_gets_a_number_without_the_text(imogen, ada):
    unread(imogen, coalition_may_answer=True)
    unread(imogen, email="other@mailbox.example")
    unread(imogen, days=6, email="third@mailbox.example")
    keep_messages_up_to_date()

    [outgoing] = OutgoingEmail.objects.filter(kind="admin-message-unread")
    said = " ".join(outgoing.body.split())
    numbers = ("for a week. Number of messages: 2." in said, "You may answer 1 of them" in said)
    assert (outgoing.to, outgoing.subject, numbers) == (ada.address, "Messages that no one has read", (True, True))
    assert [secret for secret in (cast.SENDER, "Rosalind", "heron", "Imogen") if secret in outgoing.body] == []


def test_senders_who_did_not_consent_learn_where_else_to_ask(imogen, ada):
    unread(imogen, coalition_may_answer=True)
    unread(imogen, email="other@mailbox.example")
    keep_messages_up_to_date()
    [outgoing] = OutgoingEmail.objects.filter(kind="message-not-read")
    assert (outgoing.to, "/contact/" in outgoing.body) == ("other@mailbox.example", True)
    assert [secret for secret in ("Imogen", "heron", cast.HOLDER) if secret in outgoing.body] == []


def test_tagged_spellings_share_one_email_a_day_and_the_untagged_address_gets_its_own(imogen, ada):
    for email in ("rosalind+1@mailbox.example", "rosalind+2@mailbox.example", cast.SENDER, cast.SENDER):
        unread(imogen, email=email)
    keep_messages_up_to_date()
    told = sorted(outgoing.to for outgoing in OutgoingEmail.objects.filter(kind="message-not-read"))
    assert told == ["rosalind+1@mailbox.example", cast.SENDER]


def test_every_sender_gets_an_email_if_no_admin_can_take_over(imogen):
    unread(imogen, coalition_may_answer=True)
    keep_messages_up_to_date()
    assert cast.emails("message-not-read") == [cast.SENDER]


def test_each_notification_is_sent_once(imogen, ada):
    unread(imogen)
    told = [escalation.escalate_unread(day) for day in (None, None, places.today() + timedelta(days=1))]
    assert (told, len(cast.emails("message-not-read")), len(cast.emails("admin-message-unread"))) == ([1, 0, 0], 1, 1)


def test_read_answered_and_flagged_messages_are_not_counted(imogen, ada):
    message_services.mark_read(cast.these(unread(imogen)), by=imogen.user)
    cast.answer(unread(imogen, email="a@mailbox.example"))
    unread(imogen, email="b@mailbox.example", flag_reason="honeypot")
    assert (escalation.escalate_unread(), cast.emails("admin-message-unread")) == (0, [])


def test_a_blocked_sender_gets_the_same_email(imogen, ada):
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    RepresentativeMessage.objects.all().delete()
    blocked = unread(imogen)
    reached = unread(cast.representative("orsolya", "orsolya@desk.example"), email="other@mailbox.example")
    keep_messages_up_to_date()
    assert (blocked.flag_reason, reached.flag_reason) == ("blocked", "")
    assert cast.emails("message-not-read") == ["other@mailbox.example", cast.SENDER]


def test_notifications_respect_discreet_and_never_contact_choices(imogen):
    unread(imogen, contact="discreet")
    silent = cast.send(cast.without_email(imogen))
    cast.grow_old(silent, 7)
    stopped = unread(imogen, email="stopped@mailbox.example")
    make.stop(stopped.email_index, Suppression.Reason.NEVER)
    keep_messages_up_to_date()
    [outgoing] = OutgoingEmail.objects.filter(kind="message-not-read")
    assert (outgoing.to, "contact" in outgoing.body) == (cast.SENDER, False)


def test_only_messages_with_consent_can_be_taken_over(imogen, ada):
    agreed, not_agreed = unread(imogen, coalition_may_answer=True), unread(imogen, email="other@mailbox.example")
    young = unread(imogen, days=6, email="young@mailbox.example", coalition_may_answer=True)
    took = [escalation.take_over(cast.these(message), by=ada) for message in (agreed, not_agreed, young)]
    assert (took, RepresentativeMessage.objects.taken_over().get()) == ([True, False, False], agreed)


def test_only_the_first_of_two_admins_takes_a_message_over(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    grace = make.admin("grace")
    assert [escalation.take_over(cast.these(message), by=user) for user in (ada, grace)] == [True, False]
    message.refresh_from_db()
    noted = AccessLog.objects.filter(object_id=message.number).values_list("who", "action")
    assert (message.taken_over_by, list(noted)) == (ada, [("ada", "decided")])


def test_a_message_read_a_moment_before_cannot_be_taken_over(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    message_services.mark_read(cast.these(message), by=imogen.user)
    assert escalation.take_over(cast.these(message), by=ada) is False


def test_the_coalitions_answer_is_emailed_and_does_not_count_as_response_time(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    escalation.take_over(cast.these(message), by=ada)
    assert cast.answer(message, by=ada) is True
    imogen.refresh_from_db()
    assert (cast.emails("message-answer"), imogen.answer_days) == ([cast.SENDER], "")


def test_follow_ups_of_a_taken_over_message_do_not_go_to_the_representative(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    escalation.take_over(cast.these(message), by=ada)
    OutgoingEmail.objects.all().delete()
    message_services.add_message(cast.these(message), "Thank you.", "a mark")
    assert cast.emails("admin-message-waits") == []


def test_a_message_to_a_deleted_representative_can_be_taken_over(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    imogen.user.delete()
    assert escalation.take_over(cast.these(message), by=ada) is True


def test_admins_without_an_address_do_not_count_as_notified(imogen, ada):
    ada.address = ""
    ada.save()
    unread(imogen, coalition_may_answer=True)
    keep_messages_up_to_date()
    assert (cast.emails("message-not-read"), cast.emails("admin-message-unread")) == ([cast.SENDER], [])


def followed_up(imogen, days, end=None, **said):
    """A message that was escalated, read and answered long ago, with a follow-up from this many days ago."""
    message = unread(imogen, days=20, **said)
    escalation.escalate_unread()
    OutgoingEmail.objects.all().delete()
    message_services.mark_read(cast.these(message), by=imogen.user)
    (end or cast.answer)(message)
    message_services.add_message(cast.these(message), "The reeds are still.", "a mark")
    cast.these(message).update(last_word_on=places.today() - timedelta(days=days))
    return message


def closed(message):
    message_services.close(cast.these(message), by=message.representative.user, seen=message.turn)


@pytest.mark.parametrize("end", [cast.answer, closed], ids=["answered", "closed"])
def test_a_follow_up_after_the_end_is_unread_and_escalated_after_a_week(imogen, ada, end):
    followed_up(imogen, days=6, end=end)
    assert (unread_of(imogen), escalation.escalate_unread()) == (1, 0)
    tomorrow = places.today() + timedelta(days=1)
    assert [escalation.escalate_unread(tomorrow) for _twice in range(2)] == [1, 0]
    assert cast.emails("message-not-read") == [cast.SENDER]


@pytest.mark.parametrize(("days", "taken"), [(6, False), (7, True)])
def test_a_follow_up_can_be_taken_over_after_its_own_week(imogen, ada, days, taken):
    message = followed_up(imogen, days=days, coalition_may_answer=True)
    assert escalation.take_over(cast.these(message), by=ada) is taken


def test_a_follow_up_of_a_waiting_message_does_not_reset_read_and_escalation(imogen):
    message = cast.message(imogen)
    message_services.mark_read(cast.these(message), by=imogen.user)
    cast.these(message).update(coalition_told_on=places.today())
    message_services.add_message(cast.these(message), "The reeds are still.", "a mark")
    message.refresh_from_db()
    assert (message.read_on, message.coalition_told_on) == (places.today(), places.today())


def test_the_usual_response_time_counts_only_the_first_answer(imogen):
    message = followed_up(imogen, days=7)
    cast.answer(message)
    imogen.refresh_from_db()
    assert (imogen.answer_days, unread_of(imogen)) == ("20", 0)


def test_a_run_takes_as_many_queries_for_thirty_as_for_one(ada):
    """Each message is to a representative of its own; a third of them is in each language."""
    counts = []
    for numbers in (range(1), range(1, 31)):
        for number in numbers:
            who = {"email": f"writer{number}@mailbox.example", "language": LANGUAGES[number % 3]}
            unread(cast.representative_of_a_chapter(number), **who)
        OutgoingEmail.objects.all().delete()
        counts.append(queries_of(keep_messages_up_to_date))
    assert (counts[0], OutgoingEmail.objects.filter(kind="message-not-read").count()) == (counts[1], 30)
