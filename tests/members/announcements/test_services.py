"""Sending an announcement: in batches, once to each member; pausing and stopping take effect."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.announcements.delivery_status import progress_of
from members.announcements.services import (
    pause_sending,
    resume_sending,
    rewrite,
    start_sending,
    stop_sending,
    write_next_portion,
)
from members.models import Announcement, Member
from members.retention import erase_members
from s4jr.audit.models import AccessLog
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import cancel_emails, stop_emails
from tests import cast, make
from tests.members.announcements.cast import announcement, chapter, many, member, members, representative, send, written

State = Announcement.State
Mail = OutgoingEmail.State


@pytest.fixture(autouse=True)
def _small_batches(settings):
    settings.ANNOUNCEMENT_BATCH = 3


def now(sent):
    sent.refresh_from_db()
    return sent


def these(sent):
    return Announcement.objects.filter(pk=sent.pk)


def batch_sizes():
    """Returns the size of each batch, as if each had left before the next."""
    sizes = []
    while size := write_next_portion():
        sizes.append(size)
        OutgoingEmail.objects.on_their_way().update(state=Mail.SENT, sent_at=timezone.now())
    return sizes


@pytest.mark.django_db
class TestBatches:
    def test_everyone_gets_one_email_in_batches(self):
        members(7)
        sent = announcement()
        send(sent)
        assert batch_sizes() == [3, 3, 1]
        assert written() == [f"reader{number}@mailbox.example" for number in range(7)]
        assert (now(sent).state, sent.meant_for, sent.written) == (State.SENT, 7, 7)

    def test_the_next_batch_waits_until_the_one_before_has_left(self):
        members(7)
        send(announcement())
        assert [write_next_portion() for _ in range(2)] == [3, 0]
        one = OutgoingEmail.objects.order_by("created_at").first()
        OutgoingEmail.objects.filter(pk=one.pk).update(state=Mail.SENT, sent_at=timezone.now())
        assert write_next_portion() == 1

    def test_members_who_offered_no_help_do_not_hold_up_those_who_did(self):
        """A batch looks at three members; the first two batches have no recipients."""
        for number in range(8):
            member(number, ways_to_help="meetings" if number == 7 else "policy")
        sent = announcement("ways", ways="meetings")
        send(sent)
        assert (batch_sizes(), written(), now(sent).state) == ([1], ["reader7@mailbox.example"], State.SENT)

    def test_representatives_get_it_once_each(self):
        representative("ada", "ada@mailbox.example"), representative("bo", "bo@mailbox.example")
        representative("cleo", "ada@mailbox.example")
        send(announcement("representatives"))
        assert (batch_sizes(), written()) == ([2], ["ada@mailbox.example", "bo@mailbox.example"])

    def test_a_draft_reaches_no_one(self):
        members(1), announcement()
        assert (batch_sizes(), written()) == ([], [])

    def test_a_member_who_stops_news_meanwhile_is_skipped(self):
        people = members(4)
        send(announcement())
        write_next_portion()
        stop_emails(people[3].email_index, "unsubscribed", Suppression.Scope.ANNOUNCEMENTS)
        assert (batch_sizes(), len(written())) == ([], 3)

    @pytest.mark.parametrize("leave", ["left", "membership_ended"])
    def test_a_member_who_leaves_meanwhile_is_skipped(self, leave):
        people = members(4)
        send(announcement())
        write_next_portion()
        cast.put(people[3], leave)
        assert (batch_sizes(), len(written())) == ([], 3)

    def test_a_member_who_withdraws_gets_nothing_more_and_leaves_no_trace(self):
        people = members(4)
        send(announcement())
        write_next_portion()
        for person in (people[0], people[3]):
            erase_members(person.row)
        assert (batch_sizes(), written()) == ([], ["reader1@mailbox.example", "reader2@mailbox.example"])

    def test_its_recipient_can_cancel_a_pending_email(self):
        somebody = member()
        cast.written(about=somebody.about)
        send(announcement())
        write_next_portion()
        assert cancel_emails(OutgoingEmail.objects.filter(about=somebody.about).to_many()) == 1
        assert [email.kind for email in OutgoingEmail.objects.on_their_way()] == ["test"]

    def test_an_undecryptable_address_is_skipped(self):
        people = members(3)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE members_member SET email = name WHERE id = %s", [people[2].pk])
        sent = announcement()
        send(sent)
        assert (batch_sizes(), now(sent).state, sent.written) == ([2], State.SENT, 2)

    @pytest.mark.parametrize("audience", Announcement.Audience)
    def test_members_who_chose_never_get_none(self, audience):
        here = chapter()
        member(contact="none", chapter=here)
        send(announcement(audience, places="CA", chapter=here))
        assert (batch_sizes(), OutgoingEmail.objects.count()) == ([], 0)


@pytest.mark.django_db
class TestActions:
    def test_it_is_sent_once_and_logged(self):
        members(1)
        sent, ada = announcement(), make.admin("ada")
        assert [len(send(sent, by=ada)) for _ in range(2)] == [1, 0]
        [entry] = AccessLog.objects.all()
        assert (entry.action, entry.object_id, entry.who) == ("sent", str(sent.pk), "ada")

    def test_a_paused_announcement_writes_no_batch_until_it_is_resumed(self):
        members(7)
        sent, ada = announcement(), make.admin("ada")
        send(sent, by=ada)
        write_next_portion()
        assert [len(pause_sending(these(sent), by=ada)) for _ in range(2)] == [1, 0]
        assert (batch_sizes(), len(written())) == ([], 3)
        assert [len(resume_sending(these(sent), by=ada)) for _ in range(2)] == [1, 0]
        OutgoingEmail.objects.update(state=Mail.SENT, sent_at=timezone.now())
        assert (batch_sizes(), len(written())) == ([3, 1], 7)

    def test_stopping_cancels_emails_that_have_not_begun_to_leave(self):
        members(7)
        sent, ada = announcement(), make.admin("ada")
        send(sent, by=ada)
        write_next_portion()
        assert len(stop_sending(these(sent), by=ada)) == 1
        assert [email.state for email in OutgoingEmail.objects.all()] == [Mail.CANCELED] * 3
        assert (batch_sizes(), resume_sending(these(sent), by=ada), now(sent).state) == ([], [], State.STOPPED)

    def test_it_can_be_stopped_while_an_email_is_pending(self):
        members(2)
        sent, ada = announcement(), make.admin("ada")
        send(sent, by=ada)
        assert [write_next_portion() for _ in range(2)] == [2, 0]
        assert ([len(stop_sending(these(sent), by=ada)) for _ in range(2)], now(sent).state) == ([1, 0], State.STOPPED)

    def test_it_cannot_be_stopped_after_all_emails_left(self):
        members(5)
        sent, ada = announcement(), make.admin("ada")
        send(sent, by=ada)
        batch_sizes()
        assert (stop_sending(these(sent), by=ada), now(sent).state) == ([], State.SENT)

    def test_the_text_can_be_changed_until_it_is_sent(self):
        sent = announcement()
        assert rewrite(these(sent), subject="Friday") == 1
        assert start_sending(these(sent).filter(subject="Thursday"), by=make.admin()) == []
        send(sent)
        assert (rewrite(these(sent), subject="Sunday"), now(sent).subject) == (0, "Friday")

    def test_each_action_is_logged(self):
        sent, ada = announcement(), make.admin("ada")
        send(sent, by=ada)
        for press in (pause_sending, resume_sending, stop_sending):
            press(these(sent), by=ada)
        assert [entry.action for entry in AccessLog.objects.order_by("pk")] == ["sent"] + ["changed"] * 3


@pytest.mark.django_db
class TestProgress:
    def test_each_number_counts_emails_by_outcome(self):
        people = members(8)
        sent = announcement()
        send(sent)
        write_next_portion(), OutgoingEmail.objects.update(state=Mail.SENT, sent_at=timezone.now())
        erase_members(people[0].row)
        write_next_portion()
        waiting = list(OutgoingEmail.objects.on_their_way())
        cancel_emails(OutgoingEmail.objects.filter(pk=waiting[0].pk))
        OutgoingEmail.objects.filter(pk=waiting[1].pk).update(state=Mail.UNKNOWN)
        progress = progress_of(now(sent))
        assert (progress.meant_for, progress.written, progress.to_go) == (8, 6, 2)
        assert (progress.sent, progress.waiting, progress.canceled, progress.unknown) == (2, 1, 1, 1)
        assert (progress.forgotten, progress.settled, progress.all) == (1, 5, 8)

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_takes_two_queries_for_one_email_and_for_thirty(self, count, settings, django_assert_num_queries):
        settings.ANNOUNCEMENT_BATCH = count
        members(count)
        sent = announcement()
        send(sent)
        write_next_portion()
        assert now(sent).state == State.SENDING
        with django_assert_num_queries(2):
            progress_of(sent)


@pytest.mark.django_db
def test_neither_its_row_nor_the_log_contains_personal_data(caplog):
    member(0)
    sent = announcement()
    send(sent)
    batch_sizes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_announcement")
        row = str(cursor.fetchall())
        cursor.execute("SELECT * FROM mail_outgoingemail")
        emails = str(cursor.fetchall())
    kept = [row, emails, caplog.text]
    assert [word for word in (cast.NAME, "reader0", "mailbox.example") for text in kept if word in text] == []


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_senders_never_write_the_same_batch():
    members(9)
    send(announcement())

    def write(_):
        try:
            return write_next_portion()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        sizes = list(threads.map(write, range(6)))
    assert (sorted(sizes), len(written())) == ([0, 0, 0, 0, 0, 3], 3)


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_a_member_who_pauses_while_a_batch_is_written_gets_no_email():
    somebody = member()
    send(announcement())

    def pause():
        with transaction.atomic():
            Member.objects.filter(pk=somebody.pk).update(paused_at=timezone.now())
            cancel_emails(OutgoingEmail.objects.filter(about=somebody.about).to_many())
        connections.close_all()

    pausing = threading.Thread(target=pause)
    with transaction.atomic():
        write_next_portion()
        pausing.start()
        pausing.join(0.5)
    pausing.join()
    assert [email.state for email in OutgoingEmail.objects.all()] == [Mail.CANCELED]


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("press", "state"), [(pause_sending, State.PAUSED), (stop_sending, State.STOPPED)])
def test_an_action_while_a_batch_is_selected_keeps_it_from_being_written(press, state):
    members(2)
    sent, ada = announcement(), make.admin("ada")
    send(sent, by=ada)

    def write():
        write_next_portion()
        connections.close_all()

    writing = threading.Thread(target=write)
    with transaction.atomic():
        press(these(sent), by=ada)
        writing.start()
        writing.join(0.5)
    writing.join()
    assert (written(), now(sent).state, sent.reached) == ([], state, 0)


@pytest.mark.django_db(transaction=True)
def test_the_command_for_cron_sends_all_of_it(smtp_sink, capsys):
    members(8)
    send(announcement())
    call_command("send_mail_queue")
    assert capsys.readouterr().out == "8 sent\n"
    everybody = [f"reader{number}@mailbox.example" for number in range(8)]
    assert [delivery.recipients[0] for delivery in smtp_sink.deliveries] == everybody


@pytest.mark.django_db(transaction=True)
def test_an_inbox_that_does_not_exist_costs_one_email_and_the_next_batch_comes(smtp_sink):
    members(5)
    smtp_sink.answer("rcpt", "550 5.1.1 unknown")
    send(announcement())
    assert send_what_is_due() == {"no mailbox": 1, "sent": 4}


@pytest.mark.only_postgres
@pytest.mark.django_db
def test_a_thousand_emails_are_queued_in_twenty_statements_at_most(settings):
    settings.ANNOUNCEMENT_BATCH = 500  # the default setting
    many(1000)
    send(announcement())
    written = statements = 0
    while written < 1000:
        with CaptureQueriesContext(connection) as queries:
            written += write_next_portion()
        statements += sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)
        OutgoingEmail.objects.on_their_way().update(state=Mail.SENT, sent_at=timezone.now())
    assert (written, statements <= 21) == (1000, True)


@pytest.mark.only_postgres
@pytest.mark.django_db
def test_a_batch_of_a_thousand_takes_as_many_queries_as_one_of_a_hundred(settings):
    many(1100)
    send(announcement())
    costs = []
    for size in (100, 1000):
        settings.ANNOUNCEMENT_BATCH = size
        with CaptureQueriesContext(connection) as queries:
            written = write_next_portion()
        costs.append((written, len(queries)))
        OutgoingEmail.objects.on_their_way().update(state=Mail.SENT, sent_at=timezone.now())
    assert costs == [(100, 11), (1000, 11)]  # one of them loads who wants discreet emails
