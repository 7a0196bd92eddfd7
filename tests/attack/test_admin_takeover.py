"""An admin who wants more than their rights: made-up forms, a session that outlives a right, cookies."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from s4jr.accounts.models import Invitation, User
from s4jr.accounts.services import NO_ROLE, UserChange, change_user
from tests import cast, make

pytestmark = pytest.mark.django_db
ADD = reverse("admin:accounts_user_add")
#: Every name under which a form could try to give a right.
RIGHTS = {
    "is_superuser": "on", "is_staff": "on", "is_active": "on", "role": "owner", "topics": "1", "groups": "1",
    "user_permissions": "1", "role_chosen": "owner", "seen": "",
}  # fmt: skip


@pytest.fixture
def manager(client):
    """Someone who manages users but is no owner, with every permission on users and groups that can be given."""
    user = make.signed_in_staff(client, "bo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["accounts", "auth"]))
    return user


def rights_of(username):
    user = User.objects.get(username=username)
    return user.is_staff, user.is_superuser, user.groups.count(), user.user_permissions.count()


class TestRoles:
    def test_who_is_no_owner_invites_only_people_without_a_role(self, client, manager):
        for role in ("owner", str(make.group("Coordinator").pk), str(make.group("Reader").pk), "as-now"):
            client.post(ADD, {**RIGHTS, "username": f"new-{role}", "role": role})
        made = User.objects.filter(username__startswith="new-").values_list("username", flat=True)
        assert (len(made), {rights_of(name) for name in made}) == (4, {(False, False, 0, 0)})

    @pytest.mark.parametrize("whose", ["grace", "bo"])
    def test_who_is_no_owner_gives_no_one_a_right_by_a_made_up_form(self, client, manager, whose):
        make.person_who_signs_in("grace")
        user = User.objects.get(username=whose)
        before = rights_of(whose)
        client.post(reverse("admin:accounts_user_change", args=[user.pk]), {**RIGHTS, "username": whose, "address": ""})
        assert rights_of(whose) == before

    def test_who_is_no_owner_cannot_change_add_or_delete_a_group(self, client, manager):
        group = make.group("Reader")
        before = group.permissions.count()
        said = {"name": "Reader", "permissions": list(Permission.objects.values_list("pk", flat=True))}
        pages = [("add", []), ("change", [group.pk]), ("delete", [group.pk])]
        codes = [
            client.post(reverse(f"admin:auth_group_{page}", args=args), {**said, "post": "yes"}).status_code
            for page, args in pages
        ]
        assert (codes, Group.objects.get(pk=group.pk).permissions.count()) == ([403] * 3, before)

    @pytest.mark.parametrize("page", ["change", "delete", "recover", "new_link", "cancel"])
    def test_who_is_no_owner_cannot_touch_an_owner(self, client, manager, page):
        owner = make.admin("ada")
        said = {**RIGHTS, "username": "ada", "address": "bo@mailbox.example", "post": "yes"}
        answer = client.post(reverse(f"admin:accounts_user_{page}", args=[owner.pk]), said)
        assert (answer.status_code, Invitation.objects.count()) == (403, 0)
        assert User.objects.get(username="ada").address == ""

    def test_an_owner_cannot_change_their_own_role(self, client):
        ada = make.signed_in_staff(client, "ada")
        client.post(reverse("admin:accounts_user_change", args=[ada.pk]), {**RIGHTS, "role": "none", "is_active": ""})
        assert rights_of("ada")[:2] == (True, True)


class TestASessionThatOutlivesARight:
    @pytest.fixture
    def theirs(self):
        browser = Client()
        make.signed_in_staff(browser, "grace", superuser=False)
        User.objects.get(username="grace").groups.add(make.group("Reader"))
        return browser

    #: By an owner in the admin, or directly in the database, where no session is ended.
    @pytest.mark.parametrize(
        "take_away",
        [
            lambda grace: change_user(grace, UserChange(is_active=False), by=make.admin("ada")),
            lambda grace: change_user(grace, UserChange(role=NO_ROLE), by=make.admin("ada")),
            lambda grace: User.objects.filter(pk=grace.pk).update(is_active=False),
            lambda grace: User.objects.filter(pk=grace.pk).update(is_staff=False),
            lambda grace: grace.groups.clear(),
            lambda grace: grace.delete(),
        ],
        ids=["deactivated", "without a role", "inactive row", "row without staff", "without a group", "deleted"],
    )
    def test_shows_and_changes_nothing_anymore(self, theirs, take_away):
        member = cast.waiting()
        record = reverse("admin:members_member_change", args=[member.pk])
        assert cast.NAME in theirs.post(record, {"reason": "they called"}, follow=True).content.decode()
        take_away(User.objects.get(username="grace"))
        pages = [theirs.get(record), theirs.get(reverse("admin:members_member_changelist"))]
        for word in ("approve", "close", "keep-waiting"):
            pages.append(theirs.post(reverse("admin:members_member_action", args=[member.pk, word])))
        assert {page.status_code for page in pages} <= {302, 403, 404}
        told = [word for word in (cast.NAME, member.number) for page in pages if word in page.content.decode()]
        assert told == []
        member.refresh_from_db()
        assert member.status == "waiting"


class TestCookies:
    def visited(self, client):
        """All cookies that the admin's pages set while an admin reads a record and decides about it."""
        make.signed_in_staff(client, "ada")
        member, found = cast.waiting(), []
        record = reverse("admin:members_member_change", args=[member.pk])
        by_name = reverse("admin:members_member_find_by_name")
        steps = [
            lambda: client.get(reverse("admin:index")),
            lambda: client.post(record, {"reason": "they called"}),
            lambda: client.get(record),
            lambda: client.post(reverse("admin:members_member_find"), {"term": cast.ADDRESS, "reason": "they called"}),
            lambda: client.post(by_name, {"name": cast.NAME, "reason": "they called"}),
            lambda: client.post(reverse("admin:members_member_action", args=[member.pk, "approve"])),
            lambda: client.get(reverse("admin:members_member_changelist")),
        ]
        for step in steps:
            found += step().cookies.values()
        return member, [*client.cookies.values(), *found]

    def test_hold_nothing_about_a_person(self, client):
        member, cookies = self.visited(client)
        said = " ".join(cookie.OutputString() for cookie in cookies)
        words = [cast.NAME, *cast.NAME.split(), cast.ADDRESS, member.number, "they called", "ada"]
        assert [word for word in words if word.lower() in said.lower()] == []
        assert {cookie.key for cookie in cookies} <= {"session", "csrftoken", "device"}

    def test_are_for_this_site_alone_and_no_script_reads_them(self, client):
        _member, cookies = self.visited(client)
        flags = {(one.key, bool(one["httponly"]), one["samesite"], one["domain"]) for one in cookies if one.value}
        assert flags == {
            ("session", True, "Lax", ""), ("csrftoken", True, "Lax", ""), ("device", True, "Strict", ""),
        }  # fmt: skip
