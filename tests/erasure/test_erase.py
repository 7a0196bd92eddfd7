"""A person who deletes their information is gone from every row of every table, except for what the receipt lists."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Inquiry, Member
from members.retention import erase_members
from members.self_service.address_change import request_address_change
from members.self_service.deletion_receipt import erase_by_code_with_receipt, erase_with_receipt
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.inventory import erasure_rules_for, inventories
from s4jr.erasure.rules import CAN_BE_ERASED
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.erasure import people
from tests.erasure.whole_database import places_of

pytestmark = pytest.mark.django_db
WAITS = "7 days after they last asked, if you don’t confirm it"


def everywhere(number):
    """Find a person in the whole database by number, name, address, fingerprint or text."""
    return places_of(number, people.NAME, people.ADDRESS, blind_index(people.ADDRESS), people.WORDS)


def tables_that_stay(receipt):
    """Return the tables in which something may remain, according to a receipt."""
    said = {what for what, _why, _until in receipt.stays}
    return {
        model._meta.db_table
        for model, inventory in inventories()
        for rule in inventory.erasure_rules
        if rule.what in said
    }


@pytest.fixture
def ada():
    return make.admin("ada")


class TestWithAProvedMailbox:
    @pytest.fixture
    def member(self, ada):
        member = people.welcomed(ada)
        people.elsewhere(ada)
        return member

    def test_the_person_of_this_test_is_in_every_table_that_erasure_covers(self, member):
        roots = [apps.get_model(label) for label in CAN_BE_ERASED]
        holders = {holder for root in roots for holder, _trace in erasure_rules_for(root)}
        empty = [holder._meta.label for holder in holders if not holder._base_manager.exists()]
        assert sorted(empty) == ["chapters.Block", "erasure.Tombstone"]

    def test_only_what_the_receipt_lists_remains(self, member):
        before = everywhere(member.number)
        receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
        assert len(before) == 42
        assert everywhere(member.number) == {
            ("mail_outgoingemail", "to_index"),
            ("mail_suppression", "to_index"),
            ("audit_accesslog", "object_id"),
            ("audit_accesslog", "reason"),
            ("erasure_tombstone", "number"),
        }
        assert {table for table, _column in everywhere(member.number)} <= tables_that_stay(receipt)

    def test_the_receipt_counts_deleted_rows(self, member):
        receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
        assert (receipt.number, receipt.is_exact) == (member.number, True)
        assert dict(receipt.erased) == {
            "Your request to join, and the information we have about you as a member": 1,
            "Other requests made with your address and never confirmed": 1,
            "Emails to you, including any not sent yet": None,
            "Links in our emails to you": None,
            "What you let representatives see": 1,
            "What you can teach or would like to learn": 1,
            "Questions of representatives about what you share": 1,
            "Your choice to hear what starts at your place": 1,
            "Notes on what admins changed about you": 1,
            "Messages you sent us from the same email address": 1,
            "What you and we wrote in those messages": 1,
            "Messages you sent to representatives from the same email address": 1,
            "What you and the representative wrote in those messages": 1,
            "Offers you made with the same email address": 1,
            "Your meeting RSVPs": 1,
            "RSVPs you made as a guest with the same email address": 1,
            "Your calendar address": 1,
            "A new code, secret word, calendar address or email address": 2,
            "Notes that volunteers wrote about you": 1,
        }

    def test_the_receipt_gives_the_last_day_of_each_remaining_item(self, member, settings):
        settings.TOMBSTONE_DAYS, settings.ACCESS_LOG_DAYS, settings.EMAIL_DAYS, settings.BACKUP_DAYS = 1, 2, 3, 4
        receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
        days = [date_format(timezone.now().date() + timedelta(days=number)) for number in range(6)]
        assert {until for _what, _why, until in receipt.stays} == {
            days[2],  # the tombstone: one whole day, and then the purge
            days[3],  # the access log
            days[4],  # emails, of which only the fingerprint remains
            days[4],  # backups
            "you, or an admin you ask, remove it from the list",
            "the representative changes their choice",
            "30 days after the last message in the conversation",
        }

    def test_another_requests_pending_change_to_the_address_stays_and_is_in_the_receipt(self, ada, member):
        other = cast.waiting(email="other@mailbox.example", name="Somebody Else")
        request_address_change(Member.objects.filter(pk=other.pk), people.ADDRESS, "yes")
        OutgoingEmail.objects.filter(about=other.about, kind="confirm-change").delete()
        receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
        beyond = {
            ("members_member", "new_email"),
            ("members_member", "new_email_index"),
            ("members_memberlink", "to_index"),
        }
        found = places_of(people.ADDRESS, blind_index(people.ADDRESS))
        assert found & beyond == beyond
        said = {what: until for what, _why, until in receipt.stays if "another request" in what}
        assert said == {
            "Your address, if another request is waiting to change to it": WAITS,
            "The fingerprint of your address on a link that would change another request to it": WAITS,
        }
        assert {table for table, _column in found} <= tables_that_stay(receipt)

    def test_the_receipt_leaves_out_the_members_own_address_change(self, member):
        receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
        assert [what for what, _why, _until in receipt.stays if "another request" in what] == []

    def test_a_pending_email_is_never_sent(self, member, smtp_sink):
        erase_with_receipt(Member.objects.filter(pk=member.pk))
        send_what_is_due()
        assert smtp_sink.emails == []

    def test_other_members_keep_all_their_rows(self, ada, member):
        other = people.welcomed(ada, email="other@mailbox.example", name="Somebody Else")
        before = places_of(other.number)
        erase_with_receipt(Member.objects.filter(pk=member.pk))
        assert places_of(other.number) == before


def test_a_member_whose_data_cannot_be_decrypted_can_be_erased():
    member = cast.waiting()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET name = 'v1.k.AAAA'")
    assert erase_with_receipt(Member.objects.filter(pk=member.pk)).number == member.number
    assert Member.objects.count() == 0


def test_the_receipt_without_an_address_lists_nothing_found_by_address():
    member = cast.ask(cast.without_email())
    receipt = erase_with_receipt(Member.objects.filter(pk=member.pk))
    assert [what for what, _why, _until in receipt.stays] == [
        "Your number and the date of the deletion",
        "Copies of it in backups of the whole site, encrypted as it was here",
    ]


def test_an_erased_member_gets_no_second_receipt():
    member = cast.waiting()
    erase_members(member.row)
    assert erase_with_receipt(Member.objects.filter(pk=member.pk)) is None
    assert erase_by_code_with_receipt(Member.objects.filter(pk=member.pk)) is None


class TestWithOnlyACode:
    def test_rows_found_only_by_address_stay_and_the_receipt_says_so(self, ada):
        member = people.welcomed(ada)
        people.elsewhere(ada)
        receipt = erase_by_code_with_receipt(Member.objects.filter(pk=member.pk))
        assert Inquiry.objects.count() == 1
        assert places_of(member.number) == {("audit_accesslog", "object_id"), ("erasure_tombstone", "number")}
        assert {table for table, _column in everywhere(member.number)} <= tables_that_stay(receipt) | {
            "members_inquirymessage",
            "chapters_conversationmessage",
        }

    def test_the_receipt_is_the_same_whether_or_not_the_address_is_known(self):
        known = cast.waiting()
        same, fresh = cast.ask(), cast.ask(email="fresh@mailbox.example")
        assert [known.status, same.status, fresh.status] == ["waiting", "unconfirmed", "unconfirmed"]
        receipts = [erase_by_code_with_receipt(Member.objects.filter(pk=one.pk)) for one in (same, fresh)]
        assert receipts[0].erased == receipts[1].erased
        assert receipts[0].stays == receipts[1].stays
        assert {count for _what, count in receipts[0].erased} == {None}

    def test_the_fingerprint_of_a_sent_email_stays_and_is_in_the_receipt(self):
        member = cast.ask()
        sent = {"state": "sent", "sent_at": timezone.now(), "to": "", "subject": "", "body": ""}
        OutgoingEmail.objects.update(**sent)
        receipt = erase_by_code_with_receipt(Member.objects.filter(pk=member.pk))
        assert everywhere(member.number) == {
            ("mail_outgoingemail", "to_index"),
            ("erasure_tombstone", "number"),
        }
        assert {"mail_outgoingemail", "erasure_tombstone"} <= tables_that_stay(receipt)


@pytest.mark.parametrize("how_many", [1, 30])
def test_erasing_many_takes_as_many_queries_as_erasing_one(how_many, django_assert_num_queries):
    for number in range(how_many):
        people.one_of_many(number)
    with django_assert_num_queries(30):
        assert erase_members(Member.objects.all()) == how_many
