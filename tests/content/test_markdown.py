from dataclasses import dataclass

import pytest
from django.utils import translation

from s4jr.content.markdown import render, render_items
from tests.reading import Page

HARMLESS = "/%22%20onmouseover=alert(1)%20x=%22"


@dataclass
class Thing:
    link_words: str = "source: a <thing>"
    link_address: str = "/sources/#a-thing"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a picture](https://example.org/pixel.png)",
        "[press me](javascript:alert(1))",
        "[press me](data:text/html,<script>alert(1)</script>)",
        '<a href="/" onclick="alert(1)" style="color:red">a</a>',
        "<iframe src=https://example.org></iframe>",
        '[a](</" onmouseover=alert(1) x=">)',
    ],
)
def test_a_text_cannot_run_scripts_or_load_files(hostile):
    elements = Page(render(hostile)).elements
    assert {element["tag"] for element in elements} <= {"a", "p"}
    assert {name for element in elements for name in element} <= {"tag", "text", "href", "rel"}
    assert {element.get("href", "") for element in elements} <= {"", HARMLESS}


def test_basic_markdown_becomes_basic_html():
    html = render("Some **bold** words.\n\n- one\n- two")
    assert html == "<p>Some <strong>bold</strong> words.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"


def test_a_link_to_another_site_sends_no_referrer():
    html = render("[there](https://example.org/)")
    assert html == '<p><a href="https://example.org/" rel="noreferrer">there</a></p>\n'


@pytest.mark.parametrize(
    "address", ["mailto:jane@example.org", "&#109;ailto:jane", "mailto&colon;jane", "tel:+15550100"]
)
def test_only_the_sites_own_texts_have_mailto_and_tel_links(address):
    text = f"[there]({address})"
    assert ["href=" in html for html in (render(text), render(text, {}))] == [False, True]
    assert "href=" in render_items(f"- {text}", {})[0]


def test_a_heading_in_a_text_is_never_an_h1():
    assert render("# Again") == "<h2>Again</h2>\n"


def test_a_trailing_star_becomes_the_link_of_a_reference_and_adds_no_words():
    html = render("So *many of them*[, and more*](statistic:a-thing).", {"statistic:a-thing": Thing()})
    link = '<a class="star" href="/sources/#a-thing" aria-label="source: a &lt;thing&gt;" rel="noreferrer">*</a>'
    assert html == f"<p>So <em>many of them</em>, and more{link}.</p>\n"


def test_without_a_star_the_words_of_a_reference_are_the_link():
    html = render("So [many *of them*](statistic:a-thing).", {"statistic:a-thing": Thing()})
    assert html == '<p>So <a href="/sources/#a-thing" rel="noreferrer">many <em>of them</em></a>.</p>\n'


def test_an_unknown_reference_keeps_its_words():
    assert render("So [many](statistic:unknown).") == "<p>So many.</p>\n"


def test_list_items_are_rendered_one_by_one():
    assert render_items("Before.\n\n- *one*\n- two\n\nAfter.") == ["<em>one</em>", "two"]


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("/safety/", "/fr/safety/"),
        ("/", "/fr/"),
        ("/meetings/?kind=open#next", "/fr/meetings/?kind=open#next"),
        ("/es/safety/", "/es/safety/"),
        ("/meetings.ics", "/meetings.ics"),
        ("/nowhere-at-all/", "/nowhere-at-all/"),
        ("https://example.org/safety/", "https://example.org/safety/"),
        ("//example.org/safety/", "//example.org/safety/"),
        ("#below", "#below"),
    ],
)
def test_internal_links_get_the_language_of_the_page(written, leads_to):
    with translation.override("fr-ca"):
        assert f'href="{leads_to}"' in render(f"[there]({written})", {})
    assert f'href="{written}"' in render(f"[there]({written})", {})
