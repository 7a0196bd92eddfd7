"""Default groups, and sessions that end when a user's role changes."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from s4jr.accounts.models import User
from s4jr.accounts.roles import GROUPS, OURS, make_groups, note_rights
from s4jr.audit.models import AccessLog
from tests import make
from tests.accounts.test_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


def rights(name):
    found = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def migrate(meanwhile=lambda: None):
    """Run `migrate` with its signals; `meanwhile` runs between pre_migrate and post_migrate."""
    note_rights(using="default")
    meanwhile()
    make_groups(using="default")


# --- groups


def test_five_groups_exist_from_the_start():
    assert set(Group.objects.values_list("name", flat=True)) == {"Reader", "Editor", "Care", "Press", "Coordinator"}


def test_a_reader_reads_and_decides_and_cannot_export():
    assert rights("Reader") == {"members.view_member", "members.change_member"}


def test_an_editor_sees_no_members():
    from_members = {right for right in rights("Editor") if right.startswith("members.")}
    assert ({right.split(".")[0] for right in rights("Editor")}, from_members) == (
        {"content", "pages", "members", "chapters"},
        {"members.read_website"},
    )
    assert {"content.change_textblock", "pages.change_statistic", "pages.add_teammember"} <= rights("Editor")


def test_care_and_press_read_their_own_inquiries():
    assert (rights("Care"), rights("Press")) == ({"members.read_safety"}, {"members.read_press"})


def test_a_coordinator_has_all_permissions_of_our_apps_and_none_of_djangos():
    ours = Permission.objects.filter(content_type__app_label__in=OURS)
    assert rights("Coordinator") == {f"{right.content_type.app_label}.{right.codename}" for right in ours}
    assert {"members.export_member", "members.import_member", "audit.view_accesslog"} <= rights("Coordinator")


def test_the_list_of_our_apps_is_complete():
    here = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in {*OURS, "s4jr"}}
    assert here <= set(OURS)


def test_every_named_permission_exists():
    there = rights("Coordinator")
    assert {right for names in GROUPS.values() if names != "everything" for right in names} <= there


def test_a_second_migrate_keeps_what_an_admin_granted_or_removed():
    reader = Group.objects.get(name="Reader")
    reader.permissions.remove(Permission.objects.get(codename="change_member"))
    reader.permissions.add(Permission.objects.get(codename="view_accesslog"))
    migrate()
    make_groups(using="default")  # as after a flush, before which no signal is sent
    assert rights("Reader") == {"members.view_member", "audit.view_accesslog"}


def test_migrate_creates_a_deleted_group_again():
    Group.objects.get(name="Reader").delete()
    call_command("migrate", verbosity=0)
    assert rights("Reader") == {"members.view_member", "members.change_member"}


def test_a_new_permission_goes_to_its_groups(monkeypatch):
    monkeypatch.setitem(GROUPS, "Care", ["members.answer_member"])
    Group.objects.get(name="Reader").permissions.clear()

    def a_new_model():
        about = ContentType.objects.get(app_label="members", model="member")
        Permission.objects.create(content_type=about, codename="answer_member", name="Can answer")

    migrate(a_new_model)
    assert (rights("Care"), rights("Reader")) == ({"members.read_safety", "members.answer_member"}, set())
    assert "members.answer_member" in rights("Coordinator")


@pytest.mark.django_db(transaction=True)
def test_the_groups_exist_again_after_a_flush():
    call_command("flush", interactive=False, verbosity=0)
    assert rights("Reader") == {"members.view_member", "members.change_member"}


def test_an_invitation_sets_groups():
    run("invite_admin", "katherine", "--group", "Reader", "--group", "Press")
    katherine = User.objects.get(username="katherine")
    assert sorted(katherine.groups.values_list("name", flat=True)) == ["Press", "Reader"]
    assert katherine.has_perm("members.change_member") is True
    assert AccessLog.objects.get().field_names == "username is_staff is_superuser groups"


def test_an_invitation_to_a_missing_group_is_refused():
    with pytest.raises(CommandError, match=r"There is no group Readers\. There are: Care, Coordinator, Editor,"):
        run("invite_admin", "katherine", "--group", "Readers")
    assert User.objects.count() == 0


# --- when sessions end


def is_in(client):
    return client.get(reverse("admin:index")).status_code == 200


def form_for(user, **more):
    kept = {"username": user.username, "address": "", "is_active": "on"}
    return {name: value for name, value in {**kept, **more}.items() if value is not None}


@pytest.fixture
def theirs():
    return Client()


@pytest.fixture
def grace(client, theirs):
    """A superuser who manages users in another browser."""
    make.signed_in_staff(client)
    return make.signed_in_staff(theirs, "grace", superuser=False)


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def reader():
    return Group.objects.get(name="Reader")


ANOTHER_ROLE = {
    "into a group": lambda: {"role": str(reader().pk)},
    "no longer staff": lambda: {"role": "none"},
    "superuser": lambda: {"role": "owner"},
    "switched off": lambda: {"is_active": None},
}


@pytest.mark.parametrize("what", ANOTHER_ROLE)
def test_a_changed_role_ends_the_users_sessions(client, theirs, grace, what):
    assert client.post(change(grace), form_for(grace, **ANOTHER_ROLE[what]())).status_code == 302
    assert "_auth_user_id" not in theirs.session
    assert not is_in(theirs)
    assert is_in(client)


def test_removal_from_a_group_ends_the_users_sessions(client, theirs, grace):
    grace.groups.add(reader())
    client.post(change(grace), form_for(grace, role="none"))
    assert not is_in(theirs)


def test_a_changed_address_keeps_the_user_signed_in(client, theirs, grace):
    client.post(change(grace), form_for(grace, address="grace@example.org"))
    assert is_in(theirs)


def group_form(group, permissions):
    return {"name": group.name, "permissions": [right.pk for right in permissions]}


def test_changed_permissions_of_a_group_end_the_sessions_of_its_users(client, theirs, grace):
    grace.groups.add(reader())
    others = Client()
    make.signed_in_staff(others, "dorothy", superuser=False)
    address = reverse("admin:auth_group_change", args=[reader().pk])
    client.post(address, group_form(reader(), reader().permissions.all()))
    assert is_in(theirs)
    client.post(address, group_form(reader(), []))
    assert (is_in(theirs), is_in(others), is_in(client)) == (False, True, True)


def test_deleting_a_group_ends_the_sessions_of_its_users(client, theirs, grace):
    grace.groups.add(reader())
    client.post(reverse("admin:auth_group_delete", args=[reader().pk]), {"post": "yes"})
    assert (Group.objects.filter(name="Reader").count(), is_in(theirs), is_in(client)) == (0, False, True)


def test_who_has_no_other_role_than_a_deleted_group_is_no_longer_staff(client, theirs, grace):
    dorothy, ada = make.admin("dorothy", superuser=False), User.objects.get(username="ada")
    for user in (grace, dorothy, ada):
        user.groups.add(reader())
    dorothy.groups.add(Group.objects.get(name="Editor"))
    client.post(reverse("admin:auth_group_delete", args=[reader().pk]), {"post": "yes"})
    staff = User.objects.filter(is_staff=True).order_by("username").values_list("username", flat=True)
    assert list(staff) == ["ada", "dorothy"]


def test_only_a_superuser_changes_the_permissions_of_a_group(client, theirs, grace):
    grace.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    grace.groups.add(reader())
    address = reverse("admin:auth_group_change", args=[reader().pk])
    answers = [
        theirs.post(address, group_form(reader(), Permission.objects.all())).status_code,
        theirs.post(reverse("admin:auth_group_add"), {"name": "Mine"}).status_code,
        theirs.post(reverse("admin:auth_group_delete", args=[reader().pk]), {"post": "yes"}).status_code,
    ]
    assert (answers, len(rights("Reader"))) == ([403, 403, 403], 2)
