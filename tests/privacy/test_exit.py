"""Leaving in a blink."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client

from tests import make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def deleted_by(response):
    """The names of the cookies that an answer takes away."""
    return sorted(name for name, cookie in response.cookies.items() if cookie["max-age"] == 0)


def test_leaving_goes_to_the_neutral_page_with_no_referrer_and_empties_the_cache(client, settings):
    settings.QUICK_EXIT_URL = "https://weather.example/"
    response = client.get("/exit/")
    assert (response.status_code, response.headers["Location"]) == (303, "https://weather.example/")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert response.headers["Cache-Control"] == "no-store"


def test_leaving_ends_the_session_on_the_server_and_in_the_browser(client, settings):
    make.signed_in_staff(client)
    client.get("/account/password/change/")
    kept = dict(client.cookies)
    assert (Session.objects.count(), sorted(kept)) == (1, [settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME])
    response = client.get("/exit/")
    assert Session.objects.count() == 0
    assert deleted_by(response) == sorted(kept)


def test_leaving_deletes_the_cookies_of_a_site_on_https_too(client, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    client.cookies.load({"__Host-session": "gone", "__Host-csrftoken": "gone"})
    settings.SECURE = True
    cookies = client.get("/exit/").cookies
    assert sorted((c.key, c["max-age"], c["secure"], c["path"]) for c in cookies.values()) == [
        ("__Host-csrftoken", 0, True, "/"),
        ("__Host-left", "", True, "/"),
        ("__Host-session", 0, True, "/"),
    ]


def test_leaving_takes_whatever_cookie_we_set_along(client):
    client.cookies.load({"form": "a mark"})
    assert deleted_by(client.get("/exit/")) == ["form"]


def test_leaving_leaves_one_cookie_that_ends_with_the_browser_and_that_no_script_reads(client):
    [cookie] = client.get("/exit/").cookies.values()
    assert (cookie.key, cookie.value, cookie["max-age"], cookie["expires"]) == ("left", "1", "", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("address", ["/", "/join/", "/manage/", "/account/login/", "/nothing-here/", "/meetings.ics"])
def test_who_left_sees_the_neutral_page_everywhere(client, address):
    client.get("/exit/")
    response = client.get(address)
    page = Page(response.content.decode())
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert (words(page.one(tag="title")), words(page.one(tag="h1"))) == ("Nothing here", "Nothing here. Continue?")


def test_the_neutral_page_names_no_cause_whatever_it_stands_in_for(client):
    client.get("/exit/")
    text = client.get("/why/").content.decode().lower()
    assert [word for word in settings.COALITION_WORDS if word in text] == []


def test_the_neutral_page_asks_the_database_nothing(client, django_assert_num_queries):
    make.signed_in_staff(client)
    client.cookies.load({"left": "1"})
    with django_assert_num_queries(0):
        client.get("/manage/")


def test_what_was_sent_meanwhile_is_not_taken(client):
    client.get("/exit/")
    assert "Nothing here" in client.post("/join/", {"name": "Ann Exampleton"}).content.decode()


def test_the_neutral_page_speaks_the_language_of_the_address(client):
    client.get("/exit/")
    page = Page(client.get("/fr/why/").content.decode())
    assert (page.one(tag="html")["lang"], page.one(tag="form")["action"]) == ("fr-ca", "/fr/exit/")


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [("/why/?x=1", "/why/?x=1"), ("", "/"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("why", "/")],
)
def test_continue_takes_the_cookie_away_and_stays_here(client, back, leads_to):
    client.get("/exit/")
    response = client.post("/exit/", {"back": back})
    assert (response.status_code, response.headers["Location"]) == (303, leads_to)
    assert deleted_by(response) == ["left"]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_nobody_else_can_press_continue(origin):
    client = Client()
    client.get("/exit/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    response = strict.post("/exit/", headers={"Origin": origin} if origin else {})
    assert (response.status_code, response.cookies.get("left")) == (403, None)


def test_leaving_works_when_the_database_is_away(client, monkeypatch):
    make.signed_in_staff(client)

    def away(self):
        raise DatabaseError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.delete", lambda *args: away(args))
    assert client.get("/exit/").status_code == 303


def test_leaving_works_in_every_language(client):
    assert [client.get(f"{prefix}/exit/").status_code for prefix in ("", "/fr", "/es")] == [303] * 3


def test_leaving_asks_the_database_nothing_without_a_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/exit/")
