"""Each link confirms its own application, and the holder of another code learns nothing about it."""

import re
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.applications import services
from members.applications.confirmation import ChoiceNeededError, confirm
from members.applications.services import ask_to_join, correct_address, go_on_without_email
from members.models import Member, MemberLink
from members.purge import purge
from members.review.services import approve
from members.self_service.address_change import confirm_address_change, erase_address, request_address_change
from members.self_service.secret_word import word_hash
from s4jr.erasure.erase import erase
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.status_code import code_of_form
from tests import cast, make

pytestmark = pytest.mark.django_db
Status = Member.Status
OWN_FORM, STRANGERS_FORM = "a" * 32, "b" * 32


def link_of(member):
    return MemberLink.objects.get(member=member, purpose="confirm")


def path_of(member):
    """Returns the path that confirms this application."""
    return cast.paths_in(OutgoingEmail.objects.get(about=member.about, kind="confirm").body)[0]


def fresh(member):
    return Member.objects.filter(pk=member.pk).first()


def everything_in(member):
    return {field.name: getattr(member, field.attname) for field in Member._meta.concrete_fields}


def code_page(member_or_token, client=None, do="", **answers):
    """Returns the page that a code opens, and its number of queries, without what differs on every request."""
    token = getattr(member_or_token, "form_token", member_or_token)
    code = code_of_form(token)
    with CaptureQueriesContext(connection) as statements:
        response = (client or Client()).post("/my-details/", {"code": code, "do": do, **answers}, follow=True)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(code, "CODE")
    numbers = Member.objects.filter(form_token=token).values_list("number", flat=True)
    for number in numbers:
        page = page.replace(number, "NUMBER")
    return response.status_code, page, len(statements)


class TestALink:
    def test_confirms_its_own_application_even_if_others_apply_later(self):
        attacker = cast.ask(message="an attacker's")
        owner = cast.ask(message="mine")
        assert confirm(link_of(owner)) is True
        assert (fresh(owner).status, fresh(attacker).status) == (Status.WAITING, Status.UNCONFIRMED)

    def test_to_an_application_at_a_members_address_does_not_change_the_member(self):
        member = cast.waiting()
        cast.put(member, Status.APPROVED)
        member = fresh(member)
        make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED, scope="announcements")
        before = everything_in(member)
        other = cast.ask(newsletter=True, name="Whoever")
        assert confirm(link_of(other)) is False
        assert fresh(other).status == Status.DUPLICATE_ADDRESS
        assert everything_in(fresh(member)) == before
        assert Suppression.objects.count() == 1

    def test_shows_when_it_was_sent_and_how_the_code_ends_but_no_typed_text(self, client):
        member = cast.ask(name="Visit spam.example", message="buy")
        page = client.get(path_of(member)).content.decode()
        assert (f"<strong>{code_of_form(member.form_token)[-3:]}" in page, "Eastern Time" in page) == (False, True)
        assert re.findall(r'<strong class="code">(\w{3})</strong>', page) == [code_of_form(member.form_token)[-3:]]
        assert [word for word in ("spam", "buy", member.number) if word in page] == []

    def test_deletes_its_own_application_and_nothing_else(self, client):
        member, other = cast.ask(), cast.ask(message="another's")
        path = path_of(member)
        assert client.get(f"{path}delete/").status_code == 200
        assert Member.objects.count() == 2
        client.post(f"{path}delete/", {"do": "delete"})
        assert list(Member.objects.all()) == [other]
        assert (client.get(path).status_code, MemberLink.objects.filter(member=other).count()) == (410, 2)

    def test_still_deletes_a_mistaken_confirmation_until_the_decision(self, client):
        member = cast.ask()
        path = path_of(member)
        client.post(path, {"do": "confirm"})
        cast.put(member, Status.APPROVED)
        client.post(path, {"do": "delete"})
        assert fresh(member).status == Status.APPROVED
        cast.put(member, Status.WAITING, decided_at=None)
        client.post(path, {"do": "delete"})
        assert fresh(member) is None

    def test_that_withdraws_an_unconfirmed_application_keeps_the_others_at_its_address(self, client):
        owner, stranger = cast.ask(), cast.ask(message="a stranger's")
        to_details = cast.paths_in(OutgoingEmail.objects.get(about=stranger.about).body)[1]
        client.post(to_details, {"do": "withdraw"})
        assert list(Member.objects.all()) == [owner]


