"""Quick exit: leave the site in a moment."""

import ast

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, OperationalError
from django.test import Client

from s4jr.accounts.models import Session
from s4jr.security.cookies import device_cookie
from s4jr.security.submission_token import FormKind
from tests import make
from tests.reading import Page, words
from tests.test_architecture import OURS, ROOT

pytestmark = pytest.mark.django_db


def deleted_by(response):
    """Return the names of the cookies that a response deletes."""
    return sorted(name for name, cookie in response.cookies.items() if cookie["max-age"] == 0)


def test_exit_leads_to_the_neutral_page_without_referrer_and_clears_the_cache(client, settings):
    settings.QUICK_EXIT_URL = "https://weather.example/"
    response = client.get("/exit/")
    assert (response.status_code, response.headers["Location"]) == (303, "https://weather.example/")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert response.headers["Cache-Control"] == "no-store"


def test_exit_ends_the_session_on_the_server_and_in_the_browser(client, settings):
    make.signed_in_staff(client)
    client.get("/account/password/change/")
    kept = dict(client.cookies)
    ours = sorted([settings.CSRF_COOKIE_NAME, device_cookie(), settings.SESSION_COOKIE_NAME])
    assert (Session.objects.count(), sorted(kept)) == (1, ours)
    response = client.get("/exit/")
    assert Session.objects.count() == 0
    assert deleted_by(response) == sorted(kept)


def test_exit_deletes_the_cookies_of_an_https_site_too(client, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    client.cookies.load({"__Host-session": "gone", "__Host-csrftoken": "gone"})
    settings.SECURE = True
    cookies = client.get("/exit/").cookies
    assert sorted((c.key, c["max-age"], c["secure"], c["path"]) for c in cookies.values()) == [
        ("__Host-csrftoken", 0, True, "/"),
        ("__Host-left", "", True, "/"),
        ("__Host-session", 0, True, "/"),
    ]


def test_exit_deletes_every_cookie_that_we_set(client):
    client.cookies.load({"form": "a mark"})
    assert deleted_by(client.get("/exit/")) == ["form"]


ILLEGAL = ["a[b]", "x@y", "q(1)", "", "a b", "{}", "<a>", 'a"b', "é", "a/b", "a?b=c", "a:b", "a,b", "a\\b"]


@pytest.mark.parametrize("address", ["/exit/", "/fr/exit/", "/es/exit/"])
@pytest.mark.parametrize("name", ILLEGAL)
def test_exit_works_with_any_cookie_name_of_another_site(client, address, name):
    response = client.get(address, headers={"Cookie": f"form=ours; {name}=1"})
    assert (response.status_code, deleted_by(response)) == (303, ["form"])
    assert response.cookies["left"].value == "1"


def test_exit_deletes_only_cookies_of_this_site(client):
    client.cookies.load({"form": "a mark", "theirs": "something"})
    assert deleted_by(client.get("/exit/")) == ["form"]


def test_exit_knows_every_cookie_that_the_code_sets():
    """A FormKind, which registers its cookie with Exit, sign-in and Exit itself set cookies; Django sets the rest."""
    sets = [
        (path.relative_to(ROOT).as_posix(), node.func.attr)
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("set_cookie", "set_signed_cookie")
    ]
    security = [f"security/{file}.py" for file in ("known_device", "quick_exit", "submission_token")]
    files = ["accounts/passkey_challenge.py", *security]
    assert sorted(sets) == [(f"s4jr/{file}", "set_cookie") for file in files]
    assert {"appointing", "meeting", "form", "message", "offered", "written"} <= set(FormKind.cookies)


def guard_of(response):
    cookie = response.cookies["left"]
    return cookie.value, cookie["max-age"], cookie["expires"]


def test_a_second_exit_keeps_the_guard(client):
    assert guard_of(client.get("/exit/")) == ("1", "", "")
    assert guard_of(client.get("/exit/")) == ("1", "", "")
    assert "Nothing here" in client.get("/why/").content.decode()


PREFETCHES = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Purpose": "preview"},
    {"X-Moz": "prefetch"},
]


@pytest.mark.parametrize("headers", PREFETCHES)
def test_a_prefetch_sets_and_ends_nothing(client, headers):
    make.signed_in_staff(client)
    response = client.get("/exit/", headers=headers)
    assert (response.status_code, list(response.cookies), Session.objects.count()) == (503, [], 1)
    assert "Location" not in response.headers


