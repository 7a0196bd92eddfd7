"""What a status code allows, and what it never shows."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from members.applications.confirmation_lists import write_due_lists
from members.applications.status_code import PUBLIC_STATUSES
from members.models import Member, MemberLink
from members.review.services import approve
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.status_code import code_of_form
from tests import cast, make

pytestmark = pytest.mark.django_db
Status = Member.Status
NEW = "mended@mailbox.example"


def code_of(member):
    return code_of_form(member.form_token)


def unconfirmed_application(**answers):
    """An application with an unconfirmed address."""
    member = cast.ask(**answers)
    assert member.status == Status.UNCONFIRMED
    return member


def with_a_known_address(**answers):
    """An application with the address of another, confirmed application."""
    known = cast.waiting()
    OutgoingEmail.objects.filter(about=known.about).delete()
    return unconfirmed_application(message="whoever", **answers)


def press(client, member, do="", **answers):
    return client.post("/my-details/", {"code": code_of(member), "do": do, **answers}, follow=True)


def words_of(response, member):
    """Returns the page without what always differs: the CSRF token, the typed code, the number."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return page.replace(code_of(member), "CODE").replace(member.number, "NUMBER")


def emails_to(address):
    return [email for email in OutgoingEmail.objects.not_canceled() if email.to == address]


class TestTheCode:
    @pytest.mark.parametrize("spelt", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
    def test_any_spelling_of_it_works(self, client, spelt):
        member = unconfirmed_application()
        page = client.post("/my-details/", {"code": spelt(code_of(member))}).content.decode()
        assert "You asked to join." in page

    def test_its_form_names_no_cause_and_disables_autocomplete(self, client, settings):
        page = client.get("/my-details/").content.decode()
        assert [word for word in settings.COALITION_WORDS if word in page.lower()] == []
        assert re.search(r'<input[^>]*name="code"[^>]*>', page)[0].count('autocomplete="off"') == 1

    @pytest.mark.parametrize("code", ["AAA-AAA-AAA-AAA", "x", "'; --"])
    def test_a_wrong_code_gets_one_calm_sentence(self, client, code):
        unconfirmed_application()
        page = client.post("/my-details/", {"code": code}).content.decode()
        assert page.count("We can’t find anything with this code.") == 2  # in the error summary and at the field
        assert "<title>Error: Your information</title>" in page

    def test_wrong_codes_are_limited_per_hour(self, client):
        member = unconfirmed_application()
        answers = [client.post("/my-details/", {"code": "wrong"}).status_code for _ in range(21)]
        assert answers == [200] * 20 + [429]
        assert press(client, member).status_code == 200

    def test_right_ones_are_not_counted(self, client):
        member = unconfirmed_application()
        assert {press(client, member).status_code for _ in range(25)} == {200}
        assert client.post("/my-details/", {"code": "wrong"}).status_code == 200

    def test_no_page_of_it_may_be_stored_and_no_session_starts(self, client):
        response = press(client, unconfirmed_application())
        assert (response["Cache-Control"], list(client.cookies)) == ("no-store", ["csrftoken"])

    @pytest.mark.parametrize("status", Status)
    def test_it_shows_no_answers(self, client, status):
        member = unconfirmed_application(pronouns="ze/hir", relation="survivor", access_needs="captions please")
        cast.put(member, status)
        page = press(client, member).content.decode().lower()
        canaries = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "rosalind", "heron", "ze/hir", "captions", "survivor"]
        assert [canary for canary in canaries if canary.lower() in page] == []


class TestStatus:
    def test_every_status_has_a_text(self):
        assert set(PUBLIC_STATUSES) == set(Status.values)

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            ("unconfirmed", "You asked to join."),
            ("waiting", "Your request is with our volunteers."),
            ("approved", "You’re a member. Welcome!"),
            ("declined", "Our answer is “not right now.”"),
            ("left", "You have left."),
            ("lapsed", "We didn’t answer in time."),
        ],
    )
    def test_it_is_described_in_plain_words(self, client, status, sentence):
        member = unconfirmed_application()
        cast.put(member, status)
        assert sentence in html.unescape(press(client, member).content.decode())

    @pytest.mark.parametrize(
        ("pending", "plain"),
        [
            ("on_hold", "waiting"),
            ("declining", "waiting"),
            ("ending_membership", "approved"),
            ("membership_ended", "declined"),
        ],
    )
    def test_a_decision_that_can_be_undone_is_not_shown(self, client, pending, plain):
        member = unconfirmed_application()
        cast.put(member, pending)
        before = words_of(press(client, member), member)
        cast.put(member, plain)
        assert words_of(press(client, member), member) == before

    @pytest.mark.parametrize("status", ["declined", "membership_ended", "closed", "left", "lapsed"])
    def test_people_who_are_not_members_read_how_to_apply_again(self, client, status, settings):
        member = unconfirmed_application()
        cast.put(member, status)
        assert f'href="{settings.SITE_URL}/join/"' in press(client, member).content.decode()

    def test_everyone_may_withdraw(self, client):
        for status in Status:
            member = unconfirmed_application(email=f"{status}@mailbox.example")
            cast.put(member, status)
            press(client, member, "withdraw")
        assert Member.objects.count() == 0


