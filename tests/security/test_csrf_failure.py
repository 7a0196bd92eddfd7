"""A form whose CSRF token is refused: what a stranger typed is not lost, and no other site can fill it in."""

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
    """A client that is asked for tokens, as a browser is."""
    return Client(enforce_csrf_checks=True)


def flagged_in(response):
    """{name: values} of what the page would send."""
    held = {}
    for field in Page(response.content.decode()).all(tag="input"):
        held.setdefault(field["name"], []).append(field["value"])
    return held


def answers_in(response):
    page = Page(response.content.decode())
    return dict(zip(map(words, page.all(tag="dt")), map(words, page.all(tag="dd")), strict=True))


def test_the_page_shows_what_was_typed_in_words(browser):
    response = browser.post("/join/", JOIN, headers=OURS)
    assert response.status_code == 403
    shown = answers_in(response)
    assert shown["What should we call you?"] == cast.NAME
    assert shown["State, province or country"] == "Ontario"
    assert shown["Ways I might like to help"] == "Policy advocacy, Educational media campaigns"
    assert shown["Anything you’d like us to know"] == WORDS.replace("\n", "")
    assert Member.objects.count() == 0


def test_one_button_sends_all_of_it_again(browser):
    response = browser.post("/join/?chapter=x", {**JOIN, "csrfmiddlewaretoken": "old"}, headers=OURS)
    held = flagged_in(response)
    [token] = held.pop("csrfmiddlewaretoken")
    assert held == {name: value if isinstance(value, list) else [value] for name, value in JOIN.items()}
    page = Page(response.content.decode())
    [form], [button] = page.all(tag="form"), page.all(tag="button")
    assert (form["action"], words(button)) == ("/join/?chapter=x", "Try again")

    again = browser.post(form["action"], {**held, "csrfmiddlewaretoken": token}, headers=OURS)
    assert (again.status_code, b"Check your answers" in again.content) == (200, True)


NOBODY = "00000000-0000-4000-8000-000000000000"  # a token is asked for before anyone is looked up
STRANGERS_FORMS = [
    "/join/", "/fr/join/", "/contact/", f"/meetings/{NOBODY}/come/", f"/representatives/{NOBODY}/write/",
    "/representatives/would-you/", "/chapters/start/",
]  # fmt: skip


@pytest.mark.parametrize("address", STRANGERS_FORMS)
def test_each_form_that_strangers_send_keeps_what_was_typed(browser, address):
    response = browser.post(address, {"name": cast.NAME, "website": ""}, headers=OURS)
    assert (response.status_code, flagged_in(response).get("name")) == (403, [cast.NAME])


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
def test_a_form_from_elsewhere_is_not_filled_in(browser, headers, address):
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
    assert flagged_in(browser.post("/join/", JOIN, headers=headers))["name"] == [cast.NAME]


@pytest.mark.parametrize(
    "address",
    ["/manage/login/", "/account/login/", "/my-details/", "/contact/answer/", "/representatives/answer/", "/exit/"],
)
def test_no_other_form_is_held(browser, address):
    response = browser.post(address, {**JOIN, "password": "secret"}, headers=OURS)
    assert (response.status_code, cast.NAME in response.content.decode()) == (403, False)


def views_that_keep(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views_that_keep(pattern.url_patterns)
        elif hasattr(pattern.callback, "refused_form_classes"):
            yield pattern.name


def test_only_the_forms_of_strangers_keep_anything():
    kept = set(views_that_keep(get_resolver().url_patterns))
    assert kept == {"join", "contact", "rsvp", "write_to", "become_representative", "start_chapter"}


def test_no_secret_is_held_even_where_a_form_names_one(browser):
    response = browser.post("/join/", {**JOIN, "word": "heron", "password": "secret"}, headers=OURS)
    assert (response.status_code, "heron" in response.content.decode()) == (403, False)


def test_the_page_leads_nowhere_but_out(browser):
    """A link would lose what is on it."""
    page = Page(browser.post("/join/", JOIN, headers=OURS).content.decode())
    assert {link["href"] for link in page.all(tag="a")} == {"/exit/", "#main"}


def test_both_cookies_come_along_with_a_link_from_another_site():
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")
