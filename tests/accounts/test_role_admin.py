"""The pages of roles: no word of Django's, and each right in a sentence."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from s4jr.accounts.right_words import RIGHT_WORDS
from s4jr.accounts.roles import GROUPS
from tests import make
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

LIST, ADD = "admin:auth_group_changelist", "admin:auth_group_add"
#: Rights that no page asks for.
WITHOUT_WORDS = {
    "audit.view_accesslogcheckpoint", "chapters.delete_representative", "content.add_textblock",
    "content.delete_textblock", "mail.add_outgoingemail", "mail.delete_outgoingemail", "mail.change_suppression",
    *(
        f"{app}.{verb}_{model}"
        for app, model in [("content", "cacheversion"), ("content", "textblockrevision"), ("mail", "heartbeat"),
                           ("members", "memberlink")]
        for verb in ("add", "change", "delete", "view")
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _signed_in(client):
    make.signed_in_staff(client)
    client.get(reverse("admin:index"))  # shows the message of signing in


def change(name):
    return reverse("admin:auth_group_change", args=[Group.objects.get(name=name).pk])


def shown(client, where):
    return Page(client.get(where).content.decode())


def rights(name):
    found = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def pk_of(right):
    app, _dot, codename = right.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename).pk


def test_no_page_says_group_or_permission(client):
    pages = [shown(client, where) for where in (reverse(LIST), reverse(ADD), change("Editor"))]
    said = [words(page.one(id="content")).lower() for page in pages]
    assert [("group" in one, "permission" in one, "can view" in one) for one in said] == [(False, False, False)] * 3
    assert [words(page.one(tag="h1")) for page in pages] == ["Roles", "Add role", "Change role"]
    assert words(pages[0].one(class_="addlink")) == "Add role"


def test_the_list_says_what_each_role_can_do(client):
    Group.objects.create(name="Archive").permissions.set([pk_of("audit.view_accesslog"), pk_of("members.view_member")])
    listed = words(shown(client, reverse(LIST)).one(id="result_list"))
    assert "ReviewerReads applications and decides about them." in listed
    assert "ArchiveSee applications and members; Read the access log" in listed


def test_the_list_takes_as_many_queries_for_thirty_roles_as_for_one(client):
    def create(number):
        Group.objects.create(name=f"Role {number}").permissions.add(pk_of(list(RIGHT_WORDS)[number]))

    one, thirty = for_one_and_thirty(create, lambda: client.get(reverse(LIST)))
    assert one == thirty


def test_each_right_is_a_sentence_or_has_no_page_that_asks_for_it():
    assert set(RIGHT_WORDS) | WITHOUT_WORDS == rights("Coordinator")
    assert set(RIGHT_WORDS) & WITHOUT_WORDS == set()


def test_the_form_shows_every_right_in_words_and_no_other(client):
    page = shown(client, reverse(ADD))
    boxes = page.all(name="permissions", type="checkbox")
    assert {int(box["value"]) for box in boxes} == {pk_of(right) for right in RIGHT_WORDS}
    said = words(page.one(id="content"))
    assert [str(text) for text in RIGHT_WORDS.values() if str(text) not in said] == []


def test_deleting_a_role_names_nothing_of_the_code(client):
    Group.objects.create(name="Archive").permissions.set([pk_of("audit.view_accesslog")])
    page = shown(client, change("Archive").replace("change", "delete"))
    assert words(page.one(id="content")) == "Delete “Archive”? You can’t undo this. No email is sent. Go back"


def test_the_breadcrumbs_and_the_message_use_the_name_that_admins_know(client):
    page = shown(client, change("Reader"))
    assert words(page.one(class_="crumbs")) == "SettingsRoles Reviewer"
    answer = client.post(change("Reader"), {"permissions": [pk_of("members.view_member")]}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "“Reviewer” is saved. If its rights changed, everyone with this role is signed out now. "
        "No email was sent. To undo, change it back here."
    ]
    deleted = client.post(change("Reader").replace("change", "delete"), {"post": "yes"}, follow=True)
    assert [str(message) for message in deleted.context["messages"]] == [
        "The role “Reviewer” is deleted. Users with no other role can’t open the admin anymore. "
        "No email was sent. You can’t undo this."
    ]


@pytest.mark.parametrize("name", GROUPS)
def test_a_role_of_the_site_keeps_its_name_and_the_rights_that_have_no_words(client, name):
    before = rights(name)
    chosen = [pk_of(right) for right in before if right in RIGHT_WORDS]
    answer = client.post(change(name), {"name": "Another", "permissions": chosen})
    assert (answer.status_code, rights(name), Group.objects.filter(name="Another").count()) == (302, before, 0)


def test_a_role_of_ones_own_is_added_and_its_name_is_taken_once(client):
    first = client.post(reverse(ADD), {"name": "Archive", "permissions": [pk_of("audit.view_accesslog")]})
    again = client.post(reverse(ADD), {"name": "Archive"})
    assert (first.status_code, rights("Archive")) == (302, {"audit.view_accesslog"})
    assert "There is already a role with this name. Choose another one." in again.content.decode()
