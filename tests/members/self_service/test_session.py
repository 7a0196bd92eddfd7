"""A visit ends after 20 idle minutes, at Exit, at sign-out and with its credential; its text isn't lost."""

import html
import json

import pytest
from django.test import Client

from members.models import Member
from members.retention import erase_members
from members.self_service.credentials import make_new_code
from members.self_service.secret_word import word_hash
from members.self_service.views import ACTIONS
from s4jr.accounts.models import Session
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)` sets a later time."""
    import time

    real, past = time.time, [0]
    monkeypatch.setattr("members.self_service.session.time.time", lambda: real() + past[0])

    def later(minutes):
        past[0] += minutes * 60

    return later


def is_open(client):
    return "Change your information" in client.get("/my-details/").content.decode()


def test_it_starts_a_session_with_a_new_key(client, member, come_in_by_link):
    client.session.save()
    make.sign_in(client, make.person_who_signs_in())
    before = client.session.session_key
    come_in_by_link(member)
    assert client.session.session_key != before


def test_the_session_contains_no_answers(member, come_in_by_link):
    come_in_by_link(member)
    [session] = Session.objects.all()
    assert set(session.get_decoded()["details"]) == {"member", "proof", "mark", "beside", "word", "until", "ends"}


def test_its_cookie_ends_with_the_browser(client, member, come_in_by_link):
    come_in_by_link(member)
    assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == {"csrftoken": "", "session": ""}


def test_each_request_adds_twenty_minutes(client, member, come_in_by_link, clock):
    come_in_by_link(member)
    clock(19)
    assert is_open(client)
    clock(19)
    assert is_open(client)
    clock(21)
    assert not is_open(client)


def test_two_hours_after_its_start_it_ends_despite_activity(client, member, come_in_by_link, clock):
    come_in_by_link(member)
    seen = []
    for _ in range(9):
        clock(15)
        seen.append(is_open(client))
    assert seen == [True] * 7 + [False] * 2


class TestItsCredential:
    def move_elsewhere(self, member):
        there = cast.application(email="new@mailbox.example")
        Member.objects.filter(pk=member.pk).update(email=there.email, email_index=there.email_index)

    def test_started_by_a_link_it_ends_when_the_address_changes(self, client, member, come_in_by_link):
        come_in_by_link(member)
        self.move_elsewhere(member)
        assert "new@mailbox.example" not in client.get("/my-details/").content.decode()
        assert not is_open(client)

    def test_started_by_a_code_it_ends_when_the_code_is_replaced(self, client, member, come_in_by_code):
        come_in_by_code(member)
        make_new_code(member, right_away=True)
        assert not is_open(client)

    def test_a_change_of_the_other_one_does_not_end_it(self, client, member, come_in_by_code, come_in_by_link):
        come_in_by_code(member)
        self.move_elsewhere(member)
        assert is_open(client)
        member.refresh_from_db()
        come_in_by_link(member)
        make_new_code(member, right_away=True)
        assert is_open(client)

    def test_it_continues_if_it_made_the_change_itself(self, client, member, come_in_by_link):
        come_in_by_link(member)
        client.post("/my-details/change/address/", {"email": "new@mailbox.example"})
        [email] = OutgoingEmail.objects.filter(kind="confirm-change")
        client.post(cast.paths_in(email.body)[0])
        assert is_open(client)
        client.post("/my-details/change/letters/", {"contact": "none", "language": "en"})
        assert is_open(client)

    def test_a_visit_elsewhere_ends_when_the_new_inbox_confirms(self, client, member, come_in_by_link):
        come_in_by_link(member)
        client.post("/my-details/change/address/", {"email": "new@mailbox.example"})
        [email] = OutgoingEmail.objects.filter(kind="confirm-change")
        Client().post(cast.paths_in(email.body)[0])
        assert not is_open(client)

    def test_creating_a_new_code_with_code_and_word_does_not_end_it(self, client, member, come_in_by_code):
        Member.objects.filter(pk=member.pk).update(word_hash=word_hash("heron lake"))
        come_in_by_code(member)
        client.post("/my-details/", {"do": "give_word", "word": "heron lake"})
        client.post("/my-details/press/new-code/")
        assert is_open(client)


def test_exit_ends_it(client, member, come_in_by_link):
    come_in_by_link(member)
    client.get("/exit/")
    assert (is_open(client), Session.objects.count()) == (False, 0)


def test_signing_out_ends_it(client, member, come_in_by_link):
    come_in_by_link(member)
    client.post("/my-details/press/close/")
    assert (is_open(client), Session.objects.count()) == (False, 0)


def test_signing_out_keeps_a_signed_in_user_signed_in(client, member, come_in_by_link):
    make.sign_in(client, make.person_who_signs_in())
    come_in_by_link(member)
    client.post("/my-details/press/close/")
    assert (is_open(client), "_auth_user_id" in client.session) == (False, True)


def test_it_ends_when_the_member_is_deleted(client, member, come_in_by_link):
    come_in_by_link(member)
    erase_members(member.row)
    assert not is_open(client)


def test_without_one_its_pages_redirect_to_sign_in(client):
    for path in ("/my-details/change/help/", "/my-details/all/show/"):
        assert client.get(path).url == "/my-details/"


@pytest.mark.parametrize("word", ACTIONS)
def test_without_one_an_action_redirects_to_sign_in(client, member, word):
    answer = client.post(f"/my-details/press/{word}/")
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, "You were signed out to keep you safe" in page) == (200, True)


def test_the_name_of_a_button_is_not_shown_as_what_they_typed(client):
    answer = client.post("/my-details/press/withdraw/", {"do": "withdraw"})
    assert "This is what you typed" not in answer.content.decode()


class TestTextTypedAfterItsEnd:
    NEEDS = 'captions & "breaks"'

    @pytest.fixture
    def answer(self, client, member, come_in_by_link, clock):
        come_in_by_link(member)
        clock(21)
        typed = {"ways_to_help": ["media", "policy"], "access_needs": self.NEEDS}
        return client.post("/my-details/change/help/", typed)

    def test_it_is_shown_and_nothing_is_changed(self, answer, member):
        page = html.unescape(answer.content.decode())
        member.refresh_from_db()
        assert ("You were signed out to keep you safe" in page, self.NEEDS in page) == (True, True)
        assert member.access_needs == "captions"

    def test_after_a_code_its_form_contains_it_again_and_a_button_saves_it(self, client, answer, member):
        form = answer.context["code_form"]
        carried = {name: form[name].value() for name in ("part", "typed")}
        page = client.post("/my-details/", {"code": code_of_form(member.form_token), **carried})
        box = page.context["form"]
        assert (box["access_needs"].value(), box["ways_to_help"].value()) == (self.NEEDS, ["media", "policy"])
        member.refresh_from_db()
        assert member.access_needs == "captions"

    def test_a_secret_word_is_never_carried(self, client, member, come_in_by_link, clock):
        come_in_by_link(member)
        clock(21)
        page = client.post("/my-details/change/word/", {"word": "heron lake", "again": "heron lake"}).content.decode()
        assert "heron lake" not in page

    @pytest.mark.parametrize(
        "typed",
        [
            "[1]", "nonsense", "[" * 15_000, "[" * 60_000, "1" * 5_000, '{"access_needs": {"a": 1}}',
            '{"access_needs": [[]]}', '{"access_needs": ["\\ud800"]}', f'{{"access_needs": ["{"a" * 20_000}"]}}',
        ],
        ids=range(9),
    )  # fmt: skip
    @pytest.mark.parametrize("code_is_right", [True, False])
    def test_unexpected_fields_break_nothing(self, client, member, typed, code_is_right):
        code = code_of_form(member.form_token) if code_is_right else "AAAA-AAAA-AAAA"
        answer = client.post("/my-details/", {"code": code, "part": "help", "typed": typed}, follow=True)
        assert (answer.status_code, is_open(client)) == (200, code_is_right)

    def test_a_wrong_code_does_not_lose_it(self, client, answer):
        form = answer.context["code_form"]
        carried = {name: form[name].value() for name in ("part", "typed")}
        again = client.post("/my-details/", {"code": "AAAA-AAAA-AAAA", **carried}).context["code_form"]
        assert json.loads(again["typed"].value()) == json.loads(carried["typed"])


def test_two_in_one_browser_do_not_mix(client, member, come_in_by_link, come_in_by_code):
    other = cast.waiting(email="other@mailbox.example", name="Somebody Else")
    come_in_by_link(other)
    come_in_by_code(member)
    page = client.get("/my-details/").content.decode()
    assert ("Somebody Else" in page, member.number in page) == (False, True)
    assert Member.objects.count() == 2
