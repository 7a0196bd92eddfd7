"""The guide is a page of the admin, with its pictures, and is part of what is deployed."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from s4jr.content.markdown import render_document
from tests import make
from tests.reading import Page, words

GUIDE = reverse("admin_guide")
GUIDE_TEXT = Path(settings.BASE_DIR, "docs", "first-hour.md").read_text()
PICTURES = sorted(path.stem for path in Path(settings.BASE_DIR, "docs", "first-hour").glob("*.png"))


@pytest.mark.django_db
def test_an_admin_reads_it_with_its_tables_and_pictures(client):
    make.signed_in_staff(client)
    page = Page(client.get(GUIDE).content.decode())
    assert words(page.one(tag="h1")) == "Your first hour as an admin"
    assert len(page.all(tag="table")) == GUIDE_TEXT.count("\n|---")
    sources = [e["src"] for e in page.all(tag="img")]
    assert sources == [reverse("admin_guide_picture", args=[name]) for name in ("inbox", "one-person", "not-now")]
    answers = [client.get(source) for source in sources]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [(200, "image/png")] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["no-such-picture", "..", "..%2Fadmin"])
def test_no_other_file_is_served(client, name):
    make.signed_in_staff(client)
    assert client.get(f"/words/guide/{name}.png", follow=True).status_code == 404


@pytest.mark.django_db
def test_a_visitor_signs_in_first_and_a_representative_finds_nothing(client):
    assert client.get(GUIDE)["Location"] == f"/account/login/?next={GUIDE}"
    make.sign_in(client, make.person_who_signs_in())
    assert [client.get(address).status_code for address in (GUIDE, f"{GUIDE}inbox.png")] == [404, 404]


def test_the_image_that_is_deployed_holds_it():
    ignored = Path(settings.BASE_DIR, ".dockerignore").read_text().splitlines()
    kept = ignored[ignored.index("docs/*") + 1 :][:2]
    assert (kept, "docs" in ignored) == (["!docs/first-hour.md", "!docs/first-hour"], False)


def test_every_picture_is_in_the_guide():
    assert [name for name in PICTURES if f"(first-hour/{name}.png)" not in GUIDE_TEXT] == []


def test_a_document_is_rendered_without_raw_html_and_with_ids():
    html = render_document(
        "## Find *your* way\n\n<script>alert(1)</script>\n\n![A hut](hut.png)\n", lambda path: f"/{path}"
    )
    assert "<script>" not in html
    assert ('<h2 id="find-your-way">' in html, '<img src="/hut.png" alt="A hut">' in html) == (True, True)
