import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from s4jr.content.files import file_for
from s4jr.content.markdown import LONGEST
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from tests.make import person_who_signs_in, second_factor, sign_in, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

ADDRESS = "/words/our-why/?language=en&back=/why/"


@pytest.fixture
def editor(client):
    """A volunteer whose only permission is to edit texts."""
    volunteer = signed_in_staff(client, superuser=False)
    volunteer.user_permissions.add(Permission.objects.get(codename="change_textblock"))
    return volunteer


def row():
    return TextBlock.objects.get(key="our-why", language="en")


def page_of(response):
    return Page(response.content.decode())


def fill_in(client, address=ADDRESS, **fields):
    """Open the form, change the named fields, and submit the rest unchanged, as a browser does."""
    page = page_of(client.get(address))
    box, seen = page.one(id="id_text"), page.all(name="seen")[0]
    return client.post(address, {"text": box["text"].lstrip("\n"), "seen": seen["value"], **fields})


def test_an_editor_fixes_a_typo_on_the_home_page_in_four_clicks(client, editor):
    home = page_of(client.get("/"))
    (edit_this,) = [link for link in home.all(class_="edit-this") if link["aria-label"] == "Edit this: Our Why:"]
    box = page_of(client.get(edit_this["href"])).one(id="id_text")["text"].lstrip("\n")
    saved = fill_in(client, edit_this["href"], text=box.replace("ableism", "ableism (mended)"), action="save")
    assert saved.headers["Location"] == "/#text-block-our-why"
    again = page_of(client.get("/"))
    assert "ableism (mended)" in words(again.one(id="text-block-our-why"))


def test_other_readers_see_the_edit_with_their_next_request(client, editor):
    fill_in(client, text="# Our Why:\n\nA mended text.")
    assert "A mended text." in Client().get("/why/").content.decode()


def test_the_page_shows_the_whole_current_text(client, editor):
    assert page_of(client.get(ADDRESS)).one(id="id_text")["text"].strip() == file_for("our-why", "en").text


def test_a_preview_shows_the_text_and_saves_nothing(client, editor):
    response = fill_in(client, text="# Our Why:\n\nOnly *looking*.", action="preview")
    assert "<p>Only <em>looking</em>.</p>" in response.content.decode()
    assert row().edit == ""


def test_a_previewed_text_can_be_saved(client, editor):
    page = page_of(fill_in(client, text="# Our Why:\n\nOnly *looking*.", action="preview"))
    client.post(ADDRESS, {"text": page.one(id="id_text")["text"], "seen": page.all(name="seen")[0]["value"]})
    assert row().edit == "# Our Why:\n\nOnly *looking*."


def test_an_empty_field_restores_the_text_of_the_file(client, editor):
    rewrite_text(row(), "# Edited", by=editor)
    assert "Go back to the original text" in client.get(ADDRESS).content.decode()
    fill_in(client, text="")
    assert row().edit == ""


def test_saving_without_a_change_stores_nothing(client, editor):
    fill_in(client)
    assert (row().edit, row().revisions.count()) == ("", 0)


def test_the_second_of_two_editors_sees_the_conflict_and_decides(client, editor):
    seen = page_of(client.get(ADDRESS)).all(name="seen")[0]["value"]
    rewrite_text(row(), "# Theirs", by=None)
    response = client.post(ADDRESS, {"text": "# Mine", "seen": seen})
    assert "Someone changed this text while you were writing" in response.content.decode()
    assert row().edit == "# Theirs"
    page = page_of(response)
    client.post(ADDRESS, {"text": page.one(id="id_text")["text"], "seen": page.all(name="seen")[0]["value"]})
    assert row().edit == "# Mine"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("No title.", "Start the first line with # and a space, then the title"),
        ("# Long\n\n" + "x" * LONGEST, f"{LONGEST} characters or fewer"),
        ("# Our Why:\n\nDear {name}", "Words in curly brackets are filled in later"),
    ],
)
def test_an_invalid_text_is_not_saved(client, editor, text, problem):
    response = fill_in(client, text=text)
    assert problem in response.content.decode()
    assert row().edit == ""


def test_an_email_keeps_its_placeholders(client, editor, monkeypatch):
    monkeypatch.setattr(TextBlock, "file_text", "# Hello {name}\n\nPress {link}")
    assert "{link}, {name}" in fill_in(client, text="# Hello {name}").content.decode()
    assert fill_in(client, text="# Good day {name}\n\nPress {link}").status_code == 302


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "example.org", ""]
)
def test_the_editor_redirects_only_within_this_site(client, editor, back):
    response = fill_in(client, f"/words/our-why/?language=en&back={back}")
    assert response.headers["Location"] == "/#text-block-our-why"


@pytest.mark.parametrize("address", ["no-such-text/", "our-why/?language=tlh", "land-acknowledgement/?language=es"])
def test_a_missing_text_is_404(client, editor, address):
    assert client.get(f"/words/{address}").status_code == 404


def test_a_visitor_sees_no_link_to_edit_and_is_asked_to_sign_in(client):
    assert page_of(client.get("/")).all(class_="edit-this") == []
    response = client.get(ADDRESS)
    assert response.status_code == 302
    assert "/words/our-why/" not in response.headers.get("Set-Cookie", "")


def test_a_volunteer_without_the_permission_cannot_edit(client):
    signed_in_staff(client, superuser=False)
    assert page_of(client.get("/")).all(class_="edit-this") == []
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"text": "# Changed", "seen": ""}).status_code == 403
    assert row().edit == ""


def test_an_admin_who_has_not_given_the_second_factor_cannot_edit(client):
    ada = person_who_signs_in("ada", is_staff=True, is_superuser=True)
    second_factor(ada)
    sign_in(client, ada)
    assert page_of(client.get("/")).all(class_="edit-this") == []
    assert client.post(ADDRESS, {"text": "# Changed", "seen": ""}).status_code == 302
    assert row().edit == ""


def test_an_admin_without_a_second_factor_sees_no_link_and_cannot_edit(client):
    sign_in(client, person_who_signs_in("ada", is_staff=True, is_superuser=True))
    home = page_of(client.get("/"))
    assert home.all(class_="staff-bar") != []
    assert home.all(class_="edit-this") == []
    assert client.post(ADDRESS, {"text": "# Changed", "seen": ""}).status_code == 302
    assert row().edit == ""


def test_a_user_who_is_not_staff_cannot_edit_even_with_the_permission(client):
    imogen = person_who_signs_in()
    imogen.user_permissions.add(Permission.objects.get(codename="change_textblock"))
    sign_in(client, imogen)
    assert page_of(client.get("/")).all(class_="edit-this") == []
    assert client.get(ADDRESS).status_code == 404


def test_browsers_do_not_store_a_page_with_edit_links(client, editor):
    assert client.get("/").headers["Cache-Control"] == "no-store"


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_page_takes_as_many_queries_for_many_edit_links_as_for_one(client, editor):
    client.get("/")  # the first request of a session may save the session
    its_representatives_and_next_meeting = 2
    assert queries(client, "/") == queries(client, "/agreement/") + its_representatives_and_next_meeting
