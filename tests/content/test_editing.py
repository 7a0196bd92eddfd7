from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content.files import digest, file_for
from s4jr.content.markdown import LONGEST
from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts, rewrite_text, show_texts
from tests.make import person_who_signs_in, second_factor, sign_in, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

ADDRESS = "/words/our-why/?language=en&back=/why/"
LANGUAGES = ("English", "Français", "Español")
#: In place of “ableism,”, which the seed writes with its comma.
CHANGED_WORDS = [("del", "ableism,"), ("ins", "ableism (mended),")]


@contextmanager
def between_check_and_save(act):
    """Let another admin act after the form compared the text with what was seen, before the transaction that saves."""
    steps = ["content_textblock", "SAVEPOINT"]

    def notice(execute, sql, params, many, context):
        if steps and steps[0] in sql:
            steps.pop(0)
            if not steps:
                act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(notice):
        yield
    assert steps == []


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


def test_an_editor_fixes_a_typo_on_the_home_page_in_three_presses(client, editor):
    """Edit this, a click into the text, Save. The next page says what changed and links to where it is live."""
    home = page_of(client.get("/"))
    (edit_this,) = [link for link in home.all(class_="edit-this") if link["aria-label"] == "Edit this: Our Why:"]
    box = page_of(client.get(edit_this["href"])).one(id="id_text")["text"].lstrip("\n")
    saved = fill_in(client, edit_this["href"], text=box.replace("ableism", "ableism (mended)"), action="save")
    after = page_of(client.get(saved.headers["Location"]))
    changed = [(part["tag"], words(part)) for part in after.elements if part["tag"] in ("del", "ins")]
    assert changed == CHANGED_WORDS
    live = [link["href"] for link in after.all(tag="a") if link["text"] == "Home page" and "#" in link["href"]]
    assert live == ["/#text-block-our-why"] * 2  # in the heading, and in what was saved
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
    assert response.headers["Location"] == "/words/our-why/?language=en&back=/&saved=0"
    page = page_of(client.get(response.headers["Location"]))
    assert [link["href"] for link in page.all(tag="a") if words(link) == "Back without saving"] == [
        "/#text-block-our-why"
    ]


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


# --- after a save


def saved_page(client, **fields):
    """Save a text and return the page after it."""
    return client.get(fill_in(client, **fields).headers["Location"])


def press(client, page, button, **fields):
    """Press a button that does not send the text, with the hidden fields of the page."""
    seen = page.all(name="seen")[0]["value"]
    return client.post(ADDRESS, {"action": button, "seen": seen, **fields}, follow=True)


def test_saved_is_shown_with_what_changed_and_where_it_is_live(client, editor):
    notice = page_of(saved_page(client, text="# Our Why:\n\nShorter.")).one(id="saved")
    said = words(notice)
    assert said.startswith("Saved It is live now. See it here: Home page, Why we do this")
    assert "Now Shorter. Before" in said


def test_a_change_is_undone_with_one_press(client, editor):
    rewrite_text(row(), "# First", by=editor)
    page = page_of(saved_page(client, text="# Second"))
    [undo] = [button for button in page.all(name="action", value="restore") if words(button) == "Undo this change"]
    press(client, page, undo["value"], revision=page.all(name="revision")[0]["value"])
    assert (row().text, row().revisions.count()) == ("# First", 3)


def test_an_earlier_version_comes_back_and_its_replacement_is_kept(client, editor):
    rewrite_text(row(), "# First", by=editor)
    rewrite_text(row(), "# Second", by=editor)
    page = page_of(client.get(ADDRESS))
    first = row().revisions.get(text="# First")
    response = press(client, page, "restore", revision=first.pk)
    assert (row().text, row().revisions.first().text) == ("# First", "# Second")
    assert "Saved" in words(page_of(response).one(id="saved"))


def test_saving_without_a_change_says_so(client, editor):
    assert words(page_of(saved_page(client)).one(id="saved")) == "Nothing changed: the text is as it was."


def test_the_notice_is_gone_once_somebody_else_saved(client, editor):
    address = fill_in(client, text="# Our Why:\n\nShorter.").headers["Location"]
    rewrite_text(row(), "# Theirs", by=None)
    assert page_of(client.get(address)).all(id="saved") == []


@pytest.mark.parametrize("saved", ["999999999999999999999999", "0", "7"])
def test_an_invented_number_shows_no_change(client, editor, saved):
    assert "Undo this change" not in client.get(f"{ADDRESS}&saved={saved}").content.decode()


@pytest.mark.parametrize("revision", ["", "x", "7", "9" * 30, "-1"])
def test_a_version_of_another_text_or_none_is_404(client, editor, revision):
    other = TextBlock.objects.get(key="pathway", language="en")
    rewrite_text(other, "# Other", by=editor)
    revision = revision.replace("7", str(other.revisions.get().pk))
    assert press(client, page_of(client.get(ADDRESS)), "restore", revision=revision).status_code == 404
    assert row().edit == ""


