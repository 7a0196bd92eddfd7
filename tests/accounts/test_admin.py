"""The admin pages for user management."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.urls import reverse

from s4jr.accounts.models import Invitation, User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db

PEOPLE = "admin:accounts_user_changelist"
ADDRESS = "canary.address@example.org"


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def user_manager(client):
    """A signed-in admin who manages users and is not a superuser."""
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return user


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def recover(user):
    return reverse("admin:accounts_user_recover", args=[user.pk])


def test_the_list_shows_second_factors_and_no_addresses(client):
    make.signed_in_staff(client)
    User.objects.update(address=ADDRESS)
    page = client.get(reverse(PEOPLE))
    assert [user.enrolled for user in page.context["cl"].result_list] == [True]
    assert ADDRESS not in page.content.decode()


def test_the_list_takes_as_many_queries_for_thirty_users_as_for_one(client):
    """Each has two groups, a second factor and an address of their own, to which emails are stopped."""
    make.signed_in_staff(client)

    def create(number):
        helper = make.admin(f"helper{number}", superuser=False, address=f"helper{number}@coalition.example")
        make.stop(blind_index(helper.address), Suppression.Reason.UNSUBSCRIBED)
        make.second_factor(helper)
        for name in ("First", "Second"):
            helper.groups.add(Group.objects.create(name=f"{name} group {number}"))

    one, thirty = for_one_and_thirty(create, lambda: client.get(reverse(PEOPLE), {"email": ""}))
    page = client.get(reverse(PEOPLE))
    listed = Page(page.content.decode()).one(id="result_list")["text"]
    shown = listed.count("First group"), listed.count("Second group"), listed.count("stopped")
    assert (one, shown, page.context["cl"].result_count) == (thirty, (30, 30, 30), 31)


def test_adding_a_user_shows_a_link_once_and_sets_no_password(client):
    make.signed_in_staff(client)
    editor = Group.objects.get(name="Editor")
    page = client.post(reverse("admin:accounts_user_add"), {"username": "katherine", "role": str(editor.pk)})
    added = User.objects.get(username="katherine")
    invitation = Invitation.objects.get(user=added)
    assert (added.has_usable_password(), added.is_staff, invitation.purpose) == (False, True, "join_staff")
    assert page.context["link"].startswith("http://")
    assert "/invitation/" in page.content.decode()


def test_a_user_manager_cannot_make_superusers_or_give_roles(client, user_manager):
    roles = {"is_staff": "on", "is_superuser": "on", "is_active": "on", "role": "owner"}
    client.post(reverse("admin:accounts_user_add"), {"username": "katherine", **roles})
    client.post(change(user_manager), {"username": "grace", **roles})
    katherine = User.objects.get(username="katherine")
    user_manager.refresh_from_db()
    assert (katherine.is_staff, katherine.is_superuser) == (False, False)
    assert user_manager.is_superuser is False


@pytest.mark.parametrize("is_active", [True, False])
def test_a_user_manager_cannot_change_someone_who_may_do_more(client, user_manager, is_active):
    """A new link or another address would let them in as that person."""
    coordinator = make.person_who_signs_in("katherine", is_staff=True, is_active=is_active)
    coordinator.groups.add(make.group("Coordinator"))
    client.post(change(coordinator), {"username": "katherine", "address": ADDRESS, "is_active": "on"})
    new_link = reverse("admin:accounts_user_new_link", args=[coordinator.pk])
    answers = [client.post(recover(coordinator)).status_code, client.post(new_link).status_code]
    coordinator.refresh_from_db()
    assert (answers, coordinator.address, coordinator.is_active) == ([403, 403], "", is_active)


def test_a_user_manager_changes_someone_who_may_do_as_much(client, user_manager):
    other = make.person_who_signs_in("katherine", is_staff=True)
    other.user_permissions.set(user_manager.user_permissions.all())
    assert client.post(recover(other)).status_code == 200


def test_a_user_manager_cannot_change_a_superuser(client, user_manager):
    superuser = make.admin("ada")
    client.post(change(superuser), {"username": "ada2", "is_active": "on"})
    answers = [client.post(recover(superuser)).status_code, client.post(f"{change(superuser)[:-7]}delete/").status_code]
    superuser.refresh_from_db()
    assert (answers, superuser.username, superuser.has_usable_password()) == ([403, 403], "ada", True)


def test_users_cannot_recover_or_delete_themselves(client):
    user = make.signed_in_staff(client)
    assert client.post(recover(user)).status_code == 403
    assert client.post(f"{change(user)[:-7]}delete/", {"post": "yes"}).status_code == 403


def test_a_get_of_the_recovery_page_changes_nothing(client):
    make.signed_in_staff(client)
    other = make.admin("grace")
    make.second_factor(other)
    page = client.get(recover(other))
    other.refresh_from_db()
    assert (page.status_code, page.context["link"], Invitation.objects.count()) == (200, None, 0)
    assert other.has_usable_password()


def test_recovery_removes_password_factor_and_sessions_and_shows_a_link(client):
    from django.test import Client

    theirs = Client()
    other = make.signed_in_staff(theirs, "grace")
    ada = make.signed_in_staff(client, "ada")
    link = client.post(recover(other)).context["link"]
    other.refresh_from_db()
    assert other.has_usable_password() is False
    assert Authenticator.objects.filter(user=other).count() == 0
    assert theirs.get(reverse("admin:index")).status_code == 302
    assert Invitation.objects.live().with_token(link.split("/")[-2]).get().made_by == ada
    noted = AccessLog.objects.get(action="changed")
    assert (noted.who, noted.object_id, noted.field_names) == ("ada", str(other.pk), "password second_factor sessions")


def test_the_log_records_that_a_user_was_opened_without_the_address(client):
    make.signed_in_staff(client)
    other = make.admin("grace")
    User.objects.filter(pk=other.pk).update(address=ADDRESS)
    page = client.get(change(other))
    noted = AccessLog.objects.get()
    assert ADDRESS in page.content.decode()
    assert (noted.who, noted.action, noted.object_kind, noted.object_id) == (
        "ada",
        "opened",
        "accounts.user",
        str(other.pk),
    )
    assert noted.field_names == "address display_name"


def test_the_log_records_names_of_changed_fields_and_no_values(client):
    make.signed_in_staff(client)
    other = make.admin("grace")
    form = {"username": "grace", "address": ADDRESS, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(change(other), form).status_code == 302
    noted = AccessLog.objects.order_by("pk").values_list("action", "field_names")
    assert list(noted) == [("opened", "address display_name"), ("changed", "address")]
    assert User.objects.get(pk=other.pk).address == ADDRESS


@pytest.mark.parametrize(("address", "counted"), [(ADDRESS, ["lists", "lists"]), ("", ["lists"])])
def test_a_typed_address_counts_because_other_pages_tell_whether_it_gets_emails(client, address, counted):
    make.signed_in_staff(client)
    other = make.admin("grace", superuser=False)
    client.post(change(other), {"username": "grace", "address": address, "is_active": "on"})
    assert list(AccessLog.objects.exclude(budget="").values_list("budget", flat=True)) == counted


@pytest.mark.parametrize("who", ["themselves", "somebody new"])
def test_past_the_budget_no_address_is_saved_and_other_admins_are_notified(client, settings, who):
    ada, _bo = make.signed_in_staff(client), make.admin("bo", address="bo@mailbox.example")
    settings.OPENINGS_AN_HOUR = 0
    page = change(ada) if who == "themselves" else reverse("admin:accounts_user_add")
    refused = client.post(page, {"username": "newcomer", "address": ADDRESS, "is_active": "on", "is_staff": "on"})
    ada.refresh_from_db()
    assert (refused.status_code, ada.address, User.objects.filter(username="newcomer").exists()) == (403, "", False)
    assert [email.kind for email in OutgoingEmail.objects.all()] == ["admin-openings"]


def test_the_log_records_that_a_user_was_deleted(client):
    make.signed_in_staff(client)
    other = make.admin("grace")
    client.post(reverse("admin:accounts_user_delete", args=[other.pk]), {"post": "yes"})
    noted = AccessLog.objects.get()
    assert (noted.who, noted.action, noted.object_id) == ("ada", "erased", str(other.pk))
    assert User.objects.count() == 1


def test_an_invalid_address_is_refused(client):
    make.signed_in_staff(client)
    other = make.admin("grace")
    page = client.post(change(other), {"username": "grace", "address": "no address", "is_active": "on"})
    assert page.status_code == 200
    assert "There is no @ in the address." in page.content.decode()
    assert User.objects.get(pk=other.pk).address == ""


def test_recovery_of_a_missing_user_is_404(client):
    make.signed_in_staff(client)
    assert client.post(reverse("admin:accounts_user_recover", args=["x"])).status_code == 404


@pytest.mark.parametrize("way", ["add/", "{pk}/delete/"])
def test_the_access_log_takes_no_writes(client, way):
    user = make.signed_in_staff(client)
    (row,) = log_access(who=user, action="opened", records=[user])
    address = reverse("admin:audit_accesslog_changelist") + way.format(pk=row.pk)
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert AccessLog.objects.count() == 1


def test_the_access_log_can_be_read_and_not_changed(client):
    user = make.signed_in_staff(client)
    (row,) = log_access(who=user, action="opened", records=[user], reason="asked by the person")
    address = reverse("admin:audit_accesslog_change", args=[row.pk])
    assert "asked by the person" in client.get(address).content.decode()
    assert client.post(address, {"who": "somebody else"}).status_code == 403
    assert client.get(reverse("admin:audit_accesslog_changelist")).status_code == 200


def test_user_names_are_unique_whatever_their_case(client):
    make.signed_in_staff(client)
    page = client.post(reverse("admin:accounts_user_add"), {"username": "ADA", "is_active": "on"})
    assert "Someone already signs in with this name. Choose another one." in page.content.decode()


def test_every_sign_in_page_keeps_to_the_content_security_policy(client):
    """The pages hold no inline script, style or handler: the policy would block it."""
    user = make.signed_in_staff(client)
    addresses = [reverse(PEOPLE), change(user), reverse("admin:accounts_user_add"), "/account/2fa/",
                 "/account/2fa/recovery-codes/", "/account/2fa/totp/deactivate/", "/account/password/change/",
                 "/account/logout/", "/account/password/reset/"]  # fmt: skip
    for address in addresses:
        text = client.get(address).content.decode()
        assert ("<style" in text, " style=" in text, " onclick=" in text) == (False, False, False), address


class TestRecoveryOfAUserWithAnAddress:
    @pytest.fixture
    def grace(self, client):
        make.signed_in_staff(client, "ada")
        return make.admin("grace", address=ADDRESS)

    def test_the_link_is_emailed_and_not_shown(self, client, grace):
        page = client.post(recover(grace))
        [email] = mail.outbox
        token = email.body.partition("/invitation/")[2].partition("/")[0]
        assert (email.to, Invitation.objects.with_token(token).get().user) == ([ADDRESS], grace)
        assert (page.context["link"], token in page.content.decode(), "/invitation/" in page.content.decode()) == (
            "", False, False
        )  # fmt: skip

    def test_the_email_names_no_cause_and_its_lines_are_short(self, client, grace):
        client.post(recover(grace))
        [email] = mail.outbox
        assert coalition_words_in(f"{email.subject} {email.body}") == []
        assert [line for line in email.body.splitlines() if len(line) > 72 and not line.startswith("http")] == []

    def test_the_page_shows_the_link_if_the_address_gets_no_emails(self, client, grace, settings):
        settings.EMAIL_BACKEND = "s4jr.mail.backend.OutboxBackend"
        make.stop(blind_index(ADDRESS), Suppression.Reason.UNSUBSCRIBED)
        assert "/invitation/" in client.post(recover(grace)).context["link"]
        assert OutgoingEmail.objects.count() == 0

    def test_the_email_goes_through_the_outbox(self, client, grace, settings):
        settings.EMAIL_BACKEND = "s4jr.mail.backend.OutboxBackend"
        client.post(recover(grace))
        assert [(email.to, "/invitation/" in email.body) for email in OutgoingEmail.objects.all()] == [(ADDRESS, True)]


@pytest.mark.parametrize("name", ["ﷺ" * 20, "a" * 151])
def test_a_user_name_that_is_too_long_when_normalized_is_refused(client, name):
    """One character may become eighteen when normalized: PostgreSQL raised an error, and the page failed."""
    make.signed_in_staff(client)
    answer = client.post(reverse("admin:accounts_user_add"), {"username": name, "is_active": "on"})
    assert (answer.status_code, User.objects.count()) == (200, 1)
