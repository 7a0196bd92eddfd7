"""After a CSRF failure a public form keeps what the visitor typed, and no other site can fill it in."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from members.models import Member
from tests import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
WORDS = 'First line, with a <tag> & a "quote".\nSecond line.'
JOIN = {"name": cast.NAME, "contact": "discreet", "email": cast.ADDRESS, "agreement": "on", "consent": "on",
        "place": "Ontario", "ways_to_help": ["policy", "media"], "message": WORDS,
        "step": "check"}  # fmt: skip


@pytest.fixture
def browser():
    """A client with CSRF checks, as in a browser."""
    return Client(enforce_csrf_checks=True)


def values_in(response):
    """Return {name: values} that the page would submit."""
    held = {}
    for field in Page(response.content.decode()).all(tag="input"):
        held.setdefault(field["name"], []).append(field["value"])
    return held


def answers_in(response):
    page = Page(response.content.decode())
    return dict(zip(map(words, page.all(tag="dt")), map(words, page.all(tag="dd")), strict=True))


def test_the_page_shows_the_typed_text(browser):
    response = browser.post("/join/", JOIN, headers=OURS)
    assert response.status_code == 403
    shown = answers_in(response)
    assert shown["What should we call you?"] == cast.NAME
    assert shown["State, province or country"] == "Ontario"
    assert shown["Ways I might like to help"] == "Policy advocacy, Educational media campaigns"
    assert shown["Anything you’d like us to know"] == WORDS.replace("\n", "")
    assert Member.objects.count() == 0


def test_one_button_submits_everything_again(browser):
    response = browser.post("/join/?chapter=x", {**JOIN, "csrfmiddlewaretoken": "old"}, headers=OURS)
    held = values_in(response)
    [token] = held.pop("csrfmiddlewaretoken")
    assert held == {name: value if isinstance(value, list) else [value] for name, value in JOIN.items()}
    page = Page(response.content.decode())
    [form], [button] = page.all(tag="form"), page.all(tag="button")
    assert (form["action"], words(button)) == ("/join/?chapter=x", "Try again")

    again = browser.post(form["action"], {**held, "csrfmiddlewaretoken": token}, headers=OURS)
    assert (again.status_code, b"Check your answers" in again.content) == (200, True)


NOBODY = "00000000-0000-4000-8000-000000000000"  # the CSRF check comes before the member lookup
STRANGERS_FORMS = [
    "/join/", "/fr/join/", "/contact/", f"/meetings/{NOBODY}/come/", f"/representatives/{NOBODY}/write/",
    "/representatives/would-you/", "/chapters/start/",
]  # fmt: skip


@pytest.mark.parametrize("address", STRANGERS_FORMS)
def test_each_public_form_keeps_the_typed_text(browser, address):
    response = browser.post(address, {"name": cast.NAME, "website": ""}, headers=OURS)
    assert (response.status_code, values_in(response).get("name")) == (403, [cast.NAME])


FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "another port": {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver:8080"},
    "an old browser on another site": {"Origin": "https://evil.example"},
    "another scheme": {"Origin": "https://testserver"},
    "no origin": {"Origin": "null"},
    "a sandbox": {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    "nothing said": {},
    "only the origin is ours": {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    "only the site is ours": {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    "typed into the address": {"Sec-Fetch-Site": "none"},
}


@pytest.mark.parametrize("address", STRANGERS_FORMS)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_form_from_another_site_is_not_filled_in(browser, headers, address):
    response = browser.post(address, JOIN, headers=headers)
    text = response.content.decode()
    assert (response.status_code, cast.NAME in text, "<form" in text) == (403, False, False)
    assert f'href="{address}">' in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
    ids=["by Sec-Fetch-Site", "by Origin", "without a referrer"],
)
def test_one_of_the_two_headers_is_enough(browser, headers):
    assert values_in(browser.post("/join/", JOIN, headers=headers))["name"] == [cast.NAME]


@pytest.mark.parametrize(
    "address",
    ["/manage/login/", "/account/login/", "/my-details/", "/contact/answer/", "/representatives/answer/", "/exit/"],
)
def test_no_other_form_is_kept(browser, address):
    response = browser.post(address, {**JOIN, "password": "secret"}, headers=OURS)
    assert (response.status_code, cast.NAME in response.content.decode()) == (403, False)


def views_that_keep(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views_that_keep(pattern.url_patterns)
        elif hasattr(pattern.callback, "refused_form_classes"):
            yield pattern.name


def test_only_public_forms_keep_anything():
    kept = set(views_that_keep(get_resolver().url_patterns))
    assert kept == {"join", "contact", "rsvp", "write_to", "become_representative", "start_chapter"}


def test_no_secret_is_kept_even_if_a_form_lists_one(browser):
    response = browser.post("/join/", {**JOIN, "word": "heron", "password": "secret"}, headers=OURS)
    assert (response.status_code, "heron" in response.content.decode()) == (403, False)


def test_the_page_links_only_to_exit(browser):
    """Other links would lose the typed text."""
    page = Page(browser.post("/join/", JOIN, headers=OURS).content.decode())
    assert {link["href"] for link in page.all(tag="a")} == {"/exit/", "#main"}


def test_both_cookies_are_samesite_lax():
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")
