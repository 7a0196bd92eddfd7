"""The community agreement: an application records the version it agreed to, which stays readable."""

from datetime import date

import pytest

from members.applications import agreement
from members.applications.agreement import KEY, VERSIONS, AgreementVersion, earlier_texts
from members.models import Member
from s4jr.content.files import file_for
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from tests import cast, make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
PAGE = "/agreement/versions/"
USUAL = {"name": cast.NAME, "contact": "none", "agreement": "on", "consent": "on"}


@pytest.fixture
def edit():
    by = make.admin()

    def edit(text, language="en"):
        rewrite_text(TextBlock.objects.get(key=KEY, language=language), text, by=by)

    return edit


def test_the_text_in_git_is_the_newest_version():
    """A change of the agreement adds a version and keeps the old text: see `members/applications/agreement.py`."""
    assert file_for(KEY, "en").digest[:16] == VERSIONS[0].digest


def test_versions_are_listed_newest_first_and_fit_their_column():
    assert list(VERSIONS) == sorted(VERSIONS, key=lambda version: version.begins_on, reverse=True)
    assert max(len(version.name) for version in VERSIONS) <= Member._meta.get_field("agreement_version").max_length


def test_the_join_form_shows_the_version_and_saves_it(client):
    page = client.get("/join/").content.decode()
    assert "Version “2026-11 draft,” from November 29, 2026." in page
    client.post("/join/", USUAL)
    assert Member.objects.get().agreement_version == "2026-11 draft"


def test_an_edit_on_the_site_is_a_new_version(client, edit):
    edit("# Our community agreement\n\nAnother text.")
    day = TextBlock.objects.get(key=KEY, language="en").updated_at.date()
    assert f"Version “{day}," in client.get("/join/").content.decode()
    client.post("/join/", USUAL)
    assert Member.objects.get().agreement_version == f"{day}"


def test_a_reader_of_another_language_agrees_to_its_text(client, edit):
    edit("# Our community agreement\n\nAnother text.")
    client.post("/es/join/", USUAL)
    assert Member.objects.get().agreement_version == "2026-11 draft"


def test_the_page_of_versions_links_to_the_text_and_the_earlier_ones(client, edit):
    edit("# Our community agreement\n\nThe **second** text.")
    page = Page(client.get(PAGE).content.decode())
    text = words(page.one(id="main"))
    assert "What is shared here stays here." in text
    assert "The second text." not in text
    assert [link["href"] for link in page.all(tag="a") if link["href"] == "/agreement/"] != []


def test_the_last_of_several_edits_in_a_day_counts(edit):
    for number in range(3):
        edit(f"# Our community agreement\n\nText {number}.")
    assert [old.markdown for old in earlier_texts("en")] == ["Text 1."]


def test_text_of_an_earlier_release_exists_in_each_language_or_in_english(monkeypatch, tmp_path):
    older = AgreementVersion("2025-05", date(2025, 5, 1))
    monkeypatch.setattr(agreement, "VERSIONS", (*VERSIONS, older))
    monkeypatch.setattr(agreement, "OLD_TEXTS", tmp_path)
    for language, text in (("en", "# Agreement\n\nOf old."), ("es", "# Acuerdo\n\nDe antes.")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "2025-05-01.md").write_text(text)
    found = {language: earlier_texts(language)[0] for language in ("en", "es", "fr-ca")}
    assert {language: (old.language, old.title, old.markdown) for language, old in found.items()} == {
        "en": ("en", "Agreement", "Of old."),
        "es": ("es", "Acuerdo", "De antes."),
        "fr-ca": ("en", "Agreement", "Of old."),
    }
    assert found["en"].ended_on == VERSIONS[0].begins_on


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_without_an_earlier_version_the_page_says_so(client, language):
    response = client.get(f"{language}{PAGE}")
    assert (response.status_code, response.cookies) == (200, {})


def test_the_agreement_links_to_its_versions(client):
    page = Page(client.get("/agreement/").content.decode())
    assert PAGE in [link["href"] for link in page.all(tag="a")]
