"""The form of one user: a role as radio buttons, who sees them, and what the page says after saving."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from s4jr.accounts.models import User
from tests import make
from tests.races import race
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
CHANGED_MEANWHILE = (
    "Nothing was saved: another admin changed this user after you opened the page. This is how it is now. "
    "Make your change again if it’s still needed."
)


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


@pytest.fixture
def grace():
    user = make.admin("grace", superuser=False)
    user.groups.add(make.group("Reader"))
    return user


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def value(name):
    return str(make.group(name).pk)


def shown(client, user):
    return Page(client.get(change(user)).content.decode())


def submitted(page, **changes):
    """The form as a browser submits it, with these changes; None leaves a field out."""
    inputs = [e for e in page.elements if e["tag"] == "input" and e.get("name")]
    kept = {e["name"]: e.get("value", "") for e in inputs if e.get("type") not in ("checkbox", "radio", "submit")}
    checked = {e["name"]: e.get("value", "on") for e in inputs if "checked" in e}
    said = {**kept, **checked, **changes}
    return {name: value for name, value in said.items() if value is not None}


def save(client, user, **changes):
    return client.post(change(user), submitted(shown(client, user), **changes), follow=True)


def said(response):
    """The last message: the first may be about signing in."""
    return [*map(str, response.context["messages"])][-1]


def stored(user):
    saved = User.objects.get(pk=user.pk)
    return saved.is_staff, saved.is_superuser, sorted(saved.groups.values_list("name", flat=True))


# --- the page


def test_an_owner_sees_one_radio_button_for_each_role_and_no_box_for_staff(client, ada, grace):
    page = shown(client, grace)
    radios = [(e["value"], "checked" in e) for e in page.all(type="radio", name="role")]
    names = ["Coordinator", "Reader", "Editor", "Care", "Press"]
    values = ["owner", *map(value, names), "none"]
    assert radios == [(one, one == value("Reader")) for one in values]
    assert [len(page.all(name=name)) for name in ("is_staff", "is_superuser", "groups")] == [0, 0, 0]


@pytest.mark.parametrize("whose", ["their own", "another user's"])
def test_who_may_not_assign_a_role_reads_it_in_words(client, grace, whose):
    if whose == "their own":
        user = make.signed_in_staff(client, "ada")
    else:
        manager, user = make.signed_in_staff(client, "bo", superuser=False), grace
        manager.groups.add(make.group("Coordinator"))
    page = shown(client, user)
    [role, *_] = [words(e) for e in page.elements if "field-role" in e.get("class", "")]
    assert (page.all(name="role"), page.all(name="topics"), role) == (
        [], [], "Role: Owner" if whose == "their own" else "Role: Reviewer"
    )  # fmt: skip


def test_the_page_for_a_new_user_says_what_follows_and_asks_for_no_password(client, ada):
    text = client.get(reverse("admin:accounts_user_add")).content.decode()
    page = Page(text)
    assert ("choose their own password or passkey, and their display name. No email is sent." in text) is True
    assert [e["value"] for e in page.elements if e.get("type") == "radio" and "checked" in e] == ["none"]
    assert [len(page.all(name=name)) for name in ("display_name", "is_active", "password", "seen")] == [0, 0, 0, 0]


# --- saving


def test_a_new_role_is_saved_and_the_message_says_how_to_undo_it(client, ada, grace):
    answer = save(client, grace, role=value("Editor"), topics=value("Press"))
    assert stored(grace) == (True, False, ["Editor", "Press"])
    assert said(answer) == (
        "Saved the new role of grace, who is signed out now. No email was sent. "
        "To undo this, open their name and choose the earlier role again: Reviewer."
    )


def test_without_a_role_no_topic_can_be_read(client, ada, grace):
    answer = save(client, grace, role="none", topics=value("Press"))
    assert "A person without a role can’t read messages. Choose a role or clear these." in answer.content.decode()
    assert stored(grace) == (True, False, ["Reader"])


def test_a_made_up_role_is_refused(client, ada, grace):
    assert save(client, grace, role="999999").status_code == 200
    assert stored(grace) == (True, False, ["Reader"])


def test_another_change_keeps_several_roles_as_they_are(client, ada, grace):
    grace.groups.add(make.group("Editor"), make.group("Care"))
    save(client, grace, address="grace@mailbox.example")
    assert (stored(grace), User.objects.get(pk=grace.pk).address) == (
        (True, False, ["Care", "Editor", "Reader"]), "grace@mailbox.example"
    )  # fmt: skip


MESSAGES = {
    "off": (
        {"is_active": None},
        "grace can’t sign in anymore and is signed out now. No email was sent. "
        "To undo this, open their name and check “Can sign in.”",
    ),
    "address": (
        {"address": "grace@mailbox.example"},
        "Saved the email address of grace. No email was sent. To undo this, enter the earlier one.",
    ),
    "nothing": ({}, "Nothing changed for grace."),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_the_message_says_whom_it_was_about_and_what_left(client, ada, grace, case):
    changes, message = MESSAGES[case]
    assert said(save(client, grace, **changes)) == message


def test_someone_who_was_kept_out_can_be_let_in_again(client, ada, grace):
    User.objects.filter(pk=grace.pk).update(is_active=False)
    answer = save(client, grace, is_active="on")
    assert said(answer) == "grace can sign in again. No email was sent. To undo this, clear “Can sign in.”"
    assert User.objects.get(pk=grace.pk).is_active is True


def test_the_message_after_deleting_names_the_user(client, ada, grace):
    answer = client.post(reverse("admin:accounts_user_delete", args=[grace.pk]), {"post": "yes"}, follow=True)
    assert said(answer) == (
        "Deleted the user grace, who can’t sign in anymore. No email was sent. "
        "This can’t be undone. You can invite them again."
    )


# --- two admins


def test_a_page_that_was_overtaken_saves_nothing_and_shows_how_it_is_now(client, ada, grace):
    stale = submitted(shown(client, grace), role="owner")
    save(client, grace, role=value("Editor"))
    answer = client.post(change(grace), stale, follow=True)
    checked = [e["value"] for e in Page(answer.content.decode()).all(type="radio") if "checked" in e]
    assert (said(answer), checked, stored(grace)) == (
        CHANGED_MEANWHILE, [value("Editor")], (True, False, ["Editor"])
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_save_at_the_same_time_one_saves(client, ada, grace):
    bo = Client()
    make.signed_in_staff(bo, "bo")
    forms = [submitted(shown(one, grace), role=value(name)) for one, name in ((client, "Editor"), (bo, "Press"))]
    race(lambda: client.post(change(grace), forms[0]), lambda: bo.post(change(grace), forms[1]))
    lost = [said(admin.get(change(grace))) == CHANGED_MEANWHILE for admin in (client, bo)]
    assert sorted(lost) == [False, True]
    assert stored(grace)[2] == [["Editor"], ["Press"]][lost.index(False)]


def test_a_user_manager_whose_own_page_is_open_changes_no_role_with_a_made_up_form(client, grace):
    manager = make.signed_in_staff(client, "bo", superuser=False)
    manager.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    for user in (manager, grace):
        client.post(change(user), {"role": "owner", "topics": [value("Care")], "is_active": "on"})
    assert (stored(manager)[1:], stored(grace)[1:]) == ((False, []), (False, ["Reader"]))
    assert Group.objects.filter(user=manager).count() == 0