class TestAKnownAddressDoesNotShow:
    """Applications with a known address and with a new one get the same pages, word for word."""

    @pytest.fixture(autouse=True)
    def _at_one_moment(self, monkeypatch):
        """Pages show the minute of each event."""
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)

    @pytest.mark.parametrize(
        ("do", "answers"),
        [
            ("", {}),
            ("correct", {"email": NEW}),
            ("correct", {"email": "nowhere"}),
            ("without_email", {}),
            ("withdraw", {}),
        ],
    )
    def test_with_any_action(self, client, do, answers):
        fresh, known = unconfirmed_application(email="fresh@mailbox.example"), with_a_known_address()
        pages = [words_of(press(client, member, do, **answers), member) for member in (fresh, known)]
        assert pages[0] == pages[1]

    def test_when_corrected_to_a_known_address(self, client):
        cast.waiting()
        first, second = (
            unconfirmed_application(email="a@mailbox.example"),
            unconfirmed_application(email="b@mailbox.example"),
        )
        pages = [
            words_of(press(client, member, "correct", email=email), member)
            for member, email in ((first, cast.ADDRESS), (second, NEW))
        ]
        assert pages[0] == pages[1]
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.status, second.status) == (Status.UNCONFIRMED, Status.UNCONFIRMED)


class TestCorrecting:
    def test_the_old_email_is_canceled_and_one_goes_to_the_new_address(self, client):
        member = unconfirmed_application()
        [old] = OutgoingEmail.objects.all()
        old_link = cast.paths_in(old.body)[0]

        press(client, member, "correct", email=NEW)

        old.refresh_from_db(), member.refresh_from_db()
        [new] = emails_to(NEW)
        assert (old.state, member.email, member.times_corrected) == (OutgoingEmail.State.CANCELED, NEW, 1)
        assert client.post(old_link).status_code == 410
        assert client.post(cast.paths_in(new.body)[0]).url == "/join/confirm/done/"
        member.refresh_from_db()
        assert member.status == Status.WAITING

    def test_the_code_stays_the_same(self, client):
        member = unconfirmed_application()
        press(client, member, "correct", email=NEW)
        assert "You asked to join." in press(client, member).content.decode()

    def test_it_can_be_done_three_times(self, client):
        member = unconfirmed_application()
        for number in range(5):
            page = press(client, member, "correct", email=f"try{number}@mailbox.example").content.decode()
        member.refresh_from_db()
        assert member.email == "try2@mailbox.example"
        assert ("can’t be corrected again" in html.unescape(page), "We corrected the address" in page) == (True, False)

    def test_an_invalid_address_gets_an_error_and_changes_nothing(self, client):
        member = unconfirmed_application()
        page = press(client, member, "correct", email="nowhere").content.decode()
        member.refresh_from_db()
        assert "<title>Error: Your status</title>" in page
        assert (member.email, member.times_corrected) == (cast.ADDRESS, 0)

    def test_the_same_address_again_is_no_correction(self, client):
        member = unconfirmed_application()
        press(client, member, "correct", email=cast.ADDRESS.upper())
        member.refresh_from_db()
        assert (member.times_corrected, OutgoingEmail.objects.count()) == (0, 1)

    def test_a_week_later_the_same_address_gets_another_email(self, client):
        member = unconfirmed_application()
        OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=8))
        press(client, member, "correct", email=cast.ADDRESS)
        assert (write_due_lists(), OutgoingEmail.objects.count()) == (1, 2)

    def test_a_flagged_one_stays_flagged(self, client):
        member = cast.ask(flag_reason="honeypot")
        press(client, member, "correct", email=NEW)
        member.refresh_from_db()
        assert (member.flag_reason, member.email, OutgoingEmail.objects.count()) == ("honeypot", NEW, 0)

    @pytest.mark.parametrize("status", [Status.WAITING, Status.ON_HOLD, Status.APPROVED, Status.DECLINED, Status.LEFT])
    def test_a_confirmed_address_cannot_be_corrected_with_a_code(self, client, status):
        member = unconfirmed_application()
        cast.put(member, status)
        press(client, member, "correct", email=NEW)
        press(client, member, "without_email")
        member.refresh_from_db()
        assert (member.email, member.status) == (cast.ADDRESS, status)

    def test_a_suppressed_address_gets_none(self, client):
        member = unconfirmed_application()
        make.stop(cast.application(email=NEW).email_index, Suppression.Reason.UNSUBSCRIBED)
        press(client, member, "correct", email=NEW)
        assert emails_to(NEW) == []

    def test_one_with_a_known_address_affects_only_itself(self, client):
        member = with_a_known_address()
        known = Member.objects.waiting().get()
        for do in ("correct", "without_email", "withdraw"):
            press(client, member, do, email=NEW)
        known.refresh_from_db()
        assert (known.status, known.email) == (Status.WAITING, cast.ADDRESS)
        assert list(Member.objects.all()) == [known]


