"""A person who reads a member's inbox creates a new word, code or calendar address; the member isn't locked out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.models import CredentialChange, Member, OwnCalendar
from members.purge import purge
from members.retention import erase_members
from members.self_service.credentials import settle_changes
from members.self_service.secret_word import word_hash
from s4jr.accounts.models import Session
from s4jr.security.status_code import code_hash, code_of_form
from tests import cast
from tests.members.self_service.visitors import SHOWN, WORD, Visitor

pytestmark = pytest.mark.django_db
DAYS = 30


def later(days=DAYS):
    CredentialChange.objects.update(made_at=timezone.now() - timedelta(days=days, seconds=1))
    return settle_changes(timezone.now())


class TestForThirtyDays:
    def test_the_earlier_code_works_without_the_new_word(self, owner, other, member, code):
        other.make_word()
        page = owner.by_code(code)
        assert ("Change your information" in page, SHOWN in page) == (True, True)

    def test_both_codes_work(self, owner, other, member, code):
        new = other.make_code()
        assert ["Change your information" in visitor for visitor in (owner.by_code(code), Visitor().by_code(new))] == [
            True,
            True,
        ]

    def test_both_calendar_addresses_work(self, owner, other, member, code):
        owner.by_link(member)
        owner.give(do="give_code", code=code)
        earlier, new = owner.make_calendar(), other.make_calendar()
        assert [Client().get(path).status_code for path in (earlier, new)] == [200, 200]

    def test_a_calendar_address_is_shown_too(self, owner, other, member, code):
        other.make_calendar()
        assert SHOWN in owner.by_code(code)

    def test_email_links_ask_for_the_new_word(self, other, member):
        other.make_word()
        page = Visitor().by_link(member)
        assert ("Your secret word" in page, cast.MESSAGE in page) == (True, False)

    def test_neither_new_code_nor_new_word_shows_what_discretion_hides(self, other, member):
        Member.objects.update(contact="discreet")
        new = other.make_code()
        page = other.give(do="give_code", code=new)
        assert ("We can’t find anything with this code." in page, cast.MESSAGE in page) == (True, False)
        other.make_word()
        page = other.give(do="give_word", word=WORD)
        assert ("Change your information" in page, cast.MESSAGE in other.page()) == (True, False)
        visitor = Visitor()
        visitor.by_code(new)
        visitor.by_link(member)
        assert cast.MESSAGE not in visitor.give(do="give_word", word=WORD)

    def test_a_link_alone_cannot_change_a_secret_word(self, owner, member, code):
        Member.objects.update(word_hash=word_hash("kingfisher"))
        visitor = Visitor()
        visitor.by_link(member)
        answers = [
            visitor.client.post("/my-details/press/new-code/").status_code,
            visitor.client.get("/my-details/change/word/").status_code,
            visitor.client.get("/my-details/own-calendar/make/").status_code,
        ]
        assert (answers, CredentialChange.objects.count()) == ([404, 302, 302], 0)
        owner.by_code(code)
        assert cast.MESSAGE in owner.give(do="give_word", word="kingfisher")


class TestCanceling:
    def test_one_button_cancels_everything_and_ends_the_other_sessions(self, owner, other, member, code):
        new, calendar = other.make_code(), other.make_calendar()
        visitor = Visitor()
        visitor.by_code(new)
        other.make_word()
        owner.by_code(code)
        page = owner.cancel()
        assert ("Canceled." in page, SHOWN in page, owner.is_in()) == (True, False, True)
        assert [other.is_in(), visitor.is_in(), "We can’t find" in Visitor().by_code(new)] == [False, False, True]
        assert (Client().get(calendar).status_code, CredentialChange.objects.count()) == (404, 0)
        assert [session.member_pk for session in Session.objects.exclude(member_pk=None)] == [member.pk]

    def test_other_peoples_visits_continue(self, owner, other, member, code):
        neighbour, somebody = Visitor(), cast.waiting(email="other@mailbox.example")
        neighbour.by_code(code_of_form(somebody.form_token))
        other.make_code()
        owner.by_code(code)
        owner.cancel()
        assert neighbour.is_in()

    def test_an_email_link_alone_neither_sees_nor_cancels_it(self, owner, other, member):
        other.make_code()
        assert (SHOWN in other.page(), other.client.post("/my-details/press/cancel-changes/").status_code) == (
            False,
            404,
        )

    def test_the_new_code_does_not_either(self, other, member):
        visitor = Visitor()
        page = visitor.by_code(other.make_code())
        answer = visitor.client.post("/my-details/press/cancel-changes/")
        assert (SHOWN in page, answer.status_code) == (False, 404)

    def test_it_works_while_the_word_is_still_asked_for(self, owner, other, member, code):
        other.make_calendar()
        Member.objects.update(word_hash=word_hash("kingfisher"))
        page = owner.by_code(code)
        assert ("Your secret word" in page, SHOWN in page) == (True, True)
        owner.cancel()
        assert CredentialChange.objects.count() == 0


class TestAfterThirtyDays:
    def test_what_no_one_canceled_is_permanent(self, other, member, code):
        new = other.make_code()
        other.make_calendar()
        other.make_word()
        assert (later(), CredentialChange.objects.count(), OwnCalendar.objects.count()) == (3, 0, 1)
        member.refresh_from_db()
        assert (member.code_hash, bool(member.word_hash)) == (code_hash(new), True)
        assert "We can’t find anything with this code." in Visitor().by_code(code)

    def test_not_a_day_earlier(self, other, member):
        other.make_code()
        assert later(days=DAYS - 1) == 0

    def test_purge_makes_it_permanent(self, other, member):
        other.make_code()
        CredentialChange.objects.update(made_at=timezone.now() - timedelta(days=DAYS, minutes=1))
        assert purge()["new ways in that hold now"] == 1

    def test_one_that_cannot_be_permanent_stops_none_of_the_others(self, other, member):
        others = [cast.waiting(email=f"{number}@mailbox.example") for number in range(2)]
        said = {"kind": "code", "made_at": timezone.now(), "value_hash": others[0].code_hash}
        CredentialChange.objects.create(member=others[1], **said)
        new = other.make_code()
        assert (later(), CredentialChange.objects.count()) == (2, 0)
        kept = [Member.objects.get(pk=somebody.pk).code_hash for somebody in (*others, member)]
        assert kept == [others[0].code_hash, others[1].code_hash, code_hash(new)]


class TestRightAway:
    def test_with_link_and_code_the_new_code_replaces_the_earlier_one(self, owner, member, code):
        owner.by_link(member)
        owner.give(do="give_code", code=code)
        new = owner.make_code()
        assert ("We can’t find" in Visitor().by_code(code), "We can’t find" in Visitor().by_code(new)) == (
            True,
            False,
        )
        assert owner.is_in()

    def test_it_ends_one_that_a_link_alone_created(self, owner, other, member, code):
        other.make_code()
        owner.by_link(member)
        owner.give(do="give_code", code=code)
        owner.make_code()
        assert CredentialChange.objects.count() == 0


def test_it_is_deleted_with_the_member(other, member):
    other.make_code()
    erase_members(member.row)
    assert CredentialChange.objects.count() == 0


class TestRevokingACalendarAddress:
    """Revoking takes effect right away for anyone, because it only reduces access (docs/decisions/0016)."""

    @pytest.fixture
    def calendars(self, owner, other, member, code):
        owner.by_link(member)
        owner.give(do="give_code", code=code)
        return [owner.make_calendar(), other.make_calendar()]

    def open_ones(self, calendars):
        return [Client().get(path).status_code for path in calendars]

    def test_with_a_link_alone_ends_the_earlier_and_the_new_one_right_away(self, other, calendars):
        before = self.open_ones(calendars)
        other.revoke_calendar()
        assert (before, self.open_ones(calendars)) == ([200, 200], [404, 404])

    def test_with_a_code_alone_ends_it_too(self, calendars, code):
        visitor = Visitor()
        visitor.by_code(code)
        visitor.revoke_calendar()
        assert self.open_ones(calendars) == [404, 404]

    def test_locks_no_one_out_because_the_owner_creates_another_and_cancels_what_else_the_link_created(
        self, owner, other, member, calendars, code
    ):
        new = other.make_code()
        other.make_calendar()
        other.revoke_calendar()
        assert set(member.credential_changes.values_list("kind", flat=True)) == {"code"}
        assert self.open_ones([owner.make_calendar()]) == [200]
        assert SHOWN in owner.by_code(code)
        owner.cancel()
        assert (owner.is_in(), "We can’t find" in Visitor().by_code(new)) == (True, True)
