"""The site shows the coalition's own text word for word. The tests compare files, not later edits by admins."""

import re
from pathlib import Path

import pytest

from s4jr.content.files import file_for
from s4jr.content.live_texts import split
from tests.reading import Page, words

SEED = (Path(__file__).parent.parent / "data" / "coalition-home-page.txt").read_text(encoding="utf-8")

#: The text blocks of home, in order. A key alone means title and body.
HOME = [
    "who-we-are.body",
    "what-we-do.body",
    "join-the-coalition.title",
    "our-why",
    "not-in-our-name",
    "pathway",
    "join-the-coalition.title",
    "join-the-coalition",
    "justice.title",
    "people/marlee-liss",
    "people/gwenith-kikkawa",
    "representatives",
]


def plain(markdown):
    """Return the Markdown as one line of plain text."""
    without_links = re.sub(r"\[([^]]*)\]\(statistic:[\w-]+\)", r"\1", markdown)
    return " ".join(re.sub(r"^- ", "", without_links, flags=re.MULTILINE).split())


def part(name):
    key, _, which = name.partition(".")
    title, body = split(file_for(key, "en").text)
    return plain({"title": title, "body": body, "": f"{title}\n{body}"}[which])


def test_the_files_of_home_are_the_seed_word_for_word():
    assert " ".join(part(name) for name in HOME).strip() == " ".join(SEED.split())


def test_the_first_heading_is_the_coalitions_own_first_sentence():
    assert part("who-we-are.title") == "We lead with hope and humanity."


@pytest.mark.django_db
def test_home_shows_every_line_of_the_seed_in_its_order(client):
    page = client.get("/").content.decode()
    shown = words(Page(page).one(id="main"))
    place = 0
    for line in filter(None, (" ".join(line.split()) for line in SEED.splitlines())):
        assert line in shown[place:]
        place = shown.index(line, place) + len(line)


@pytest.mark.django_db
def test_the_seven_sentences_are_a_list_of_seven(client):
    steps = Page(client.get("/pathway/").content.decode()).all(class_="pathway__step")
    sentences = [line for line in SEED.splitlines() if line.startswith("We ")][1:8]
    assert [words(step) for step in steps] == [sentence.strip() for sentence in sentences]


METHODS = re.search("Through (.*), we aim", SEED)[1].replace("and ", "").split(", ")


def ways(client, address="/what-we-do/"):
    """Return, for each of the four methods, its name, the number of sentences about it, and its link."""
    page = client.get(address).content.decode()
    section = page[page.index('id="text-block-four-methods"') : page.index('id="text-block-join-the-coalition"')]
    found = re.findall(r'<h3>(.*?)</h3>\s*<p>(.*?)</p>\s*<p><a href="(.*?)"', section)
    return [(name, len(re.findall(r"[.?](?:\s|$)", said)), to) for name, said, to in found]


@pytest.mark.django_db
def test_what_we_do_names_the_four_methods_in_the_coalitions_words_with_links(client):
    leads = ["/meetings/", "/press/", "/justice/", "/contact/"]
    assert ways(client) == [(method, 2, to) for method, to in zip(METHODS, leads, strict=True)]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_four_methods_are_explained_in_each_language(client, language):
    leads = ["/meetings/", "/press/", "/justice/", "/contact/"]
    said = [(sentences, to) for _name, sentences, to in ways(client, f"/{language}/what-we-do/")]
    assert said == [(2, f"/{language}{to}") for to in leads]


@pytest.mark.django_db
def test_every_method_links_to_a_page(client):
    assert [client.get(to).status_code for _name, _sentences, to in ways(client)] == [200] * 4
