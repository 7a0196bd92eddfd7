"""Readers can skip descriptions of violence, and page titles do not name the coalition."""

import html
import re

import pytest
from django.conf import settings

from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts
from tests.make import admin
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

PAGES = [
    "/", "/what-we-do/", "/why/", "/why/gently/", "/pathway/", "/justice/", "/people/", "/press/", "/agreement/",
    "/privacy/", "/accessibility/", "/sources/", "/support/", "/safety/", "/calm/", "/join/", "/my-details/",
    "/contact/", "/representatives/", "/chapters/", "/meetings/", "/account/login/", "/nothing-here/",
]  # fmt: skip
#: Words that describe abuse. "Survivor" is not among them: the coalition's name says it.
DETAILS = re.compile(r"sexual|assault|rape|abuse|retaliat|criminalized|re-traumatized|\d", re.IGNORECASE)


def html_of(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_title_is_only_the_pages_own_name(client, address):
    page = Page(html_of(client, address))
    title, heading = words(page.all(tag="title")[0]), words(page.all(tag="h1")[0])
    assert [mark for mark in ("|", "–", " - ", "S4JR", "Survivors", "Coalition") if mark in title] == []
    assert set(re.findall(r"\w+", title.casefold())) & set(re.findall(r"\w+", heading.casefold()))


@pytest.mark.parametrize("address", ["/", "/why/", "/join/", "/calm/"])
def test_the_preview_of_a_shared_link_names_no_cause(client, address):
    card = [e for e in Page(html_of(client, address)).all(tag="meta") if e.get("property", "").startswith("og:")]
    told = " ".join(line["content"] for line in card).lower()
    assert sorted(line["property"] for line in card) == ["og:description", "og:title"]
    assert [word for word in settings.COALITION_WORDS if word in told] == []


@pytest.mark.parametrize(("address", "past"), [("/", "#text-block-pathway"), ("/why/", "/pathway/")])
def test_a_content_note_with_skip_links_precedes_text_about_violence(client, address, past):
    html = html_of(client, address)
    note = html[html.index('class="content-note') : html.index('id="text-block-our-why"')]
    assert re.findall(r'href="([^"]+)"', note) == [past, "/why/gently/"]
    assert past[1:] in html


def test_a_content_note_is_hidden_with_its_text(client):
    hide_texts(TextBlock.objects.filter(key="our-why"), by=admin())
    assert "content-note" not in html_of(client, "/")


def test_join_comes_before_the_content_note_on_home(client):
    html = html_of(client, "/")
    assert html.index('class="button button--join" href="/join/"') < html.index('class="content-note')


@pytest.mark.parametrize("address", ["/calm/", "/why/gently/"])
def test_a_gentle_page_has_no_details_or_figures_and_links_to_join(client, address):
    page = Page(html_of(client, address))
    assert DETAILS.search(words(page.one(id="main"))) is None
    assert "/join/" in [element["href"] for element in page.all(tag="a")]


def test_the_calm_page_has_no_pictures_and_is_short(client):
    page = Page(html_of(client, "/calm/"))
    inside = page.elements[page.elements.index(page.one(id="main")) :]
    assert [e["tag"] for e in inside if e["tag"] in {"img", "svg", "figure", "picture"}] == []
    assert len(words(page.one(id="main")).split()) < 200


def test_the_join_form_explains_exit_in_a_fold(client):
    assert "What Exit can and can’t do" in html.unescape(html_of(client, "/join/"))
