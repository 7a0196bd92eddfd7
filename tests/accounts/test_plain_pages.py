"""Django's pages of one record speak in our words: messages, deleting, history, titles."""

import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse

from chapters.models import Chapter
from pages.models import Statistic
from s4jr.accounts.models import User
from s4jr.content.models import TextBlock
from s4jr.conversations.models import SavedReply
from tests import make
from tests.chapters.cast import chapter, representative
from tests.members.announcements import cast as announcements
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

#: Words of Django's admin that no volunteer says.
PRIVATE = re.compile(r"successfully|related (items|objects)|protected|Are you sure|Date/time|[Oo]bject", re.I)


@pytest.fixture(autouse=True)
def _signed_in(client):
    make.signed_in_staff(client)
    client.get(reverse("admin:index"))  # shows the message of signing in


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def address(model, page, row):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[row.pk])


def shown(client, where):
    return Page(client.get(where).content.decode())


def content_of(page):
    return words(page.one(id="content"))


def fields_of(client, where):
    """What the form of this page holds now."""
    return {name: value for name, value in client.get(where).context["adminform"].form.initial.items() if value}


# --- messages


def test_a_saved_chapter_is_named_with_what_left_and_how_to_undo(client):
    place = chapter(name="Riverside")
    where = address(Chapter, "change", place)
    answer = client.post(where, {**fields_of(client, where), "name": "Harbor"}, follow=True)
    assert told(answer) == ["“Harbor” is saved. No email was sent. To undo, change it back here."]


def test_an_added_chapter_is_named_too(client):
    fields = {"name": "Harbor", "slug": "harbor", "status": "open", "place": "Canada"}
    answer = client.post(reverse("admin:chapters_chapter_add"), fields, follow=True)
    assert told(answer) == ["“Harbor” is added. No email was sent. To undo, open it here and delete it."]


def test_a_deleted_chapter_is_named_too(client):
    answer = client.post(address(Chapter, "delete", chapter(name="Riverside")), {"post": "yes"}, follow=True)
    assert told(answer) == ["“Riverside” is deleted. No email was sent. You can’t undo this."]


def test_a_saved_reply_says_who_can_use_it(client):
    reply = SavedReply.objects.create(title="Thank you", text="Thank you for writing.")
    where = address(SavedReply, "change", reply)
    saved = told(client.post(where, fields_of(client, where), follow=True))
    deleted = told(client.post(address(SavedReply, "delete", reply), {"post": "yes"}, follow=True))
    assert (saved, deleted) == (
        [
            "The saved reply “Thank you” is saved. Everyone who answers messages can use it now. "
            "No email was sent. To undo, change it back here."
        ],
        [
            "The saved reply “Thank you” is deleted, and no one can use it anymore. "
            "No email was sent. You can’t undo this, but you can add it again."
        ],
    )


def test_a_deleted_statistic_says_that_readers_no_longer_see_it(client):
    figure = Statistic.objects.create(slug="invented", label="Invented figure", text="Seven of ten.")
    answer = client.post(address(Statistic, "delete", figure), {"post": "yes"}, follow=True)
    assert told(answer) == [
        "“Invented figure” is deleted, and readers no longer see it. No email was sent. You can’t undo this."
    ]


def test_a_record_that_is_gone_is_not_named_by_its_id(client):
    answer = client.get(reverse("admin:chapters_chapter_change", args=[4711]), follow=True)
    assert told(answer) == [
        "What you were looking for isn’t here anymore. Someone may have deleted it. Nothing changed."
    ]


def test_the_page_of_one_text_saves_nothing_and_says_nothing_of_it(client):
    text = TextBlock.objects.filter(key="our-why", language="en").get()
    where = address(TextBlock, "change", text)
    assert (client.post(where, {}).status_code, LogEntry.objects.count()) == (405, 0)


# --- deleting


def test_deleting_asks_by_name_and_says_what_follows(client):
    page = shown(client, address(Chapter, "delete", chapter(name="Riverside")))
    assert (words(page.one(tag="h1")), PRIVATE.findall(content_of(page))) == ("Delete “Riverside”?", [])
    assert "You can’t undo this. No email is sent." in content_of(page)


def test_what_cannot_be_deleted_says_why_and_what_to_do_instead(client):
    place = chapter(name="Riverside")
    announcements.announcement("chapter", chapter=place, subject="Thursday")
    page = shown(client, address(Chapter, "delete", place))
    assert (words(page.one(tag="h1")), PRIVATE.findall(content_of(page))) == ("You can’t delete “Riverside”", [])
    assert "Announcement: Thursday, " in content_of(page)
    assert "Change or delete those first." in content_of(page)


def test_a_user_who_cannot_be_deleted_can_lose_their_access_instead(client):
    page = shown(client, address(User, "delete", representative("orla").user))
    assert (words(page.one(tag="h1")), PRIVATE.findall(content_of(page))) == ("You can’t delete “orla”", [])
    assert "Representative To end their access instead, open their name, clear “Can sign in” and save." in content_of(
        page
    )


# --- history


def test_a_history_has_plain_headings_and_says_if_nothing_changed(client):
    place = chapter(name="Riverside")
    where = address(Chapter, "change", place)
    empty = shown(client, address(Chapter, "history", place))
    client.post(where, fields_of(client, where))
    page = shown(client, address(Chapter, "history", place))
    assert "No one has changed this here yet." in content_of(empty)
    assert [words(heading) for heading in page.all(tag="th", scope="col")] == ["When", "Who", "What changed"]
    assert words(page.one(tag="h1")) == "History of “Riverside”"
    assert [words(cell) for cell in page.all(tag="td")] == ["ada", "Saved without a change."]


def test_a_history_names_the_user_once(client):
    place = chapter(name="Riverside")
    ada = make.admin("grace")
    LogEntry.objects.log_actions(ada.pk, [place], CHANGE, change_message="Changed.", single_object=True)
    page = shown(client, address(Chapter, "history", place))
    assert [words(cell) for cell in page.all(tag="td")] == ["grace", "Changed."]


# --- names


def test_the_page_of_one_text_has_its_title(client):
    page = shown(client, address(TextBlock, "change", TextBlock.objects.get(key="emails/confirm", language="en")))
    name = words(page.one(tag="h1"))
    assert (name == "Change page text", "emails/confirm" in name, words(page.one(tag="title"))) == (
        False, False, f"English | {name}",
    )  # fmt: skip
