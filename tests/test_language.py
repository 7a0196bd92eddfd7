"""The language is in the address: no cookie and no header chooses it."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from s4jr.language import in_language, language_of


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "en"), ("/join/", "en"), ("/fr/", "fr-ca"), ("/fr/join/", "fr-ca"), ("/es/why/", "es"), ("/french/", "en")],
)
def test_an_address_tells_its_language(path, language):
    assert language_of(path) == language


@pytest.mark.parametrize(("language", "address"), [("en", "/join/"), ("fr-ca", "/fr/join/"), ("es", "/es/join/")])
def test_addresses_are_made_in_the_language_that_is_spoken(language, address):
    with translation.override(language):
        assert reverse("join") == address


@pytest.mark.django_db
def test_neither_cookie_nor_header_chooses(client):
    client.cookies["django_language"] = "fr-ca"
    response = client.get("/why/", headers={"Accept-Language": "fr-CA"})
    assert (response["Content-Language"], "Accept-Language" in response.get("Vary", "")) == ("en", False)


@pytest.mark.django_db
def test_a_page_in_another_language_says_so(client):
    response = client.get("/fr/why/")
    assert response["Content-Language"] == "fr-ca"
    assert '<html lang="fr-ca">' in response.content.decode()


def test_english_has_no_prefix(client):
    assert client.get("/en/why/").status_code == 404


def test_health_is_outside_the_languages(client):
    assert client.get("/fr/healthz").status_code == 404


@pytest.mark.parametrize(
    ("path", "french", "english"),
    [("/", "/fr/", "/"), ("/fr/", "/fr/", "/"), ("/join/", "/fr/join/", "/join/"), ("/es/why/", "/fr/why/", "/why/")],
)
def test_a_page_is_found_in_each_language_from_any_other(path, french, english):
    assert (in_language(path, "fr-ca"), in_language(path, "en")) == (french, english)


@pytest.mark.django_db
def test_the_switch_comes_after_skip_and_exit_and_keeps_the_page_and_what_was_asked(client):
    page = client.get("/es/representatives/?place=CA-ON&q=care").text
    addresses = re.findall(r'<a [^>]*href="([^"]+)"', page)
    assert addresses[:5] == [
        "/es/exit/",
        "#main",
        "/representatives/?place=CA-ON&amp;q=care",
        "/fr/representatives/?place=CA-ON&amp;q=care",
        "/es/representatives/?place=CA-ON&amp;q=care",
    ]
    assert '<a href="/fr/representatives/?place=CA-ON&amp;q=care" lang="fr-ca" hreflang="fr-ca">Français</a>' in page


@pytest.mark.django_db
def test_the_switch_stores_nothing(client):
    assert client.get("/fr/").cookies == {}