class TestStrangersApplication:
    """Anyone can type an address; if they then cancel, its owner's link must still work."""

    @pytest.mark.parametrize(("do", "answers"), [("correct", {"email": NEW}), ("without_email", {}), ("withdraw", {})])
    def test_leaves_the_owners_link_unchanged(self, client, do, answers):
        owner = unconfirmed_application()
        link = cast.paths_in(OutgoingEmail.objects.get().body)[0]
        stranger = cast.ask(name="Somebody Else", message="other")
        owner.refresh_from_db()

        press(client, stranger, do, **answers)

        assert emails_to(cast.ADDRESS)[0].about == owner.about
        assert client.post(link).url == "/join/confirm/done/"
        owner.refresh_from_db()
        assert owner.status == Status.WAITING


class TestContinuingWithoutEmail:
    def test_the_address_is_deleted_and_the_application_waits_for_review(self, client):
        member = unconfirmed_application(newsletter=True)
        page = press(client, member, "without_email").content.decode()
        member.refresh_from_db()
        assert (member.status, member.email, member.email_index) == (Status.WAITING, "", None)
        assert (member.contact, member.newsletter, member.message) == ("none", False, cast.MESSAGE)
        assert (OutgoingEmail.objects.count(), MemberLink.objects.count()) == (0, 0)
        assert "Your request is with our volunteers." in page

    def test_a_flagged_one_waits_separately(self, client):
        member = cast.ask(flag_reason="honeypot")
        press(client, member, "without_email")
        member.refresh_from_db()
        assert (member.status, member.flag_reason) == (Status.ON_HOLD, "honeypot")

    def test_no_email_is_written_on_approval(self, client, admin_user):
        member = unconfirmed_application()
        press(client, member, "without_email")
        approve(Member.objects.filter(pk=member.pk), by=admin_user)
        assert OutgoingEmail.objects.count() == 0
        assert "You’re a member. Welcome!" in press(client, member).content.decode()


class TestWithdrawing:
    def test_everything_is_deleted_and_the_code_is_unknown(self, client):
        member = unconfirmed_application()
        assert "It’s done" in press(client, member, "withdraw").content.decode()
        counts = [model.objects.count() for model in (Member, MemberLink, OutgoingEmail)]
        assert counts == [0, 0, 0]
        assert "We can’t find anything with this code." in press(client, member).content.decode()

    def test_applying_and_withdrawing_repeatedly_fills_no_inbox(self, client):
        for _ in range(4):
            member = cast.ask()
            OutgoingEmail.objects.filter(state="pending").update(
                state="sent", sent_at=timezone.now(), to="", subject="", body=""
            )
            press(client, member, "withdraw")
        kept = OutgoingEmail.objects.all()
        assert [(one.to, one.subject, one.body, one.about) for one in kept] == [("", "", "", "")] * 2

    def test_an_email_with_an_unknown_state_is_deleted_too(self, client):
        member = unconfirmed_application()
        OutgoingEmail.objects.update(state="unknown")
        press(client, member, "withdraw")
        assert OutgoingEmail.objects.count() == 0
