"""The URL sets the language: no cookie and no header changes it."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from s4jr.language import in_language, language_of


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "en"), ("/join/", "en"), ("/fr/", "fr-ca"), ("/fr/join/", "fr-ca"), ("/es/why/", "es"), ("/french/", "en")],
)
def test_a_url_sets_its_language(path, language):
    assert language_of(path) == language


@pytest.mark.parametrize(("language", "address"), [("en", "/join/"), ("fr-ca", "/fr/join/"), ("es", "/es/join/")])
def test_reverse_uses_the_active_language(language, address):
    with translation.override(language):
        assert reverse("join") == address


@pytest.mark.django_db
def test_neither_cookie_nor_header_sets_the_language(client):
    client.cookies["django_language"] = "fr-ca"
    response = client.get("/why/", headers={"Accept-Language": "fr-CA"})
    assert (response["Content-Language"], "Accept-Language" in response.get("Vary", "")) == ("en", False)


@pytest.mark.django_db
def test_a_translated_page_has_a_lang_attribute(client):
    response = client.get("/fr/why/")
    assert response["Content-Language"] == "fr-ca"
    assert '<html lang="fr-ca">' in response.content.decode()


def test_english_has_no_prefix(client):
    assert client.get("/en/why/").status_code == 404


def test_health_checks_have_no_language(client):
    assert client.get("/fr/healthz").status_code == 404


@pytest.mark.parametrize(
    ("path", "french", "english"),
    [("/", "/fr/", "/"), ("/fr/", "/fr/", "/"), ("/join/", "/fr/join/", "/join/"), ("/es/why/", "/fr/why/", "/why/")],
)
def test_each_page_links_to_its_other_languages(path, french, english):
    assert (in_language(path, "fr-ca"), in_language(path, "en")) == (french, english)


@pytest.mark.django_db
def test_the_switch_follows_skip_and_exit_and_keeps_path_and_query(client):
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
