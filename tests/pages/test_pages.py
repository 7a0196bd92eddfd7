from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import is_valid_path
from django.utils import translation

from pages.models import SupportLine, TeamMember
from s4jr.content import cache_version
from s4jr.content.files import all_files, file_for
from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts, rewrite_text
from s4jr.days import easternmost_today
from tests.make import admin, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

#: The queries of a page besides the one for the current cache version: home counts representatives
#: and asks for the next meeting.
QUERIES = {
    "/": 2,
    "/what-we-do/": 0,
    "/why/": 0,
    "/pathway/": 0,
    "/justice/": 0,
    "/people/": 0,
    "/press/": 0,
    "/agreement/": 0,
    "/privacy/": 0,
    "/accessibility/": 0,
    "/sources/": 0,
    "/support/": 0,
    "/safety/": 0,
    "/calm/": 0,
    "/why/gently/": 0,
}
DRAFT = "Part of this page is a draft. It hasn’t been confirmed yet."
DRAFT_FOR_ADMINS = "Draft. The coalition hasn’t confirmed it yet."
DRAFTS = [
    "/what-we-do/", "/justice/", "/press/", "/agreement/", "/privacy/", "/accessibility/", "/support/", "/safety/",
    "/calm/", "/why/gently/",
]  # fmt: skip


def main_of(client, address):
    return Page(client.get(address).content.decode()).one(id="main")


@pytest.mark.parametrize(("address", "queries"), QUERIES.items())
def test_within_a_second_a_page_takes_no_queries_for_texts(
    client, address, queries, settings, django_assert_num_queries
):
    settings.CACHE_VERSION_SECONDS = 3600
    TextBlock.objects.update(edited_from="an older file")
    cache_version.cache_version_for(), client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize(("address", "queries"), QUERIES.items())
def test_after_a_second_a_page_checks_the_cache_version(client, address, queries, django_assert_num_queries):
    client.get(address)
    with django_assert_num_queries(queries + 1):
        client.get(address)


@pytest.mark.parametrize("address", QUERIES)
def test_a_reading_page_may_be_cached_and_sets_no_cookie(client, address):
    response = client.get(address)
    assert (response.status_code, response.headers["Cache-Control"], dict(response.cookies)) == (200, "no-cache", {})


@pytest.mark.parametrize("address", QUERIES)
def test_a_page_has_one_h1_and_unique_ids(client, address):
    page = Page(client.get(address).content.decode())
    ids = [element["id"] for element in page.elements if "id" in element]
    assert [element["tag"] for element in page.elements].count("h1") == 1
    assert sorted(ids) == sorted(set(ids))


def said_with(client, address, class_):
    return [words(e) for e in Page(client.get(address).content.decode()).all(class_=class_)]


@pytest.mark.parametrize("address", [*DRAFTS, "/join/"])
def test_a_draft_has_one_quiet_line_at_the_foot_of_the_page(client, address):
    page = client.get(address).content.decode()
    assert page.index('class="draft"') > page.index("</main>")
    assert (said_with(client, address, "draft"), page.count("Draft.")) == ([DRAFT], 0)


@pytest.mark.parametrize("address", DRAFTS)
def test_admins_see_a_notice_about_drafts(client, address):
    signed_in_staff(client)
    assert said_with(client, address, "draft") == []
    assert DRAFT_FOR_ADMINS in said_with(client, address, "notice")


@pytest.mark.parametrize(("language", "start"), [("fr", "Une partie de cette page"), ("es", "Parte de esta página")])
def test_an_unconfirmed_translation_says_so_once(client, language, start):
    (line,) = said_with(client, f"/{language}/justice/", "draft")
    assert line.startswith(start)


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("address", sorted(QUERIES))
def test_every_link_of_a_page_stays_in_its_language(client, language, address):
    links = Page(client.get(f"/{language}{address}").content.decode()).all(tag="a")
    ours = [link["href"] for link in links if link.get("href", "").startswith("/") and "hreflang" not in link]
    with translation.override({"fr": "fr-ca"}.get(language, language)):
        elsewhere = [link for link in ours if link[:4] != f"/{language}/" and is_valid_path(f"/{language}{link}")]
    assert (elsewhere, len(ours) > 10) == ([], True)


def test_a_hidden_draft_does_not_count(client):
    hide_texts(TextBlock.objects.filter(key="press"), by=admin())
    assert said_with(client, "/press/", "draft") == []


def test_the_coalitions_own_words_are_not_a_draft(client):
    assert said_with(client, "/why/", "draft") == []


def test_a_translated_page_marks_untranslated_text_as_english(client, monkeypatch):
    monkeypatch.delitem(all_files(), ("agreement", "fr-ca"), raising=False)
    heading = Page(client.get("/fr/agreement/").content.decode()).one(class_="band__head")
    assert heading["lang"] == "en"


def test_a_hidden_page_says_so_and_shows_no_text(client):
    ada = admin()
    hide_texts(TextBlock.objects.filter(key="press"), by=ada)
    main = main_of(client, "/press/")["text"]
    assert "This text isn’t on the site right now." in main
    assert "Consent comes first" not in main


def test_the_support_text_has_no_unchecked_phone_number():
    assert not any(character.isdigit() and character != "2" for character in file_for("support", "en").text)


@pytest.mark.parametrize(("language", "promise"), [("", "list"), ("/fr", "liste"), ("/es", "lista")])
def test_support_promises_no_list_until_a_line_is_published(client, language, promise):
    SupportLine.objects.update(is_published=False)
    assert promise not in main_of(client, f"{language}/support/")["text"].lower().split()


def test_an_empty_team_page_says_what_to_do(client):
    TeamMember.objects.update(consent_until=easternmost_today() - timedelta(days=1))
    page = Page(client.get("/people/").content.decode())
    assert [words(box) for box in page.all(class_="notice")] == [
        "No one is listed here right now. Find your representative"
    ]


def test_every_reading_page_has_language_prefixes(client):
    assert [client.get(f"/es{address}").status_code for address in QUERIES] == [200] * len(QUERIES)
    assert settings.LANGUAGE_CODE == "en"


def test_the_land_acknowledgement_is_shown_once_the_coalition_has_written_it(client):
    assert "text-block-land-acknowledgement" not in client.get("/").content.decode()
    row = TextBlock.objects.get(key="land-acknowledgement", language="en")
    rewrite_text(row, "# Where we are\n\nWords of their own.", by=admin())
    section = Page(client.get("/").content.decode()).one(id="text-block-land-acknowledgement")
    assert words(section) == "Where we are Words of their own."
