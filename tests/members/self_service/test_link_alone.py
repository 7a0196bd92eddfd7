"""Credentials created with a link alone allow no more than the link: after "never", and without an earlier code."""

import pytest
from django.test import Client

from members.models import CredentialChange, Member, Rsvp
from tests import cast
from tests.members.rsvps.people import NEEDS, a_meeting, comes
from tests.members.self_service.test_credentials import later
from tests.members.self_service.visitors import ELSEWHERE, SHOWN, WORD, Visitor

pytestmark = pytest.mark.django_db


class TestNeverEmailMe:
    """A person who reads a discreet member's inbox chooses it, to then add an address of their own."""

    @pytest.fixture(autouse=True)
    def _discreet(self, member):
        Member.objects.update(contact="discreet")
        comes(a_meeting(), member, needs=NEEDS)

    def test_a_code_that_a_link_alone_created_is_deleted_with_the_address(self, other):
        new = other.make_code()
        other.never()
        assert (CredentialChange.objects.count(), "We can’t find" in Visitor().by_code(new)) == (0, True)

    def test_a_word_and_a_calendar_address_are_too(self, other):
        calendar = other.make_calendar()
        other.make_word()
        other.never()
        assert (CredentialChange.objects.count(), Client().get(calendar).status_code) == (0, 404)

    def test_neither_the_link_nor_a_code_it_creates_later_adds_an_address(self, other, member):
        other.never()
        visitor = Visitor()
        visitor.by_code(other.make_code())
        answers = [each.ask_for_address(contact="yes", name="Mallory") for each in (other, visitor)]
        member.refresh_from_db()
        assert ([answer.status_code for answer in answers], member.new_email_index, member.contact) == (
            [404, 404],
            None,
            "none",
        )

    def test_the_earlier_code_works_and_cancels_what_was_created_after_it(self, owner, other, code):
        other.never()
        new = other.make_code()
        assert SHOWN in owner.by_code(code)
        owner.cancel()
        assert (owner.is_in(), other.is_in(), "We can’t find" in Visitor().by_code(new)) == (True, False, True)

    def test_a_code_alone_adds_an_address_that_stays_discreet_and_shows_no_answers(self, owner, other, member, code):
        other.never()
        owner.by_code(code)
        assert "Select a valid choice" in owner.ask_for_address(contact="yes", name="Ros").content.decode()
        owner.ask_for_address(contact="discreet", name="Ros")
        member.refresh_from_db()
        assert (member.email, member.contact, Rsvp.objects.get().needs) == (ELSEWHERE, "discreet", "")

    def test_with_a_less_discreet_address_pending_a_visit_by_link_continues_without_the_answers(
        self, owner, other, member, code
    ):
        other.never()
        Member.objects.update(contact="yes", new_email=ELSEWHERE, new_email_index="to come")
        page = other.page() + other.client.get("/my-details/all/show/").content.decode()
        assert (other.is_in(), cast.MESSAGE in page, NEEDS in page) == (True, False, False)


class TestMemberWithoutCodeOrWord:
    """For example someone from an imported list: only email links open their information."""

    @pytest.fixture(autouse=True)
    def _imported(self, member):
        Member.objects.update(code_hash=None, contact="discreet")

    def shows(self, visitor):
        page = visitor.page() + visitor.client.get("/my-details/all/show/").content.decode()
        return [words in page for words in ("Change your information", cast.MESSAGE, "captions")]

    def test_a_code_that_a_link_alone_created_shows_no_answers(self, other, member):
        new = other.make_code()
        other.give(do="give_code", code=new)
        visitor = Visitor()
        visitor.by_code(new)
        visitor.by_link(member)
        assert [self.shows(other), self.shows(visitor)] == [[True, False, False]] * 2

    def test_such_a_word_does_not_either(self, other, member):
        other.make_word()
        visitor = Visitor()
        visitor.by_link(member)
        visitor.give(do="give_word", word=WORD)
        assert [self.shows(other), self.shows(visitor)] == [[True, False, False]] * 2

    def test_both_do_not_either(self, other, member):
        new = other.make_code()
        other.make_word()
        visitor = Visitor()
        visitor.by_code(new)
        visitor.give(do="give_word", word=WORD)
        assert self.shows(visitor) == [True, False, False]

    def test_the_code_counts_after_thirty_days(self, other, member):
        new = other.make_code()
        later()
        visitor = Visitor()
        visitor.by_link(member)
        visitor.give(do="give_code", code=new)
        assert self.shows(visitor) == [True, True, True]

    def test_a_link_shows_it_to_them_and_cancels_it(self, owner, other, member):
        new = other.make_code()
        page = owner.by_link(member)
        owner.cancel()
        assert (SHOWN in page, owner.is_in(), other.is_in()) == (True, True, False)
        assert "We can’t find anything with this code." in Visitor().by_code(new)

    def test_no_link_cancels_their_own_word_without_it(self, other, member):
        other.make_word()
        visitor = Visitor()
        page = visitor.by_link(member)
        answer = visitor.client.post("/my-details/press/cancel-changes/")
        assert (SHOWN in page, answer.status_code, CredentialChange.objects.count()) == (False, 404, 1)

    def test_the_page_says_that_it_shows_no_more_than_a_link(self, other):
        page = other.client.post("/my-details/press/new-code/", follow=True).content.decode()
        assert "For 30 days, it shows no more than a sign-in link does." in page
        assert "show no more than the link alone did" in other.make_word().content.decode()
