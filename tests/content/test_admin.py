import pytest
from django.conf import settings

from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts, rewrite_text
from tests.chapters.cast import person
from tests.make import signed_in_staff
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db

LIST = f"/{settings.ADMIN_PATH}content/textblock/"


@pytest.fixture
def ada(client):
    return signed_in_staff(client)


def row(key):
    return TextBlock.objects.get(key=key, language="en")


def keys(client, **query):
    return [text_block.key for text_block in client.get(LIST, query).context["cl"].result_list]


def press(client, action, *found):
    return client.post(LIST, {"action": action, "_selected_action": [p.pk for p in found]}, follow=True)


def test_the_list_filters_edited_outdated_and_hidden_texts(client, ada):
    rewrite_text(row("our-why"), "# Edited", by=ada)
    rewrite_text(row("pathway"), "# Edited", by=ada)
    TextBlock.objects.filter(key="pathway").update(edited_from="an older file")
    hide_texts(TextBlock.objects.filter(key="press"), by=ada)
    assert keys(client, state="edited") == ["our-why", "pathway"]
    assert keys(client, state="outdated") == ["pathway"]
    assert set(keys(client, state="hidden")) == {"press"}  # in each of its languages


def test_the_list_shows_the_state_of_a_text_in_words(client, ada):
    rewrite_text(row("pathway"), "# Edited", by=ada)
    TextBlock.objects.filter(key="pathway").update(edited_from="an older file", is_hidden=True)
    page = client.get(LIST, {"q": "pathway"}).content.decode()
    assert "hidden, outdated: the original changed, edited" in page


def test_a_bio_is_hidden_and_shown_again(client, ada):
    bio = row("people/gwenith-kikkawa")
    assert "1 text hidden." in press(client, "hide", bio).content.decode()
    assert "Gwenith" not in client.get("/people/").content.decode()
    assert "1 text shown again." in press(client, "show_again", bio).content.decode()
    assert "Gwenith" in client.get("/people/").content.decode()


def test_edits_are_reverted_and_counted(client, ada):
    rewrite_text(row("our-why"), "# Edited", by=ada)
    page = press(client, "revert", row("our-why"), row("pathway")).content.decode()
    assert "1 text went back to its original." in page
    assert row("our-why").edit == ""
    assert row("our-why").revisions.first().text == "# Edited"


def test_texts_cannot_be_added_deleted_or_changed_here(client, ada):
    bio = row("our-why")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{bio.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIST}{bio.pk}/change/", {"edit": "# Changed", "is_hidden": "on"})
    assert (row("our-why").edit, row("our-why").is_hidden) == ("", False)


def test_a_text_shows_its_earlier_versions(client, ada):
    rewrite_text(row("our-why"), "# An earlier edit", by=ada)
    rewrite_text(row("our-why"), "# A later edit", by=ada)
    assert "# An earlier edit" in client.get(f"{LIST}{row('our-why').pk}/change/").content.decode()


def test_the_list_takes_as_many_queries_for_thirty_texts_as_for_one(client, ada):
    """Each was edited by somebody else."""
    texts = iter(TextBlock.objects.all()[:30])
    address = f"{LIST}?state=edited"
    one, thirty = for_one_and_thirty(
        lambda number: rewrite_text(next(texts), "# Edited", by=person(f"bram{number}")), lambda: client.get(address)
    )
    assert (one, client.get(address).content.decode().count(">bram")) == (thirty, 30)


@pytest.mark.parametrize("address", ["{list}{pk}/change/", "/words/our-why/?language=en&back=/why/"])
def test_a_text_takes_as_many_queries_for_thirty_earlier_versions_as_for_one(client, ada, address):
    """Each was replaced by somebody else."""
    text = row("our-why")
    address = address.format(list=LIST, pk=text.pk)
    one, thirty = for_one_and_thirty(
        lambda number: rewrite_text(text, f"# Edit {number}", by=person(f"bram{number}")), lambda: client.get(address)
    )
    assert (one, text.revisions.count()) == (thirty, 30)
