"""No admin page shows encrypted data of a record that was not opened with a reason, logged and counted (THREATS 50)."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from members.models import Member
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.crypto import decryption_guard
from s4jr.crypto.decryption_guard import DecryptionGuardMiddleware, RecordNotOpenedError
from tests import cast, make
from tests.canaries import WRONG, Crawl, Records, addresses_of

pytestmark = pytest.mark.django_db


def crawl_as(role):
    client = Client()
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return Crawl(client, user, Records())


@pytest.mark.parametrize("role", ["Reader", "Editor", "Coordinator"])
def test_every_page_shows_only_records_that_were_opened_and_counted(role):
    crawl = crawl_as(role)
    lists = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]
    offer = crawl.records.offer
    asked = [("get", address, None) for address in lists]
    asked.append(
        ("get", f"{reverse('admin:chapters_representative_add')}?offer={offer.pk}&version={offer.version}", None)
    )
    for row in crawl.records.rows:
        for address in addresses_of(row):
            asked += [("get", address, None), *(("post", address, said) for said in WRONG[:2])]
    found = [crawl.ask(*one) for one in asked]
    assert [(one.where, one.untold) for one in found if one.untold] == []
    assert len(found) > 60
    assert ([one.where for one in found if one.shown] != []) is (role == "Coordinator")  # it may read reports and users


@pytest.mark.parametrize("kind", ["member", "inquiry", "message", "offer"])
def test_the_page_shows_the_record_after_a_reason(kind):
    crawl = crawl_as("Coordinator")
    row = getattr(crawl.records, kind)
    change = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    found = crawl.ask("get", change, first=[("post", change, {"reason": "they asked"})])
    assert (f"canary.{row._meta.model_name}.name@canary.example" in found.shown, found.untold) == (True, [])


@pytest.mark.parametrize("press", ["not_now", "end_membership"])
def test_a_decision_page_logs_that_it_shows_the_stored_reason(press):
    crawl = crawl_as("Reader")
    member = crawl.records.member
    change = reverse("admin:members_member_change", args=[member.pk])
    address = reverse(f"admin:members_member_{press}", args=[member.pk])
    assert crawl.ask("get", address).shown == []
    found = crawl.ask("get", address, first=[("post", change, {"reason": "they asked"})])
    assert ("canary.member.name@canary.example" in found.shown, found.untold) == (True, [])


def test_a_view_that_forgets_to_open_the_record_shows_nothing(client, monkeypatch):
    make.signed_in_staff(client)
    member = cast.waiting()
    monkeypatch.setattr("members.admin.MemberAdmin.ask_to_open", lambda *said, **more: None)
    with pytest.raises(RecordNotOpenedError):
        client.get(reverse("admin:members_member_change", args=[member.pk]))
    client.raise_request_exception = False
    answer = client.get(reverse("admin:members_member_change", args=[member.pk]))
    assert (answer.status_code, cast.NAME in answer.content.decode()) == (500, False)


class TestStreamingResponse:
    """Its chunks are read after the view and every middleware returned."""

    @pytest.fixture
    def streamed(self, client, rf):
        """A function that returns the response of an admin view that streams the names of all members."""
        user = make.signed_in_staff(client)

        def view(request):
            return StreamingHttpResponse(member.name for member in Member.objects.order_by("pk"))

        def answer(view=view):
            request = rf.get("/manage/x/")
            request.user, request.let_in, request.session = user, user.pk, client.session
            return DecryptionGuardMiddleware(admin.site.admin_view(view))(request)

        return answer

    def test_shows_nothing_if_the_view_opened_nothing(self, streamed):
        cast.waiting()
        with pytest.raises(RecordNotOpenedError):
            b"".join(streamed().streaming_content)

    def test_shows_what_its_view_opened_and_guards_only_its_own_chunks(self, streamed):
        member = cast.waiting()

        def view(request):
            decryption_guard.allow(member, ["name"])
            return StreamingHttpResponse([Member.objects.get().name, *(row.name for row in Member.objects.all())])

        def late(request):
            decryption_guard.allow(member, ["name"])
            return StreamingHttpResponse(row.name for row in Member.objects.all())

        assert b"".join(streamed(view).streaming_content).decode() == cast.NAME * 2
        for _chunk in streamed(late).streaming_content:
            assert (decryption_guard.is_admin_page(), Member.objects.get().message) == (False, cast.MESSAGE)

    def test_an_export_logs_everything_that_it_contains(self):
        crawl = crawl_as("Coordinator")
        asked = {"status": ["waiting"], "reason": "for the printer"}
        found = crawl.ask("post", reverse("admin:members_member_export"), asked)
        assert ("canary.member.email@canary.example" in found.shown, found.untold) == (True, [])

    def test_an_export_without_the_permission_opens_nothing(self):
        cleo = make.admin("cleo", superuser=False)
        with pytest.raises(PermissionDenied):
            record_access.open_for_export(cleo, [cast.waiting()], ["name"], "for the printer")
        assert not AccessLog.objects.filter(action="exported").exists()


class TestDecryptionGuard:
    @pytest.fixture(autouse=True)
    def _in_an_admin_page(self):
        user = make.admin()
        token = decryption_guard._visit.set(decryption_guard.Visit())
        decryption_guard.guard(user)
        yield
        decryption_guard._visit.reset(token)

    def member(self):
        return Member.objects.get(pk=cast.waiting(contact="none", email="").pk)

    def test_a_field_can_be_read_only_after_that_field_of_that_record_was_opened(self):
        with decryption_guard.unshown():
            one, other = self.member(), self.member()
        decryption_guard.allow(one, ["name"])
        assert one.name == cast.NAME
        for row, field in ((one, "message"), (other, "name")):
            with pytest.raises(RecordNotOpenedError):
                getattr(row, field)

    def test_values_decrypted_for_an_email_cannot_be_shown_afterwards(self):
        with decryption_guard.unshown():
            one = self.member()
            assert one.name == cast.NAME
        with pytest.raises(RecordNotOpenedError):
            one.name  # noqa: B018

    def test_users_can_read_their_own_row(self):
        ada = make.User.objects.get(username="ada")
        assert (ada.display_name, ada.address) == ("", "")
        with pytest.raises(RecordNotOpenedError):
            make.User.objects.get(pk=make.admin("bo").pk).address  # noqa: B018


def test_the_guard_covers_only_the_admin(client):
    cast.waiting()
    client.get(reverse("home"))
    assert Member.objects.get().name == cast.NAME


def test_past_the_budget_no_row_is_written(client, settings):
    settings.OPENINGS_AN_HOUR = 1
    make.signed_in_staff(client)
    for number in range(3):
        member = cast.waiting(email=f"reader{number}@mailbox.example")
        client.post(reverse("admin:members_member_change", args=[member.pk]), {"reason": "they asked"})
    assert AccessLog.objects.filter(action="opened", budget="lists").count() == 1
