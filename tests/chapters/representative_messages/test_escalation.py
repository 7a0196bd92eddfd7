"""What nobody reads for a week: the coalition hears a number, and whoever wrote is not left waiting."""

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


def test_the_coalition_hears_a_number_and_nothing_of_the_words(imogen, ada):
    unread(imogen, coalition_may_answer=True)
    unread(imogen, email="other@mailbox.example")
    unread(imogen, days=6, email="third@mailbox.example")
    keep_messages_up_to_date()

    [outgoing] = OutgoingEmail.objects.filter(kind="admin-message-unread")
    said = " ".join(outgoing.body.split())
    numbers = ("for a week. Number of messages: 2." in said, "You may answer 1 of them" in said)
    assert (outgoing.to, outgoing.subject, numbers) == (ada.address, "Messages that no one has read", (True, True))
    assert [secret for secret in (cast.SENDER, "Rosalind", "heron", "Imogen") if secret in outgoing.body] == []


def test_whoever_did_not_agree_is_told_where_else_to_turn(imogen, ada):
    unread(imogen, coalition_may_answer=True)
    unread(imogen, email="other@mailbox.example")
    keep_messages_up_to_date()
    [outgoing] = OutgoingEmail.objects.filter(kind="message-not-read")
    assert (outgoing.to, "/contact/" in outgoing.body) == ("other@mailbox.example", True)
    assert [secret for secret in ("Imogen", "heron", cast.HOLDER) if secret in outgoing.body] == []


def test_tagged_spellings_of_one_address_are_told_once_a_day_and_the_address_without_a_tag_by_itself(imogen, ada):
    for email in ("rosalind+1@mailbox.example", "rosalind+2@mailbox.example", cast.SENDER, cast.SENDER):
        unread(imogen, email=email)
    keep_messages_up_to_date()
    told = sorted(outgoing.to for outgoing in OutgoingEmail.objects.filter(kind="message-not-read"))
    assert told == ["rosalind+1@mailbox.example", cast.SENDER]


def test_where_nobody_may_take_it_over_everybody_is_told(imogen):
    unread(imogen, coalition_may_answer=True)
    keep_messages_up_to_date()
    assert cast.emails("message-not-read") == [cast.SENDER]


def test_all_of_it_is_told_once(imogen, ada):
    unread(imogen)
    told = [escalation.escalate_unread(day) for day in (None, None, places.today() + timedelta(days=1))]
    assert (told, len(cast.emails("message-not-read")), len(cast.emails("admin-message-unread"))) == ([1, 0, 0], 1, 1)


def test_what_was_read_answered_or_held_as_a_machine_s_is_not_counted(imogen, ada):
    message_services.mark_read(cast.these(unread(imogen)), by=imogen.user)
    cast.answer(unread(imogen, email="a@mailbox.example"))
    unread(imogen, email="b@mailbox.example", flag_reason="honeypot")
    assert (escalation.escalate_unread(), cast.emails("admin-message-unread")) == (0, [])


def test_who_is_not_passed_on_hears_what_everybody_hears(imogen, ada):
    moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    RepresentativeMessage.objects.all().delete()
    blocked = unread(imogen)
    reached = unread(cast.representative("orsolya", "orsolya@desk.example"), email="other@mailbox.example")
    keep_messages_up_to_date()
    assert (blocked.flag_reason, reached.flag_reason) == ("blocked", "")
    assert cast.emails("message-not-read") == ["other@mailbox.example", cast.SENDER]


def test_the_discreet_and_the_silent_are_told_only_as_they_chose(imogen):
    unread(imogen, contact="discreet")
    silent = cast.send(cast.without_email(imogen))
    cast.grow_old(silent, 7)
    stopped = unread(imogen, email="stopped@mailbox.example")
    make.stop(stopped.email_index, Suppression.Reason.NEVER)
    keep_messages_up_to_date()
    [outgoing] = OutgoingEmail.objects.filter(kind="message-not-read")
    assert (outgoing.to, "contact" in outgoing.body) == (cast.SENDER, False)