def test_the_page_of_an_email_says_when_its_text_is_used(client, editor):
    address = "/words/emails/welcome/?language=en"
    text = page_of(client.get(address)).one(id="id_text")["text"].lstrip("\n")
    saved = client.get(fill_in(client, address, text=f"{text}\n\nOne more line.").headers["Location"])
    assert "Emails that are already written keep the old one." in words(page_of(saved).one(id="saved"))
    assert "Edit “Welcome email”" in saved.content.decode()


def test_the_page_links_to_the_same_text_in_each_language(client, editor):
    page = page_of(client.get(ADDRESS))
    nav = [(part["tag"], part.get("href")) for part in page.elements if part.get("lang") and words(part) in LANGUAGES]
    assert nav[-3:] == [
        ("strong", None),
        ("a", "/words/our-why/?language=fr-ca&back=/why/"),
        ("a", "/words/our-why/?language=es&back=/why/"),
    ]


# --- hide


def test_a_text_is_hidden_and_shown_again(client, editor):
    address = "/words/press/?language=en&back=/press/"
    page = page_of(client.get(address))
    assert [words(button) for button in page.all(name="action", value="hide")] == ["Hide"]
    said = client.post(address, {"action": "hide"}, follow=True).content.decode()
    assert "“For the media” is hidden from the site, in every language. No email was sent." in said
    assert "Consent comes first" not in client.get("/press/").content.decode()
    said = client.post(address, {"action": "show"}, follow=True).content.decode()
    assert "“For the media” is on the site again, in every language." in said
    assert "Consent comes first" in client.get("/press/").content.decode()


@pytest.mark.parametrize("key", ["agreement", "privacy", "emails/welcome", "who-we-are", "what-is-next", "pathway"])
def test_a_text_that_the_site_needs_cannot_be_hidden(client, editor, key):
    address = f"/words/{key}/?language=en"
    assert page_of(client.get(address)).all(name="action", value="hide") == []
    said = client.post(address, {"action": "hide"}, follow=True).content.decode()
    assert "the site can’t do without it" in said
    assert TextBlock.objects.hidden().count() == 0


def test_hiding_and_showing_need_post(client, editor):
    client.get("/words/press/?language=en&action=hide")
    assert TextBlock.objects.hidden().count() == 0


# --- two admins


def test_of_two_saves_from_one_version_the_second_is_refused():
    seen = digest(row().text)
    rewrite_text(row(), "# Theirs", by=None, seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        rewrite_text(row(), "# Mine", by=None, seen=seen)
    assert (row().text, row().revisions.count()) == ("# Theirs", 1)


def test_of_two_who_save_at_once_the_second_is_told_and_loses_nothing(client, editor):
    """The other admin saves after this one’s text was checked, and before it is written."""
    page = page_of(client.get(ADDRESS))
    fields = {"text": "# Mine", "seen": page.all(name="seen")[0]["value"]}
    with between_check_and_save(lambda: rewrite_text(row(), "# Theirs", by=None)):
        response = client.post(ADDRESS, fields)
    again = page_of(response)
    assert "Someone changed this text while you were writing" in response.content.decode()
    assert (row().text, words(again.one(id="id_text"))) == ("# Theirs", "# Mine")
    assert "# Theirs" in response.content.decode()


def test_of_two_who_undo_at_once_the_second_is_told(client, editor):
    rewrite_text(row(), "# First", by=editor)
    page = page_of(client.get(ADDRESS))
    first = row().revisions.get()
    rewrite_text(row(), first.text, by=None, seen=digest("# First"))
    rewrite_text(row(), "# Theirs", by=None)
    said = press(client, page, "restore", revision=first.pk).content.decode()
    assert "Someone changed this text while you were writing" in said
    assert (row().text, row().revisions.count()) == ("# Theirs", 3)


def test_an_earlier_version_that_an_email_can_no_longer_use_does_not_come_back(client, editor):
    """It was saved before this email needed the link."""
    email = TextBlock.objects.get(key="emails/confirm", language="en")
    earlier = email.revisions.create(text="# Please confirm\n\nWithout a link.")
    address = "/words/emails/confirm/?language=en"
    seen = page_of(client.get(address)).all(name="seen")[0]["value"]
    response = client.post(address, {"action": "restore", "revision": earlier.pk, "seen": seen})
    assert "Words in curly brackets are filled in later." in response.content.decode()
    assert TextBlock.objects.get(pk=email.pk).edit == ""


def test_of_two_who_hide_or_show_at_once_the_second_counts_none(client, editor):
    press_page = TextBlock.objects.filter(key="press")
    assert [hide_texts(press_page, by=editor), hide_texts(press_page, by=editor)] == [1, 0]
    said = client.post("/words/press/?language=en", {"action": "hide"}, follow=True).content.decode()
    assert "Nothing changed: “For the media” is already hidden" in said
    assert [show_texts(press_page, by=editor), show_texts(press_page, by=editor)] == [1, 0]
    said = client.post("/words/press/?language=en", {"action": "show"}, follow=True).content.decode()
    assert "Nothing changed: “For the media” is already on the site." in said