class TestASecondApplication:
    @pytest.fixture
    def two(self):
        first, second = cast.ask(message="first"), cast.ask(message="second")
        confirm(link_of(first))
        return first, second

    def test_asks_which_to_keep_and_changes_nothing_yet(self, client, two):
        first, second = two
        page = client.post(path_of(second), {"do": "confirm"}).content.decode()
        ends = [code_of_form(member.form_token)[-3:] for member in (second, first)]
        assert re.findall(r'<strong class="code">(\w{3})</strong>', page) == ends
        assert (fresh(first).status, fresh(second).status) == (Status.WAITING, Status.UNCONFIRMED)
        with pytest.raises(ChoiceNeededError):
            confirm(link_of(second))

    @pytest.mark.parametrize(
        ("keep", "statuses"),
        [
            ("this", (Status.DUPLICATE_ADDRESS, Status.WAITING)),
            ("other", (Status.WAITING, Status.DUPLICATE_ADDRESS)),
        ],
    )
    def test_keeps_the_chosen_one_and_neither_code_reveals_it(self, client, two, keep, statuses):
        first, second = two
        before = code_page(first)
        client.post(path_of(second), {"do": "confirm", "keep": keep})
        assert (fresh(first).status, fresh(second).status) == statuses
        assert code_page(first) == before
        assert code_page(second) == before

    @pytest.mark.parametrize("status", [Status.ON_HOLD, Status.DECLINING])
    def test_asks_the_same_while_a_decision_can_be_undone(self, two, status):
        first, second = two
        cast.put(first, status)
        with pytest.raises(ChoiceNeededError):
            confirm(link_of(second))

    def test_never_undoes_a_decision(self, two):
        first, second = two
        cast.put(first, Status.DECLINING)
        assert confirm(link_of(second), keep="this") is False
        assert (fresh(first).status, fresh(second).status) == (Status.DECLINING, Status.DUPLICATE_ADDRESS)


class TestADuplicate:
    @pytest.fixture
    def duplicate(self):
        member = cast.waiting()
        cast.put(member, Status.APPROVED)
        other = cast.ask(name="Whoever", message="other")
        confirm(link_of(other))
        return fresh(other)

    def test_is_not_given_to_a_volunteer(self, duplicate):
        assert list(Member.objects.undecided()) == []

    def test_gets_no_link_that_opens_its_information(self, duplicate):
        cast.put(Member.objects.exclude(pk=duplicate.pk), Status.LEFT)
        assert Member.objects.owner_of(duplicate.email_index).pk != duplicate.pk

    def test_that_gives_up_its_address_waits_for_a_volunteer(self, duplicate):
        erase_address(Member.objects.filter(pk=duplicate.pk))
        assert fresh(duplicate).status == Status.WAITING

    def test_that_changes_its_address_waits_for_a_volunteer_and_causes_no_email_to_the_member(self, duplicate):
        row = Member.objects.filter(pk=duplicate.pk)
        request_address_change(row, "own@mailbox.example", "yes")
        confirm_address_change(MemberLink.objects.get(purpose="change"))
        assert (fresh(duplicate).status, fresh(duplicate).email) == (Status.WAITING, "own@mailbox.example")
        assert OutgoingEmail.objects.filter(kind="address-changed").count() == 0

    def test_is_deleted_when_the_owner_of_the_address_is_deleted_by_a_link(self, duplicate):
        erase(Member.objects.exclude(pk=duplicate.pk), proved=True)
        assert Member.objects.count() == 0


def pages_over_time(known, *, owner_first):
    """Returns what a stranger's code shows at each step, from applying with another's address until the purge.

    `known` creates the owner of the address; the owner confirms all that reaches their inbox.
    """
    OutgoingEmail.objects.all().delete()
    if owner_first:
        known()
    stranger = cast.ask(name="Stranger", message="a stranger's", form_token=STRANGERS_FORM)
    # The page shows the minute of the agreement, and the compared runs differ in time.
    Member.objects.filter(pk=stranger.pk).update(agreed_at=datetime(2026, 11, 28, 12, tzinfo=UTC))
    if not owner_first:
        known()
    seen = [code_page(stranger)]
    Client().get(path_of(stranger))
    seen.append(code_page(stranger))
    Client().post(path_of(stranger), {"do": "confirm", "keep": "other"})
    seen += [code_page(stranger), code_page(stranger, do="correct", email="a@mailbox.example")]
    seen += [code_page(stranger, do="send_again"), code_page(stranger, do="without_email")]
    for days in (django_settings.UNDECIDED_DAYS - 1, 1, django_settings.LAPSED_DAYS - 1, 1, 1):
        Member.objects.filter(pk=stranger.pk).update(received_on=stranger.received_on - timedelta(days=days))
        stranger = go_back(stranger, days)
        purge()
        seen.append(code_page(STRANGERS_FORM))
        stranger = fresh(stranger) or stranger
    assert fresh(stranger) is None
    return seen


