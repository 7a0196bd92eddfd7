"""What admins do to users: roles, access, addresses. A role means staff, and no two admins overwrite each other."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from s4jr.accounts.models import Invitation, Session, User
from s4jr.accounts.services import (
    COMMAND_LINE,
    NO_ROLE,
    Role,
    UserChange,
    change_user,
    delete_group,
    delete_user,
    invite_user,
    version_of,
)
from s4jr.audit.models import AccessLog
from s4jr.conflicts import ChangedMeanwhileError
from tests import make
from tests.races import race

pytestmark = pytest.mark.django_db

OWNER = Role(is_superuser=True)
OFF = UserChange(is_active=False)


def role_in(*names):
    return Role(group_pks=frozenset(Group.objects.filter(name__in=names).values_list("pk", flat=True)))


def stored(user):
    saved = User.objects.get(pk=user.pk)
    return saved.is_staff, saved.is_superuser, sorted(saved.groups.values_list("name", flat=True))


def logged():
    return list(AccessLog.objects.order_by("pk").values_list("who", "action", "field_names"))


@pytest.fixture
def ada():
    return make.admin("ada")


@pytest.fixture
def grace():
    return make.person_who_signs_in("grace")


# --- a role means staff


@pytest.mark.parametrize(
    ("role", "after"),
    [
        (lambda: OWNER, (True, True, [])),
        (lambda: role_in("Editor"), (True, False, ["Editor"])),
        (lambda: role_in("Editor", "Press"), (True, False, ["Editor", "Press"])),
        (lambda: NO_ROLE, (False, False, [])),
    ],
    ids=["owner", "a group", "a group and a topic", "none"],
)
def test_whoever_has_a_role_is_staff_and_no_one_else(ada, role, after):
    invited = User(username="katherine")
    invite_user(invited, role(), by=ada)
    changed = make.admin("grace")
    change_user(changed, UserChange(role=role()), by=ada)
    assert (stored(invited), stored(changed)) == (after, after)


def test_a_changed_role_is_logged_and_ends_the_sessions(client, ada, grace):
    make.sign_in(client, grace)
    names = change_user(grace, UserChange(role=role_in("Reader")), by=ada)
    assert (names, Session.objects.filter(user_pk=grace.pk).count()) == ({"is_staff", "groups"}, 0)
    assert logged() == [("ada", "changed", "groups is_staff")]


def test_a_change_that_changes_nothing_logs_nothing_and_ends_no_session(client, ada, grace):
    make.sign_in(client, grace)
    assert change_user(grace, UserChange(address="", is_active=True, role=NO_ROLE), by=ada) == set()
    assert (logged(), Session.objects.filter(user_pk=grace.pk).count()) == ([], 1)


def test_a_deleted_group_leaves_owners_and_users_with_another_role_staff(ada, grace):
    for user, names in (
        (ada, ["Reader"]),
        (grace, ["Reader", "Editor"]),
        (make.admin("bo", superuser=False), ["Reader"]),
    ):
        user.groups.set(Group.objects.filter(name__in=names))
    User.objects.update(is_staff=True)
    delete_group(Group.objects.get(name="Reader"))
    assert dict(User.objects.values_list("username", "is_staff")) == {"ada": True, "grace": True, "bo": False}


# --- who may


def test_only_a_superuser_assigns_roles(grace):
    manager = make.admin("bo", superuser=False)
    for attempt in (
        lambda: change_user(grace, UserChange(role=role_in("Reader")), by=manager),
        lambda: invite_user(User(username="katherine"), role_in("Reader"), by=manager),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert (stored(grace), User.objects.filter(username="katherine").count()) == ((False, False, []), 0)


def test_whoever_is_no_superuser_may_invite_someone_without_a_role():
    invite_user(User(username="katherine"), NO_ROLE, by=make.admin("bo", superuser=False))
    assert stored(User.objects.get(username="katherine")) == (False, False, [])


@pytest.mark.parametrize("change", [UserChange(role=NO_ROLE), OFF], ids=["role", "access"])
def test_no_one_changes_their_own_role_or_access(ada, change):
    with pytest.raises(PermissionDenied):
        change_user(ada, change, by=ada)
    assert (stored(ada), User.objects.get().is_active) == ((True, True, []), True)


def test_no_one_deletes_themselves(ada):
    with pytest.raises(PermissionDenied):
        delete_user(ada, by=ada)


def test_the_command_line_invites_an_owner_with_a_link_and_no_password():
    katherine = User(username="katherine")
    link = invite_user(katherine, OWNER, by=COMMAND_LINE)
    assert ("/invitation/" in link, katherine.has_usable_password(), Invitation.objects.get().user) == (
        True, False, katherine
    )  # fmt: skip
    assert logged() == [("manage.py", "changed", "username is_staff is_superuser groups")]


# --- two admins


def test_a_page_that_another_admin_overtook_saves_nothing(ada, grace):
    seen = version_of(grace)
    change_user(grace, UserChange(address="grace@example.org"), by=ada, seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        change_user(grace, UserChange(role=OWNER), by=ada, seen=seen)
    assert (stored(grace), User.objects.get(pk=grace.pk).address) == ((False, False, []), "grace@example.org")


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"is_staff": True}, {"is_superuser": True}, {"address": "grace@example.org"}],
    ids=["access", "staff", "owner", "address"],
)
def test_each_field_of_the_form_counts_as_a_change(grace, change):
    before = version_of(grace)
    User.objects.filter(pk=grace.pk).update(**change)
    assert version_of(User.objects.get(pk=grace.pk)) != before


def test_a_group_counts_as_a_change_and_a_sign_in_does_not(client, grace):
    before = version_of(grace)
    make.sign_in(client, grace)
    after_sign_in = version_of(User.objects.get(pk=grace.pk))
    grace.groups.add(Group.objects.get(name="Press"))
    assert (after_sign_in == before, version_of(grace) == before) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_save_the_same_user_at_the_same_time_one_saves(ada, grace):
    bo, seen = make.admin("bo"), version_of(grace)
    results = race(
        lambda: change_user(grace, UserChange(role=role_in("Editor")), by=ada, seen=seen),
        lambda: change_user(grace, UserChange(role=role_in("Reader")), by=bo, seen=seen),
    )
    lost = [isinstance(result, ChangedMeanwhileError) for result in results]
    assert sorted(lost) == [False, True]
    assert stored(grace)[2] == [["Editor"], ["Reader"]][lost.index(False)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "end", [lambda user, by: change_user(user, OFF, by=by), lambda user, by: delete_user(user, by=by),
            lambda user, by: change_user(user, UserChange(role=NO_ROLE), by=by)],
    ids=["access", "account", "role"],
)  # fmt: skip
def test_two_owners_who_end_each_others_rights_leave_one_owner(ada, end):
    bo = make.admin("bo")
    results = race(lambda: end(ada, bo), lambda: end(bo, ada))
    assert [type(result) for result in results].count(PermissionDenied) == 1
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