def test_only_what_was_agreed_to_can_be_taken_over(imogen, ada):
    agreed, not_agreed = unread(imogen, coalition_may_answer=True), unread(imogen, email="other@mailbox.example")
    young = unread(imogen, days=6, email="young@mailbox.example", coalition_may_answer=True)
    took = [escalation.take_over(cast.these(message), by=ada) for message in (agreed, not_agreed, young)]
    assert (took, RepresentativeMessage.objects.taken_over().get()) == ([True, False, False], agreed)


def test_of_two_who_take_it_over_one_has_it_and_a_late_reader_is_too_late(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    grace = make.admin("grace")
    assert [escalation.take_over(cast.these(message), by=user) for user in (ada, grace)] == [True, False]
    message.refresh_from_db()
    noted = AccessLog.objects.filter(object_id=message.number).values_list("who", "action")
    assert (message.taken_over_by, list(noted)) == (ada, [("ada", "decided")])


def test_what_somebody_read_a_moment_before_is_not_taken_over(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    message_services.mark_read(cast.these(message), by=imogen.user)
    assert escalation.take_over(cast.these(message), by=ada) is False


def test_the_coalition_s_answer_goes_the_same_way_and_says_nothing_of_the_representative_s_speed(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    escalation.take_over(cast.these(message), by=ada)
    assert cast.answer(message, by=ada) is True
    imogen.refresh_from_db()
    assert (cast.emails("message-answer"), imogen.answer_days) == ([cast.SENDER], "")


def test_words_that_follow_do_not_go_to_the_representative_any_more(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    escalation.take_over(cast.these(message), by=ada)
    OutgoingEmail.objects.all().delete()
    message_services.add_message(cast.these(message), "Thank you.", "a mark")
    assert cast.emails("admin-message-waits") == []


def test_what_was_written_to_somebody_who_is_gone_can_still_be_taken_over(imogen, ada):
    message = unread(imogen, coalition_may_answer=True)
    imogen.user.delete()
    assert escalation.take_over(cast.these(message), by=ada) is True


def test_who_could_take_it_over_and_has_no_address_is_nobody_who_is_told(imogen, ada):
    ada.address = ""
    ada.save()
    unread(imogen, coalition_may_answer=True)
    keep_messages_up_to_date()
    assert (cast.emails("message-not-read"), cast.emails("admin-message-unread")) == ([cast.SENDER], [])


def followed_up(imogen, days, end=None, **said):
    """Told of, read and answered long ago; and then more words, so many days ago."""
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
def test_words_that_follow_an_end_are_unread_again_and_told_of_a_week_later(imogen, ada, end):
    followed_up(imogen, days=6, end=end)
    assert (unread_of(imogen), escalation.escalate_unread()) == (1, 0)
    tomorrow = places.today() + timedelta(days=1)
    assert [escalation.escalate_unread(tomorrow) for _twice in range(2)] == [1, 0]
    assert cast.emails("message-not-read") == [cast.SENDER]


@pytest.mark.parametrize(("days", "taken"), [(6, False), (7, True)])
def test_words_that_follow_can_be_taken_over_after_a_week_of_their_own(imogen, ada, days, taken):
    message = followed_up(imogen, days=days, coalition_may_answer=True)
    assert escalation.take_over(cast.these(message), by=ada) is taken


def test_words_that_follow_change_nothing_of_what_was_read_and_waits(imogen):
    message = cast.message(imogen)
    message_services.mark_read(cast.these(message), by=imogen.user)
    cast.these(message).update(coalition_told_on=places.today())
    message_services.add_message(cast.these(message), "The reeds are still.", "a mark")
    message.refresh_from_db()
    assert (message.read_on, message.coalition_told_on) == (places.today(), places.today())


def test_the_usual_time_to_an_answer_counts_the_first_answer_only(imogen):
    message = followed_up(imogen, days=7)
    cast.answer(message)
    imogen.refresh_from_db()
    assert (imogen.answer_days, unread_of(imogen)) == ("20", 0)
