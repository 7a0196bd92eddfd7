"""Withdrawing deletes everything right away; pending emails never leave."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.links import make_links
from members.models import Member, MemberLink
from members.retention import empty_decision_words, erase_members, erase_unconfirmed, forget_new_addresses
from members.review.services import approve
from s4jr.erasure.erase import erase
from s4jr.erasure.models import Tombstone
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from tests import cast, make

pytestmark = pytest.mark.django_db


def test_everything_is_deleted_except_a_number_and_a_date():
    member = cast.ask()
    assert erase_members(member.row) == 1
    assert [model.objects.count() for model in (Member, MemberLink, OutgoingEmail)] == [0, 0, 0]
    assert list(Tombstone.objects.values_list("number", flat=True)) == [member.number]


def test_the_welcome_email_of_someone_who_withdrew_never_leaves(smtp_sink):
    member = cast.waiting()
    approve(member.as_read, by=make.admin())
    erase_members(member.row)
    send_what_is_due()
    assert smtp_sink.emails == []


def test_the_owner_of_a_confirmed_inbox_deletes_all_applications_made_with_it():
    cast.ask(message="from the telephone")
    member = cast.ask(message="from the laptop")
    other = cast.ask(email="other@mailbox.example")
    assert len(erase(member.row, proved=True).gone[Member]) == 2
    assert list(Member.objects.all()) == [other]


class TestUnconfirmedApplications:
    def erased_after(self, **passed):
        return erase_unconfirmed(Member.objects.all(), timezone.now() + timedelta(**passed))

    def test_they_are_deleted_after_seven_days(self):
        cast.ask()
        assert (self.erased_after(days=7), self.erased_after(days=8)) == (0, 1)
        assert (Member.objects.count(), OutgoingEmail.objects.count()) == (0, 0)

    def test_a_duplicate_is_deleted_at_the_same_hour_and_the_member_stays(self):
        known = cast.waiting()
        cast.ask()
        assert (self.erased_after(days=7), self.erased_after(days=8)) == (0, 1)
        assert list(Member.objects.all()) == [known]

    def test_one_with_a_later_email_has_its_seven_days(self):
        member = cast.ask()
        Member.objects.filter(pk=member.pk).update(received_on=member.received_on - timedelta(days=6))
        assert (self.erased_after(days=6), self.erased_after(days=7, hours=1)) == (0, 1)

    def test_a_flagged_one_waits_for_a_volunteer_but_not_forever(self, settings):
        settings.FLAGGED_DAYS = 20
        cast.ask(flag_reason="too_fast")
        assert (self.erased_after(days=19), self.erased_after(days=20)) == (0, 1)


class TestAnswersAfterADecision:
    def emptied_after(self, **passed):
        return empty_decision_words(Member.objects.all(), timezone.now() + timedelta(**passed))

    def approved_member(self):
        member = cast.waiting(relation="survivor", pronouns="she/her", access_needs="captions")
        approve(member.as_read, by=make.admin())
        Member.objects.filter(pk=member.pk).update(reason="a good fit", reason_kind="other")
        return member

    def test_message_relation_and_reason_are_deleted_and_the_rest_of_a_member_stays(self):
        member = self.approved_member()
        assert (self.emptied_after(days=29), self.emptied_after(days=31), self.emptied_after(days=32)) == (0, 1, 0)
        member.refresh_from_db()
        assert (member.message, member.relation, member.reason, member.reason_kind) == ("", "", "", "")
        assert (member.name, member.pronouns, member.access_needs) == (cast.NAME, "she/her", "captions")

    def test_a_later_decision_has_its_own_reason(self):
        member = self.approved_member()
        cast.put(member, "membership_ended", reason="asked to", emptied_on=timezone.now().date() - timedelta(days=9))
        assert self.emptied_after(days=31) == 1

    def test_waiting_and_undoable_applications_keep_theirs(self):
        member = self.approved_member()
        for status in ("waiting", "on_hold", "approving", "declining", "ending_membership"):
            cast.put(member, status)
            assert self.emptied_after(days=90) == 0


def test_a_new_address_is_forgotten_once_its_link_has_expired():
    member = cast.waiting()
    change = {"purpose": MemberLink.Purpose.CHANGE, "lasting": timedelta(days=1), "to_index": "new"}
    make_links([member], **change)
    Member.objects.update(new_email="new@mailbox.example", new_email_index="new")
    now = timezone.now()
    assert forget_new_addresses(Member.objects.all(), now) == 0
    assert forget_new_addresses(Member.objects.all(), now + timedelta(days=1, minutes=1)) == 1
    member.refresh_from_db()
    assert (member.new_email, member.new_email_index) == ("", None)


def test_a_link_to_another_address_keeps_no_new_address():
    member = cast.waiting()
    make_links([member], MemberLink.Purpose.CHANGE, timedelta(days=1), to_index="earlier wish")
    Member.objects.update(new_email="new@mailbox.example", new_email_index="new")
    assert forget_new_addresses(Member.objects.all(), timezone.now()) == 1


def test_a_member_without_another_address_returns_to_never():
    orsolya, rosalind = cast.ask(cast.without_email()), cast.waiting()
    Member.objects.filter(pk=orsolya.pk).update(contact="yes")
    Member.objects.update(new_email="new@mailbox.example", new_email_index="new")
    forget_new_addresses(Member.objects.all(), timezone.now())
    contacts = dict(Member.objects.values_list("pk", "contact"))
    assert contacts == {orsolya.pk: "none", rosalind.pk: "yes"}


def test_no_other_email_is_affected():
    erase_members(cast.ask().row)
    other = cast.ask(email="other@mailbox.example")
    assert [email.about for email in OutgoingEmail.objects.all()] == [other.about]
