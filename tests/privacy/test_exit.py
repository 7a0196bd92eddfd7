"""Leaving in a blink."""

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError

from tests import make

pytestmark = pytest.mark.django_db


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
    assert {name: cookie["max-age"] for name, cookie in response.cookies.items()} == dict.fromkeys(kept, 0)


def test_leaving_deletes_the_cookies_of_a_site_on_https_too(client, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    client.cookies.load({"__Host-session": "gone", "__Host-csrftoken": "gone"})
    cookies = client.get("/exit/").cookies
    assert sorted((c.key, c["max-age"], c["secure"], c["path"]) for c in cookies.values()) == [
        ("__Host-csrftoken", 0, True, "/"),
        ("__Host-session", 0, True, "/"),
    ]


def test_leaving_takes_whatever_cookie_we_set_along(client):
    client.cookies.load({"form": "a mark"})
    assert {name: cookie["max-age"] for name, cookie in client.get("/exit/").cookies.items()} == {"form": 0}


def test_leaving_without_cookies_sets_none(client):
    assert client.get("/exit/").cookies == {}


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