def test_a_prefetch_after_exit_keeps_the_guard(client):
    client.get("/exit/")
    client.get("/exit/", headers={"Sec-Purpose": "prefetch"})
    assert "Nothing here" in client.get("/why/").content.decode()


def test_exit_leaves_one_httponly_session_cookie(client):
    [cookie] = client.get("/exit/").cookies.values()
    assert (cookie.key, cookie.value, cookie["max-age"], cookie["expires"]) == ("left", "1", "", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("address", ["/", "/join/", "/manage/", "/account/login/", "/nothing-here/", "/meetings.ics"])
def test_after_exit_every_page_is_the_neutral_page(client, address):
    client.get("/exit/")
    response = client.get(address)
    page = Page(response.content.decode())
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert (words(page.one(tag="title")), words(page.one(tag="h1"))) == ("Nothing here", "Nothing here. Continue?")


def test_the_neutral_page_names_no_cause_at_any_url(client):
    client.get("/exit/")
    text = client.get("/why/").content.decode().lower()
    assert [word for word in settings.COALITION_WORDS if word in text] == []


def test_the_neutral_page_takes_no_queries(client, django_assert_num_queries):
    make.signed_in_staff(client)
    client.cookies.load({"left": "1"})
    with django_assert_num_queries(0):
        client.get("/manage/")


def test_a_form_sent_after_exit_is_not_processed(client):
    client.get("/exit/")
    assert "Nothing here" in client.post("/join/", {"name": "Ann Exampleton"}).content.decode()


def test_the_neutral_page_uses_the_language_of_the_url(client):
    client.get("/exit/")
    page = Page(client.get("/fr/why/").content.decode())
    assert (page.one(tag="html")["lang"], page.one(tag="form")["action"]) == ("fr-ca", "/fr/exit/")


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [("/why/?x=1", "/why/?x=1"), ("", "/"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("why", "/")],
)
def test_continue_deletes_the_cookie_and_stays_on_the_site(client, back, leads_to):
    client.get("/exit/")
    response = client.post("/exit/", {"back": back})
    assert (response.status_code, response.headers["Location"]) == (303, leads_to)
    assert deleted_by(response) == ["left"]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_other_sites_cannot_submit_continue(origin):
    client = Client()
    client.get("/exit/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    response = strict.post("/exit/", headers={"Origin": origin} if origin else {})
    assert (response.status_code, response.cookies.get("left")) == (403, None)


def break_sessions(monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    for act in ("load", "save", "delete", "exists"):
        monkeypatch.setattr(f"django.contrib.sessions.backends.db.SessionStore.{act}", fail)


@pytest.mark.parametrize("error", [DatabaseError, OperationalError, ValueError, UpdateError])
def test_exit_works_whatever_happens_to_the_session(client, monkeypatch, error):
    make.signed_in_staff(client)
    break_sessions(monkeypatch, error)
    response = client.get("/exit/")
    assert (response.status_code, response.cookies["left"].value) == (303, "1")
    assert settings.SESSION_COOKIE_NAME in deleted_by(response)


@pytest.mark.parametrize(
    "broken", ["s4jr.security.quick_exit._leave", "s4jr.security.quick_exit.LeftMiddleware.__call__"]
)
def test_exit_works_whatever_fails_in_the_site(client, monkeypatch, broken):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(broken, fail)
    client.raise_request_exception = False
    client.cookies.load({"form": "a mark"})
    response = client.get("/exit/")
    assert (response.status_code, response.headers["Location"]) == (303, settings.QUICK_EXIT_URL)
    assert (response.cookies["left"].value, deleted_by(response)) == ("1", ["form"])


def test_exit_works_with_a_request_that_other_views_refuse(client):
    refused = {"query_params": {"a": "\0"}}
    assert (client.get("/why/", **refused).status_code, client.get("/exit/", **refused).status_code) == (400, 303)
    assert client.get("/exit/", headers={"Host": "elsewhere.example"}).status_code == 303


def test_exit_works_in_every_language(client):
    assert [client.get(f"{prefix}/exit/").status_code for prefix in ("", "/fr", "/es")] == [303] * 3


def test_exit_without_a_session_takes_no_queries(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/exit/")