def go_back(member, days):
    """Moves the dates of this application back."""
    row = Member.objects.filter(pk=member.pk)
    decided_at = row.values_list("decided_at", flat=True).first()
    row.update(decided_at=decided_at and decided_at - timedelta(days=days))
    return row.first() or member


def new_address():
    """An address that is new to the site."""


def a_member():
    cast.put(cast.waiting(form_token=OWN_FORM), Status.APPROVED)


def waiting_applicant():
    cast.put(cast.waiting(form_token=OWN_FORM), Status.ON_HOLD)


def former_member():
    cast.put(cast.waiting(form_token=OWN_FORM), Status.LEFT)


class TestTheOtherCode:
    @pytest.mark.parametrize("owner_first", [True, False])
    @pytest.mark.parametrize("known", [a_member, waiting_applicant, former_member])
    def test_shows_the_same_at_every_step_until_the_purge(self, known, owner_first):
        make.admin("ada")
        of_nobody = pages_over_time(new_address, owner_first=owner_first)
        Member.objects.all().delete()
        of_somebody = pages_over_time(known, owner_first=owner_first)
        for step, (one, other) in enumerate(zip(of_nobody, of_somebody, strict=True)):
            assert one == other, f"at step {step}"

    def test_gains_nothing_from_the_owners_confirmation(self):
        attacker = cast.ask(name="Attacker", form_token=STRANGERS_FORM)
        before = code_page(attacker)
        owner = cast.ask(form_token=OWN_FORM)
        confirm(link_of(owner))
        approve(Member.objects.filter(pk=owner.pk), by=make.admin("ada"))
        assert code_page(attacker) == before


class TestACodeAndASecretWord:
    """A stranger who joins with another's address can set a secret word; with the code, it proves no inbox."""

    def come_in(self, client, status):
        known = cast.waiting(name="Owner")
        cast.put(known, Status.APPROVED)
        make.stop(known.email_index, Suppression.Reason.UNSUBSCRIBED)
        own = cast.ask(name="Owner", message="again")
        stranger = cast.ask(name="Stranger", contact="discreet")
        if status == Status.WAITING:
            Member.objects.filter(pk__in=[known.pk, own.pk]).update(
                email="", email_index=None, contact="none", status="left", left_on=stranger.received_on
            )
        Member.objects.filter(pk=stranger.pk).update(status=status, word_hash=word_hash("lantern harbour"))
        client.post("/my-details/", {"code": code_of_form(stranger.form_token)})
        client.post("/my-details/", {"do": "give_word", "word": "lantern harbour"})
        return known, own, stranger

    @pytest.mark.parametrize("status", [Status.DUPLICATE_ADDRESS, Status.WAITING])
    def test_shows_nothing_that_is_found_by_the_address(self, client, status):
        self.come_in(client, status)
        page = client.get("/my-details/all/show/").content.decode()
        assert ("Stranger" in page, "made with your address" in page) == (True, False)

    def test_withdraws_only_its_own_and_lifts_no_suppression(self, client):
        known, own, _stranger = self.come_in(client, Status.DUPLICATE_ADDRESS)
        client.post("/my-details/press/email-again/")
        client.post("/my-details/press/withdraw/", {"do": "withdraw"})
        assert set(Member.objects.all()) == {known, own}
        assert Suppression.objects.count() == 1


