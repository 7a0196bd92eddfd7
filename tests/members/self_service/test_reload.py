"""The page of a new code or calendar address can be reloaded for ten minutes without creating another."""

import time

import pytest

from members.models import CredentialChange, Member, OwnCalendar
from members.self_service.session import SHOWN_AGAIN
from s4jr.security.status_code import code_hash
from tests import make
from tests.members.self_service.visitors import Visitor

pytestmark = pytest.mark.django_db

CODE, CALENDAR = "/my-details/new-code/", "/my-details/own-calendar/make/"
MAKE = {CODE: ("/my-details/press/new-code/", {}), CALENDAR: (CALENDAR, {"do": "make", "shows": "all"})}
AFTERWARDS = {CODE: "we can’t look it up", CALENDAR: "It’s in the calendar"}
both = pytest.mark.parametrize("page", MAKE)


def press(client, page):
    """Creates one; returns it as the next page shows it."""
    address, answers = MAKE[page]
    response = client.post(address, answers)
    assert (response.status_code, response.url) == (302, page)
    return shown(client, page)


def shown(client, page):
    context = client.get(page).context
    return context.get("code") or context.get("address") or ""


def stored_credentials():
    """Returns all that identifies a credential in the database."""
    changes = CredentialChange.objects.values_list("value_hash", "made_at")
    return [*Member.objects.values_list("code_hash"), *OwnCalendar.objects.values_list("secret_hash"), *changes]


def let_pass(monkeypatch, seconds):
    later = time.time() + seconds
    monkeypatch.setattr("s4jr.security.reload_state.time.time", lambda: later)


@both
@pytest.mark.parametrize("way", ["come_in_by_both", "come_in_by_link"])
def test_a_reload_shows_the_same_one_and_creates_none(request, client, member, page, way):
    request.getfixturevalue(way)(member)
    new, before = press(client, page), stored_credentials()
    again = client.get(page)
    assert (new != "", shown(client, page), again["Cache-Control"]) == (True, new, "no-store")
    assert (new in again.content.decode(), stored_credentials()) == (True, before)


@both
def test_ten_minutes_later_the_page_says_where_it_is(client, member, come_in_by_both, monkeypatch, page):
    come_in_by_both(member)
    new = press(client, page)
    let_pass(monkeypatch, 10 * 60)
    text = client.get(page).content.decode()
    assert (new in text, AFTERWARDS[page] in text, {*SHOWN_AGAIN} & {*client.session.keys()}) == (False, True, set())


@both
def test_the_session_stores_it_encrypted(client, member, come_in_by_both, page):
    come_in_by_both(member)
    new = press(client, page)
    assert new.rpartition("/")[2] not in str(dict(client.session.items()))


@both
def test_no_other_session_of_theirs_shows_it(client, member, come_in_by_both, page):
    come_in_by_both(member)
    other = Visitor()
    new = press(client, page)
    other.by_link(member)
    response = other.client.get(page)
    assert (response.status_code, new in response.content.decode()) == (200, False)


@both
@pytest.mark.parametrize("ending", ["exit", "close"])
def test_exit_or_sign_out_ends_it_even_for_a_signed_in_user(client, member, come_in_by_both, page, ending):
    client.force_login(make.person_who_signs_in("ada"))
    come_in_by_both(member)
    press(client, page)
    client.get("/exit/") if ending == "exit" else client.post("/my-details/press/close/")
    client.cookies.pop("left", None)
    assert ({*SHOWN_AGAIN} & {*client.session.keys()}, client.get(page).status_code) == (set(), 302)


@both
def test_another_visit_in_the_same_browser_does_not_show_it(client, member, come_in_by_both, come_in_by_link, page):
    come_in_by_both(member)
    press(client, page)
    come_in_by_link(member)
    assert shown(client, page) == ""


@both
def test_one_that_no_longer_works_is_not_shown(client, member, come_in_by_both, page):
    come_in_by_both(member)
    first, second = press(client, page), press(client, page)
    assert (first != second, shown(client, page)) == (True, second)
    Member.objects.update(code_hash=code_hash("AAAA-BBBB-CCCC"))
    OwnCalendar.objects.all().delete()
    response = client.get(page)  # the visit by the earlier code has ended, or shows none
    assert second not in response.content.decode()


def test_a_revoked_address_leaves_the_page(client, member, come_in_by_both):
    come_in_by_both(member)
    new = press(client, CALENDAR)
    client.post(CALENDAR, {"do": "revoke"})
    assert (new in client.get(CALENDAR).content.decode(), {*SHOWN_AGAIN} & {*client.session.keys()}) == (False, set())


@both
def test_visitors_who_are_not_signed_in_are_asked_to(client, page):
    assert client.get(page).url == "/my-details/"


def test_the_page_of_a_code_accepts_no_form(client, member, come_in_by_both):
    come_in_by_both(member)
    assert client.post(CODE).status_code == 405


def test_with_a_code_alone_there_is_no_such_page(client, member, come_in_by_code):
    come_in_by_code(member)
    assert client.get(CODE).status_code == 404
