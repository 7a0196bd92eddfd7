"""An address changed with an email link alone: for 30 days the earlier code or secret word restores the old one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import CredentialChange, Member
from members.review.services import lapse
from members.self_service.address_change import confirm_address_change
from members.self_service.secret_word import word_hash
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.audit.test_unreadable_values import break_one
from tests.members.self_service.test_credentials import later
from tests.members.self_service.visitors import ELSEWHERE, SHOWN, Visitor

pytestmark = pytest.mark.django_db


class TestAnotherEmailAddress:
    """Emails go to the new address right away; for 30 days the earlier code restores the old one."""

    @pytest.fixture
    def moved(self, member, other):
        Member.objects.update(contact="discreet")
        other.ask_for_address()
        member.refresh_from_db()
        assert member.email == ELSEWHERE
        return member

    def test_is_shown_to_the_earlier_code_which_restores_the_old_one(self, owner, other, moved, code):
        page = owner.by_code(code)
        assert (SHOWN in page, "A new email address" in page, cast.ADDRESS in page) == (True, True, False)
        assert "Canceled." in owner.cancel()
        moved.refresh_from_db()
        assert (moved.email, moved.email_index) == (cast.ADDRESS, blind_index(cast.ADDRESS))
        assert (owner.is_in(), other.is_in(), CredentialChange.objects.count()) == (True, False, 0)
        assert "Change your information" in Visitor().by_link(moved)

    def test_is_shown_to_the_earlier_word_too(self, owner, other, moved, code):
        Member.objects.update(word_hash=word_hash("kingfisher"))
        owner.by_code(code)
        assert SHOWN in owner.give(do="give_word", word="kingfisher")

    def test_is_not_shown_to_a_link_to_the_new_address(self, moved):
        visitor = Visitor()
        page = visitor.by_link(moved)
        answer = visitor.client.post("/my-details/press/cancel-changes/")
        assert (SHOWN in page, answer.status_code) == (False, 404)

    def test_the_old_one_is_kept_encrypted_and_its_inbox_opens_nothing(self, other, moved):
        [change] = CredentialChange.objects.all()
        assert change.earlier_email == cast.ADDRESS
        with connection.cursor() as cursor:
            cursor.execute("SELECT earlier_email FROM members_credentialchange")
            assert cast.ADDRESS not in cursor.fetchone()[0]
        OutgoingEmail.objects.filter(kind="open-details").delete()
        Visitor().client.post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
        assert OutgoingEmail.objects.filter(kind="open-details").count() == 0

    def test_after_two_changes_the_first_one_is_restored(self, owner, other, moved, code):
        other.ask_for_address("further@mailbox.example")
        owner.by_code(code)
        owner.cancel()
        moved.refresh_from_db()
        assert moved.email == cast.ADDRESS

    def test_its_inbox_index_is_restored_too(self, owner, other, member, code):
        other.ask_for_address("elsewhere+tag@mailbox.example")
        member.refresh_from_db()
        moved_to = member.limit_index
        owner.by_code(code)
        owner.cancel()
        member.refresh_from_db()
        assert (moved_to, member.limit_index) == (limit_index("elsewhere+tag@mailbox.example"), None)

    def test_an_unconfirmed_one_is_deleted_with_it(self, owner, other, moved, code):
        other.client.post("/my-details/change/address/", {"email": "further@mailbox.example"})
        [email] = OutgoingEmail.objects.filter(to_index=blind_index("further@mailbox.example"))
        owner.by_code(code)
        owner.cancel()
        Client().post(cast.paths_in(email.body)[0])
        moved.refresh_from_db()
        assert (moved.email, moved.new_email_index) == (cast.ADDRESS, None)

    def test_pending_emails_to_the_new_one_are_canceled_with_it(self, owner, other, moved, code):
        cast.written(to=ELSEWHERE, about=moved.about)
        owner.by_code(code)
        owner.cancel()
        assert OutgoingEmail.objects.filter(to_index=blind_index(ELSEWHERE), state="pending").count() == 0

    def test_if_someone_else_has_the_old_one_there_is_none(self, owner, other, moved, code):
        cast.waiting(name="Mallory")
        owner.by_code(code)
        page = owner.cancel()
        moved.refresh_from_db()
        assert ("you won’t get emails from us" in page, moved.email, moved.contact, owner.is_in()) == (
            True,
            "",
            "none",
            True,
        )

    def test_if_the_old_one_cannot_be_decrypted_there_is_none(self, owner, other, moved, code):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE members_credentialchange SET earlier_email = 'v1.none.none'")
        owner.by_code(code)
        owner.cancel()
        moved.refresh_from_db()
        assert (moved.email, owner.is_in()) == ("", True)

    def test_after_thirty_days_the_old_one_is_deleted(self, owner, other, moved, code):
        assert (later(), CredentialChange.objects.count()) == (1, 0)
        moved.refresh_from_db()
        assert (moved.email, SHOWN in owner.by_code(code)) == (ELSEWHERE, False)

    def test_with_never_or_without_a_decision_in_time_the_old_one_is_deleted_right_away(self, other, moved):
        [change] = CredentialChange.objects.all()
        other.never()
        assert CredentialChange.objects.count() == 0
        change.save(force_insert=True)
        cast.put(moved, "waiting", decided_at=None, received_on=timezone.now().date() - timedelta(days=400))
        lapse(Member.objects.all(), timezone.now().date())
        assert CredentialChange.objects.count() == 0

    def test_with_link_and_code_it_is_permanent_right_away(self, owner, other, moved, code):
        visitor = Visitor()
        visitor.by_link(moved)
        visitor.give(do="give_code", code=code)
        visitor.ask_for_address("further@mailbox.example")
        moved.refresh_from_db()
        assert (moved.email, CredentialChange.objects.count()) == ("further@mailbox.example", 0)

    def test_the_pages_say_so(self, owner, member, other, code):
        said, path = "can cancel the change and put your old address back", "/my-details/change/address/"
        owner.by_link(member)
        owner.give(do="give_code", code=code)
        pages = [visitor.client.get(path).content.decode() for visitor in (other, owner)]
        assert [said in page for page in pages] == [True, False]
        assert "can bring it back" in Client().get(reverse("my_details_address_confirmed")).content.decode()


class TestApplicationMadeADuplicate:
    """A person who reads her inbox applies with her address, or with the one they changed hers to, and keeps theirs."""

    @pytest.fixture
    def hers(self, db):
        return cast.waiting()

    @pytest.fixture
    def stranger(self, hers):
        visitor = Visitor()
        visitor.by_link(hers)
        return visitor

    def confirm_another(self, hers, email):
        another = cast.ask(name="Mallory", email=email)
        [confirming] = OutgoingEmail.objects.filter(about=another.about, kind="confirm")
        Client().post(cast.paths_in(confirming.body)[0], {"keep": "this"})
        hers.refresh_from_db()
        assert hers.status == "duplicate_address"

    def cancel(self, hers):
        owner = Visitor()
        page = owner.by_code(code_of_form(hers.form_token))
        owner.cancel()
        hers.refresh_from_db()
        return SHOWN in page

    def test_changed_after_it_her_code_shows_it_and_the_other_application_gets_no_email(self, hers, stranger):
        self.confirm_another(hers, cast.ADDRESS)
        stranger.ask_for_address()
        hers.refresh_from_db()
        assert (hers.status, hers.email) == ("waiting", ELSEWHERE)
        assert OutgoingEmail.objects.filter(kind="address-changed").count() == 0
        assert (self.cancel(hers), hers.status, hers.email) == (True, "waiting", "")

    def test_changed_after_it_she_gets_her_address_back_once_the_other_application_is_gone(self, hers, stranger):
        self.confirm_another(hers, cast.ADDRESS)
        stranger.ask_for_address()
        Member.objects.filter(email_index=blind_index(cast.ADDRESS)).delete()
        assert (self.cancel(hers), hers.status, hers.email) == (True, "waiting", cast.ADDRESS)

    def test_changed_before_it_she_is_reviewed_again_at_her_address(self, hers, stranger):
        stranger.ask_for_address()
        self.confirm_another(hers, ELSEWHERE)
        assert (self.cancel(hers), hers.status, hers.email) == (True, "waiting", cast.ADDRESS)

    def test_changed_before_it_she_is_reviewed_without_an_address_if_another_has_hers_by_now(self, hers, stranger):
        stranger.ask_for_address()
        self.confirm_another(hers, ELSEWHERE)
        cast.waiting(name="Mallory again")
        assert (self.cancel(hers), hers.status, hers.email) == (True, "waiting", "")


class TestAddressThatCannotBeDecrypted:
    @pytest.mark.parametrize("gives_code", [False, True])
    def test_is_replaced_and_permanent_only_with_link_and_code(self, owner, member, code, gives_code):
        owner.by_link(member)
        if gives_code:
            owner.give(do="give_code", code=code)
        break_one(member, "email")
        owner.ask_for_address()
        member.refresh_from_db()
        assert (member.email, CredentialChange.objects.count()) == (ELSEWHERE, 0 if gives_code else 1)
        assert OutgoingEmail.objects.filter(kind="address-changed").count() == 0

    def test_is_replaced_without_an_email_to_it_outside_a_request_too(self, other, member):
        other.client.post("/my-details/change/address/", {"email": ELSEWHERE})
        break_one(member, "email")
        assert confirm_address_change(member.links.get(purpose="change")) is True
        assert OutgoingEmail.objects.filter(kind="address-changed").count() == 0

    def test_changed_by_someone_else_it_is_empty_after_canceling(self, owner, other, member, code):
        break_one(member, "email")
        other.ask_for_address()
        assert SHOWN in owner.by_code(code)
        owner.cancel()
        member.refresh_from_db()
        assert (member.email, member.contact, owner.is_in(), other.is_in()) == ("", "none", True, False)

    def test_if_the_new_one_cannot_be_decrypted_its_link_expires_and_another_request_helps(self, other, member):
        other.client.post("/my-details/change/address/", {"email": ELSEWHERE})
        [path] = cast.paths_in(OutgoingEmail.objects.get(kind="confirm-change").body)
        break_one(member, "new_email")
        assert [Client().get(path).status_code, Client().post(path).status_code] == [410, 410]
        other.ask_for_address("further@mailbox.example")
        member.refresh_from_db()
        assert member.email == "further@mailbox.example"