class TestCorrectingAnAddress:
    """It ends all unconfirmed applications and links that the same browser or code made for the old address."""

    WRONG, RIGHT = "rosalnid@mailbox.example", "rosalind@mailbox.example"

    def two_at_the_wrong_address(self):
        first = cast.application(email=self.WRONG, name="Rosalind T.")
        cast.ask(first)
        second = cast.ask(email=self.WRONG, earlier_token=first.form_token)
        return Member.objects.get(form_token=first.form_token), second

    def test_with_a_code_ends_the_first_of_two_from_one_browser(self, client):
        first, second = self.two_at_the_wrong_address()
        paths = path_of(first), path_of(second)
        assert first.browser_mark == second.browser_mark
        code_page(second, client, do="correct", email=self.RIGHT)
        assert [client.post(path).status_code for path in paths] == [410, 410]
        assert [member.email for member in Member.objects.all()] == [self.RIGHT]

    def test_with_the_form_ends_it_too(self):
        first, second = self.two_at_the_wrong_address()
        ask_to_join(cast.application(form_token=second.form_token))
        assert [member.email for member in Member.objects.all()] == [self.RIGHT]
        assert MemberLink.objects.filter(to_index=first.email_index).count() == 0

    def test_going_on_without_email_ends_it_too(self):
        _first, second = self.two_at_the_wrong_address()
        go_on_without_email(Member.objects.filter(pk=second.pk))
        assert [member.email for member in Member.objects.all()] == [""]

    def test_never_ends_applications_of_another_browser_with_any_name(self):
        first, second = cast.ask(email=self.WRONG), cast.ask(email=self.WRONG)
        correct_address(Member.objects.filter(pk=second.pk), self.RIGHT)
        assert confirm(link_of(first)) is True

    def test_never_ends_a_confirmed_application(self):
        first, second = self.two_at_the_wrong_address()
        confirm(link_of(first))
        correct_address(Member.objects.filter(pk=second.pk), self.RIGHT)
        assert fresh(first).status == Status.WAITING

    def test_identifies_the_browser_by_its_cookie(self, client, monkeypatch):
        monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)
        usual = {"name": "Rosalind T.", "contact": "yes", "email": self.WRONG, "agreement": "on", "consent": "on"}
        token = client.get("/join/").context["form"]["form_token"].value()
        client.post("/join/", {**usual, "form_token": token})
        elsewhere = cast.ask(email=self.WRONG)
        code_page(elsewhere, client, do="correct", email=self.RIGHT)
        assert [member.email for member in Member.objects.all()] == [self.RIGHT]

    def test_forgets_the_browser_mark_once_confirmed(self):
        member = cast.ask()
        confirm(link_of(member))
        assert fresh(member).browser_mark == ""


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
class TestAmending:
    """It compares before it saves: it doesn't undo a confirmation or approval in between."""

    @pytest.fixture
    def meanwhile(self, monkeypatch):
        """Runs another request between reading the row and amending it."""

        def happens(press):
            amend, done = services._amend_earlier, []

            def slow(earlier, application):
                if not done:
                    done.append(in_a_thread(press))
                return amend(earlier, application)

            monkeypatch.setattr(services, "_amend_earlier", slow)

        return happens

    def test_does_not_undo_an_approval(self, meanwhile):
        ada, first = make.admin("ada"), cast.without_email(message="kind words")
        member = cast.ask(first)
        meanwhile(lambda: approve(Member.objects.filter(pk=member.pk), by=ada))
        second = cast.ask(cast.without_email(message="other words", previous_token=first.form_token))
        assert (fresh(member).status, fresh(member).message) == (Status.APPROVED, "kind words")
        assert (second.status, second.message) == (Status.WAITING, "other words")

    def test_does_not_undo_a_confirmation(self, meanwhile):
        first = cast.application()
        member = cast.ask(first)
        link = link_of(member)
        meanwhile(lambda: confirm(link))
        ask_to_join(cast.application(message="other words", previous_token=first.form_token))
        assert (fresh(member).status, fresh(member).message) == (Status.WAITING, cast.MESSAGE)

    def test_does_not_undo_another_amendment(self, meanwhile):
        first = cast.application()
        member = cast.ask(first)
        meanwhile(lambda: Member.objects.filter(pk=member.pk).update(message="faster"))
        ask_to_join(cast.application(message="slower", form_token=first.form_token))
        assert (fresh(member).message, fresh(member).version) == ("slower", 3)


def in_a_thread(press):
    def pressed():
        press()
        connections.close_all()

    thread = Thread(target=pressed)
    thread.start()
    thread.join()
    return thread


def test_confirming_takes_the_same_queries_for_known_and_unknown_addresses():
    counts = set()
    for known in (new_address, a_member):
        known()
        member = cast.ask(name="Stranger")
        link = link_of(member)
        with CaptureQueriesContext(connection) as statements:
            confirm(link)
        counts.add(len([query for query in statements if "mail_suppression" not in query["sql"]]))
        Member.objects.all().delete()
    assert len(counts) == 1
