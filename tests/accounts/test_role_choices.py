"""The roles in words: which one a user has, what each choice of the form means, and that saving loses nothing."""

import pytest
from django.contrib.auth.models import Group, Permission

from s4jr.accounts.models import User
from s4jr.accounts.role_choices import AS_NOW, NONE, OWNER, RoleChoices, role_words
from s4jr.accounts.services import NO_ROLE, Role
from tests import make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def group(name):
    return Group.objects.get(name=name)


def value(name):
    return str(group(name).pk)


def user_in(*names, is_superuser=False, is_staff=True):
    user = make.person_who_signs_in("grace", is_superuser=is_superuser, is_staff=is_staff)
    user.groups.set(Group.objects.filter(name__in=names))
    return user


def choices_in_words(user):
    """{value: label and sentence} of each choice."""
    return {value: words(Page(f"<p>{label}</p>").elements[0]) for value, label in RoleChoices(user).choices}


def test_every_group_is_a_choice_between_owner_and_no_role():
    shown = [said.split(" ", 1)[0] for said in choices_in_words(User()).values()]
    assert shown == ["Owner", "Coordinator", "Reviewer", "Editor", "Care", "Media", "No"]


def test_each_choice_has_a_sentence():
    shown = choices_in_words(User())
    assert (shown[OWNER], shown[value("Reader")], shown[NONE]) == (
        "Owner Can do everything. Only an owner assigns roles.",
        "Reviewer Reads applications and decides about them.",
        "No role Can’t sign in to the admin.",
    )


def test_a_group_whose_rights_were_changed_is_not_described_as_before():
    group("Reader").permissions.remove(Permission.objects.get(codename="change_member"))
    group("Press").permissions.clear()
    Group.objects.create(name="Archive").permissions.add(Permission.objects.get(codename="view_accesslog"))
    shown = choices_in_words(User())
    assert [shown[value(name)] for name in ("Reader", "Press", "Archive")] == [
        "Reviewer An owner chose what this role can do.",
        "Media Can’t do anything yet.",
        "Archive An owner chose what this role can do.",
    ]


def test_only_groups_that_read_a_topic_can_be_added_to_a_role():
    shown = [words(Page(f"<p>{label}</p>").elements[0]) for _, label in RoleChoices(User()).topic_choices]
    assert shown == [
        "Care Reads and answers messages about safety or conduct.",
        "Media Reads and answers messages from the media.",
    ]


CASES = {
    "owner": ({"is_superuser": True}, OWNER, [], "Owner"),
    "owner with a group": ({"names": ["Reader", "Care"], "is_superuser": True}, OWNER, ["Care"], "Owner"),
    "a group": ({"names": ["Reader"]}, "Reader", [], "Reviewer"),
    "a group and a topic": ({"names": ["Reader", "Care"]}, "Reader", ["Care"], "Reviewer, Care"),
    "a topic": ({"names": ["Care"]}, "Care", [], "Care"),
    "two topics": ({"names": ["Care", "Press"]}, "Care", ["Press"], "Care, Media"),
    "two groups": ({"names": ["Reader", "Editor"]}, AS_NOW, [], "Reviewer, Editor"),
    "staff and nothing else": ({}, AS_NOW, [], "No role, but can open the admin"),
    "a group and not staff": ({"names": ["Reader"], "is_staff": False}, AS_NOW, [], "Reviewer"),
    "a representative": ({"is_staff": False}, NONE, [], "No role"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_form_and_the_list_show_the_role_that_a_user_has(case):
    has, role, topics, shown = CASES[case]
    flags = {name: is_set for name, is_set in has.items() if name != "names"}
    choices = RoleChoices(user := user_in(*has.get("names", []), **flags))
    role = value(role) if role in ("Reader", "Care") else role
    assert (choices.current, choices.current_topics, role_words(user)) == (role, [value(one) for one in topics], shown)
    assert choices.current in dict(choices.choices)


def test_rights_that_no_choice_describes_are_one_more_choice():
    assert choices_in_words(user_in("Reader", "Editor"))[AS_NOW] == "As it is now: Reviewer, Editor"
    assert AS_NOW not in dict(RoleChoices(User()).choices)


def test_a_choice_stands_for_a_role():
    choices, care = RoleChoices(User()), group("Care").pk
    assert [choices.role(OWNER, []), choices.role(NONE, []), choices.role(value("Editor"), [str(care)])] == [
        Role(is_superuser=True), NO_ROLE, Role(group_pks=frozenset({group("Editor").pk, care}))
    ]  # fmt: skip


@pytest.mark.parametrize(("names", "is_superuser"), [(["Reader", "Editor", "Care"], False), (["Reader", "Care"], True)])
def test_another_topic_keeps_what_a_user_has_besides(names, is_superuser):
    choices = RoleChoices(user_in(*names, is_superuser=is_superuser))
    kept = {group(name).pk for name in names if name != "Care"}
    role = choices.role(choices.current, [value("Press")])
    assert role == Role(is_superuser, frozenset(kept | {group("Press").pk}))


def test_an_owner_who_becomes_something_else_keeps_no_other_role():
    choices = RoleChoices(user_in("Reader", is_superuser=True))
    assert choices.role(value("Editor"), []) == Role(group_pks=frozenset({group("Editor").pk}))
