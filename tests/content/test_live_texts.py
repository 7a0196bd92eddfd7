import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from s4jr.content.files import file_for
from s4jr.content.live_texts import UnknownText, split, text_block
from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts, rewrite_text, show_texts
from tests.make import admin

pytestmark = pytest.mark.django_db


def edit(key, text, language="en"):
    row, _ = TextBlock.objects.get_or_create(key=key, language=language)
    rewrite_text(row, text, by=None)


def test_a_text_is_its_file_until_it_is_edited():
    text = text_block("our-why", "en")
    assert (text.title, text.language, text.is_edited, text.is_hidden) == ("Our Why:", "en", False, False)


def test_an_edit_replaces_the_file():
    edit("our-why", "# Another title\n\nAnother body.")
    text = text_block("our-why", "en")
    assert (text.title, text.markdown, text.html, text.is_edited) == (
        "Another title",
        "Another body.",
        "<p>Another body.</p>\n",
        True,
    )


def test_an_email_gets_its_source_text():
    edit("our-why", "# For {name}\n\nPress *this*: {link}\n\n  - kept as <it> is & was")
    text = text_block("our-why", "en")
    assert (text.title, text.markdown) == ("For {name}", "Press *this*: {link}\n\n  - kept as <it> is & was")


def test_a_language_without_a_translation_shows_english():
    edit("land-acknowledgement", "# Edited\n\nIn English.")
    text = text_block("land-acknowledgement", "es")
    assert (text.title, text.language) == ("Edited", "en")


def test_a_language_with_a_translation_shows_it():
    edit("our-why", "# Pourquoi\n\nEn français.", language="fr-ca")
    assert text_block("our-why", "fr-ca").title == "Pourquoi"


def test_an_unknown_key_is_an_error():
    with pytest.raises(UnknownText, match="no-such-text"):
        text_block("no-such-text", "en")


def test_a_hidden_text_is_empty():
    hide_texts(TextBlock.objects.filter(key="people/marlee-liss"), by=admin())
    text = text_block("people/marlee-liss", "en")
    assert (text.is_hidden, text.html, text.items, text.linked) == (True, "", [], [])


def test_hiding_and_showing_cover_every_language():
    edit("people/marlee-liss", "# Notre fondatrice\n\nMarlee.", language="fr-ca")
    ada = admin()
    hide_texts(TextBlock.objects.filter(key="people/marlee-liss", language="en"), by=ada)
    assert text_block("people/marlee-liss", "fr-ca").html == ""
    show_texts(TextBlock.objects.filter(key="people/marlee-liss", language="en"), by=ada)
    assert text_block("people/marlee-liss", "fr-ca").html == "<p>Marlee.</p>\n"


def test_an_edit_equal_to_the_file_is_not_stored():
    edit("our-why", "# Edited")
    edit("our-why", file_for("our-why", "en").text.replace("\n", "\r\n") + "\r\n")
    row = TextBlock.objects.get(key="our-why", language="en")
    assert (row.edit, row.edited_from) == ("", "")


def test_a_revision_keeps_the_replaced_text_and_the_editor():
    ada = admin()
    row = TextBlock.objects.get(key="our-why", language="en")
    rewrite_text(row, "# First", by=ada)
    rewrite_text(row, "# Second", by=ada)
    rewrite_text(row, "# Second", by=ada)
    kept = row.revisions.values_list("text", "replaced_by")
    assert list(kept) == [("# First", ada.pk), (row.file_text, ada.pk)]


def test_an_edit_is_outdated_once_its_file_has_changed():
    edit("our-why", "# Edited")
    edit("pathway", "# Edited")
    TextBlock.objects.filter(key="our-why").update(edited_from="the digest of an older file")
    assert [row.key for row in TextBlock.objects.outdated()] == ["our-why"]


def test_after_an_edit_all_texts_of_a_page_take_two_queries(django_assert_num_queries):
    edit("our-why", "# Edited")
    page = Template(
        '{% load text_blocks %}{% text_block "our-why" as a %}'
        '{% text_block "pathway" as b %}{% text_block "support" as c %}'
        "{{ a.title }}|{{ b.title }}|{{ c.title }}"
    )
    with django_assert_num_queries(2), translation.override("en"):
        shown = page.render(Context({"request": RequestFactory().get("/")}))
    assert shown == "Edited|A Pathway Forward:|Get help now"


def test_a_text_without_a_title_line_has_only_a_body():
    assert split("No title.") == ("", "No title.")
