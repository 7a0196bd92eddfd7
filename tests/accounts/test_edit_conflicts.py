"""Two admins change or delete one row at the same moment: nothing is lost silently, and each is told what happened."""

import html
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from chapters.models import Chapter
from s4jr.conversations.models import SavedReply
from tests import make
from tests.races import race, while_uncommitted
from tests.reading import Page

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
CHANGED = "Someone changed this while you were writing. Save again to replace it with what you typed."
DELETED = "Someone deleted this while you were writing. Save again to add it with what you typed."
GONE = "What you were looking for isn’t here anymore. Someone may have deleted it. Nothing changed."
NOT_DELETED = "Nothing was deleted. Someone changed “Thank you” after you opened that page."
REPLY = {"title": "Thank you", "language": "en", "text": "Thank you for writing.", "audience": "admins"}


@pytest.fixture
def reply():
    return SavedReply.objects.create(**REPLY)


@pytest.fixture
def admins():
    return [_signed_in(name) for name in ("ada", "bo")]


def _signed_in(name):
    client = Client()
    make.signed_in_staff(client, name)
    return client


def text(response):
    return html.unescape(response.content.decode())


def address(row, step="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk])


def opened(client, row, step="change"):
    """The version of the row that this page was rendered from."""
    return Page(client.get(address(row, step)).content.decode()).one(name="row_version")["value"]


def change(client, row, words, version):
    return client.post(address(row), {**REPLY, "text": words, "row_version": version})


def delete(client, row, version):
    return client.post(address(row, "delete"), {"post": "yes", "row_version": version})


def told(client, answer):
    """What the page that follows says."""
    return text(client.get(answer["Location"]) if answer.status_code == 302 else answer)


def how_many_heard(admins, answers, sentence):
    return [sentence in told(client, answer) for client, answer in zip(admins, answers, strict=True)].count(True)


class TestTwoAdminsAtOnce:
    def test_who_change_a_saved_reply_save_one_text_and_the_other_sees_it(self, admins, reply):
        seen = [opened(client, reply) for client in admins]
        answers = race(*[
            partial(change, client, reply, f"From admin {number}.", seen[number])
            for number, client in enumerate(admins)
        ])  # fmt: skip
        saved = SavedReply.objects.get().text
        winner = int(saved == "From admin 1.")
        page = text(answers[1 - winner])
        assert [answer.status_code for answer in answers] == ([302, 200] if winner == 0 else [200, 302])
        assert (CHANGED in page, f"Saved now as “Text”: {saved}" in page) == (True, True)
        assert f"From admin {1 - winner}." in page

    def test_a_change_waits_for_one_that_is_being_saved_and_does_not_overwrite_it(self, admins, reply):
        ada, _bo = admins
        late = partial(change, ada, reply, "From Ada.", opened(ada, reply))
        page = text(while_uncommitted(lambda: SavedReply.objects.update(text="From Bo."), late))
        assert (CHANGED in page, SavedReply.objects.get().text) == (True, "From Bo.")

    def test_a_change_brings_back_no_row_that_is_being_deleted(self, admins, reply):
        ada, _bo = admins
        late = partial(change, ada, reply, "From Ada.", opened(ada, reply))
        page = text(while_uncommitted(SavedReply.objects.all().delete, late))
        assert (DELETED in page, "From Ada." in page, SavedReply.objects.count()) == (True, True, 0)

    def test_who_delete_a_saved_reply_delete_it_once_and_the_other_hears_that_it_is_gone(self, admins, reply):
        seen = [opened(client, reply, "delete") for client in admins]
        answers = race(*[partial(delete, client, reply, seen[number]) for number, client in enumerate(admins)])
        assert (SavedReply.objects.count(), LogEntry.objects.count()) == (0, 1)
        assert how_many_heard(admins, answers, GONE) == 1

    def test_of_whom_one_changes_and_one_deletes_one_is_told_what_the_other_did(self, admins, reply):
        ada, bo = admins
        versions = opened(ada, reply), opened(bo, reply, "delete")
        answers = race(partial(change, ada, reply, "From Ada.", versions[0]), partial(delete, bo, reply, versions[1]))
        heard = [DELETED in told(ada, answers[0]), NOT_DELETED in told(bo, answers[1])]
        kept = SavedReply.objects.filter(text="From Ada.").count()
        assert (sorted(heard), SavedReply.objects.count(), heard[1]) == ([False, True], kept, bool(kept))


class TestOneAfterTheOther:
    def test_a_text_whose_row_is_deleted_while_it_is_typed_is_saved_as_a_new_one_by_saving_again(self, admins, reply):
        ada, bo = admins
        version = opened(ada, reply)
        delete(bo, reply, opened(bo, reply, "delete"))
        page = change(ada, reply, "Typed for an hour.", version)
        assert (DELETED in text(page), "Typed for an hour." in text(page)) == (True, True)
        again = Page(page.content.decode()).one(name="row_version").get("value", "")
        change(ada, reply, "Typed for an hour.", again)
        assert SavedReply.objects.get().text == "Typed for an hour."

    def test_a_row_that_changed_is_deleted_only_from_a_page_that_shows_the_change(self, admins, reply):
        ada, bo = admins
        version = opened(bo, reply, "delete")
        change(ada, reply, "From Ada.", opened(ada, reply))
        page = told(bo, delete(bo, reply, version))
        assert (NOT_DELETED in page, "From Ada." in page, SavedReply.objects.count()) == (True, True, 1)
        delete(bo, reply, opened(bo, reply, "delete"))
        assert SavedReply.objects.count() == 0

    def test_an_admin_does_not_overwrite_what_a_representative_wrote_about_a_chapter_meanwhile(self, admins):
        ada, _bo = admins
        said = {"name": "Riverside", "slug": "riverside", "country": "CA", "status": "open"}
        chapter = Chapter.objects.create(**said)
        version = opened(ada, chapter)
        Chapter.objects.update(words="From a representative.")
        page = text(ada.post(address(chapter), {**said, "status": "resting", "row_version": version}))
        assert (CHANGED in page, Chapter.objects.get().words) == (True, "From a representative.")
        assert "Saved now as “Description”: From a representative." in page

    def test_an_admin_does_not_give_back_a_right_that_another_took_from_a_role_meanwhile(self, admins):
        ada, _bo = admins
        role = Group.objects.create(name="Gardeners")
        rights = Permission.objects.filter(codename__in=["change_textblock", "view_member"])
        role.permissions.set(rights)
        version = opened(ada, role)
        role.permissions.set(rights.filter(codename="change_textblock"))
        said = {"name": "Growers", "permissions": [right.pk for right in rights], "row_version": version}
        page = text(ada.post(address(role), said))
        assert CHANGED in page
        assert [right.codename for right in role.permissions.all()] == ["change_textblock"]

    @pytest.mark.parametrize("wrong", ["no-number", "9" * 30])
    def test_an_id_that_no_row_has_is_not_there(self, admins, reply, wrong):
        ada, _bo = admins
        where = reverse("admin:conversations_savedreply_change", args=[wrong])
        assert ada.post(where, {**REPLY, "row_version": "seen"}).status_code in (200, 302)
        assert SavedReply.objects.get() == reply
