"""The emails to one person on their record: kind, status and moment, never the content; "It bounced" and its undo."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from members.sent_emails import admin as sent_emails_admin
from members.sent_emails.kinds import NAMES
from members.sent_emails.services import mark_bounced, undo_bounced
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import queue_emails
from tests import cast, make
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

State = OutgoingEmail.State
TEXTS = Path(__file__).parents[3] / "members" / "content" / "en" / "emails"
SUBJECT = "The kingfisher is a canary"


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


@pytest.fixture
def member():
    return cast.waiting()


def written(member, state=State.SENT, **said):
    email = cast.written(**{"about": member.about, "kind": "welcome", "subject": SUBJECT, **said})
    emptied = {"to": "", "subject": "", "body": ""} if state == State.SENT else {}
    OutgoingEmail.objects.filter(pk=email.pk).update(
        state=state, sent_at=timezone.now() if state == State.SENT else None, **emptied
    )
    return email


def opened(client, member):
    record = reverse("admin:members_member_change", args=[member.pk])
    return client.post(record, {"reason": "they called"}, follow=True).content.decode()


def listed(page):
    [part] = [part for part in Page(page).all(tag="section") if part["aria-labelledby"] == "emails-to-them"]
    return words(part)


def bounced(member, email):
    return reverse("admin:members_member_bounced", args=[member.pk, email.pk])


def undo(member, email):
    return reverse("admin:members_member_undo_bounced", args=[member.pk, email.pk])


def state_of(email):
    return OutgoingEmail.objects.values_list("state", flat=True).get(pk=email.pk)


def why_stopped():
    return Suppression.objects.reason_for(blind_index(cast.ADDRESS))


def log():
    rows = AccessLog.objects.filter(action="changed").order_by("pk")
    return [(row.who, row.object_id, row.field_names, row.reason) for row in rows]


@pytest.mark.django_db
class TestTheList:
    def test_names_kind_status_and_moment_and_no_content(self, client, ada, member):
        written(member, State.PENDING)
        said = listed(opened(client, member))
        assert [word in said for word in ("Welcome, waiting to be sent,", str(timezone.now().year))] == [True, True]
        assert SUBJECT not in said

    def test_is_shown_only_on_the_opened_record(self, client, ada, member):
        written(member)
        page = client.get(reverse("admin:members_member_change", args=[member.pk])).content.decode()
        assert ("Why are you opening" in page, "Emails to this person" in page) == (True, False)

    def test_leaves_out_emails_to_others_and_to_other_addresses(self, client, ada, member):
        other = cast.waiting(email="other@mailbox.example")
        written(other, to="other@mailbox.example")
        written(member, to="new@mailbox.example", kind="confirm-change")
        assert "There are no emails to this person’s address" in listed(opened(client, member))

    def test_of_someone_without_an_address_is_empty(self, client, ada):
        member = cast.ask(cast.without_email())
        assert "There are no emails to this person’s address" in listed(opened(client, member))

    def test_ends_after_the_newest(self, client, ada, member, monkeypatch):
        monkeypatch.setattr(sent_emails_admin, "LISTED_AT_MOST", 2)
        for kind in ("confirm", "welcome", "open-details"):
            written(member, kind=kind)
        said = listed(opened(client, member))
        assert [word in said for word in ("Confirm your", "Welcome", "Sign-in link", "There are older emails.")] == [
            False, True, True, True,
        ]  # fmt: skip

    def test_takes_the_same_queries_for_one_email_and_for_thirty(self, client, ada, member):
        opened(client, member)
        record = reverse("admin:members_member_change", args=[member.pk])
        one, thirty = for_one_and_thirty(lambda n: written(member, kind=list(NAMES)[n % 3]), lambda: client.get(record))
        assert one == thirty

    def test_each_kind_of_email_to_members_has_a_name(self):
        kinds = {path.stem.removesuffix("-discreet") for path in TEXTS.glob("*.md")}
        of_members = {kind for kind in kinds if not kind.startswith(("admin-", "announcement-", "inquiry-"))}
        assert sorted(of_members - NAMES.keys()) == []


@pytest.mark.django_db
class TestItBounced:
    def test_the_page_before_says_what_it_does_and_changes_nothing(self, client, ada, member):
        email = written(member)
        said = client.get(bounced(member, email)).content.decode()
        assert [line in said for line in (
            "Their address goes on the do-not-email list.", "No email is sent now.", "You can undo this",
        )] == [True] * 3  # fmt: skip
        assert (state_of(email), why_stopped(), SUBJECT in said) == (State.SENT, None, False)

    def test_it_stops_the_address_cancels_what_waits_and_is_logged(self, client, ada, member):
        email, waiting = written(member), written(member, State.PENDING, kind="announcement")
        opened(client, member)
        page = client.post(bounced(member, email), follow=True).content.decode()
        assert f"The email to {member} is marked as bounced." in page
        assert (state_of(email), state_of(waiting)) == (State.BOUNCED, State.CANCELED)
        assert why_stopped() == Suppression.Reason.BOUNCED
        assert log() == [("ada", member.number, "emails", "marked an email as bounced")]

    def test_undo_lets_emails_go_again(self, client, ada, member):
        email = written(member)
        sent_at = OutgoingEmail.objects.get(pk=email.pk).sent_at
        client.post(bounced(member, email))
        assert "It didn’t bounce" in listed(opened(client, member))
        page = client.post(undo(member, email), follow=True).content.decode()
        assert f"Undone: the email to {member} counts as sent, and their address gets emails again." in page
        row = OutgoingEmail.objects.get(pk=email.pk)
        assert (row.state, row.sent_at, why_stopped(), queue_emails([cast.email()])) == (State.SENT, sent_at, None, 1)
        assert [reason for *_, reason in log()] == ["marked an email as bounced", "undid “It bounced”"]

    @pytest.mark.parametrize("reason", ["never", "unsubscribed", "coordinator"])
    def test_undo_lifts_no_other_stop_and_says_which_holds(self, client, ada, member, reason):
        email = written(member)
        make.stop(blind_index(cast.ADDRESS), reason)
        client.post(bounced(member, email))
        opened(client, member)
        page = client.post(undo(member, email), follow=True).content.decode()
        assert (why_stopped(), "Their address still gets no emails." in page) == (reason, True)

    @pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED])
    def test_undo_keeps_the_stop_that_another_email_gave_reason_for(self, ada, member, state):
        email = written(member)
        mark_bounced(member, email.pk, by=ada)
        row = OutgoingEmail.objects.get(pk=email.pk)
        row.pk, row.dedupe_key, row.state, row.sent_at = uuid.uuid4(), "another", state, None
        OutgoingEmail.objects.bulk_create([row])
        assert (undo_bounced(member, email.pk, by=ada), why_stopped()) == (True, Suppression.Reason.BOUNCED)

    @pytest.mark.parametrize("state", [State.PENDING, State.CANCELED, State.FAILED, State.UNKNOWN])
    def test_only_a_sent_email_can_bounce_here(self, client, ada, member, state):
        email = written(member, state)
        assert "Only an email that was sent can bounce." in client.get(bounced(member, email)).content.decode()
        opened(client, member)
        page = client.post(bounced(member, email), follow=True).content.decode()
        assert f"Nothing changed for {member}: someone else changed this email first, or it wasn’t sent." in page
        assert (state_of(email), why_stopped(), log()) == (state, None, [])

    def test_an_email_to_someone_else_is_not_found(self, client, ada, member):
        other = cast.waiting(email="other@mailbox.example")
        email = written(other, to="other@mailbox.example")
        assert client.get(bounced(member, email)).status_code == 404
        assert (mark_bounced(member, email.pk, by=ada), state_of(email)) == (False, State.SENT)

    def test_undo_needs_a_form(self, client, ada, member):
        assert client.get(undo(member, written(member))).status_code == 405

    def test_needs_the_permission_to_settle_emails(self, client, member):
        user = make.signed_in_staff(client, "grace", superuser=False)
        user.groups.add(Group.objects.get(name="Reader"))
        email = written(member)
        assert "It bounced" not in listed(opened(client, member))
        answers = [client.post(where(member, email)).status_code for where in (bounced, undo)]
        assert (answers, state_of(email)) == ([403, 403], State.SENT)
        user.user_permissions.add(Permission.objects.get(codename="change_outgoingemail"))
        assert (client.post(bounced(member, email)).status_code, state_of(email)) == (302, State.BOUNCED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("press", [mark_bounced, undo_bounced])
def test_admins_who_press_at_once_change_it_once(press):
    admins, member = [make.admin(name) for name in ("ada", "bo")] * 2, cast.waiting()
    email = written(member)
    if press is undo_bounced:
        mark_bounced(member, email.pk, by=admins[0])

    def once(user):
        try:
            return press(member, email.pk, by=user)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        won = sorted(threads.map(once, admins))
    stopped = {mark_bounced: (State.BOUNCED, "bounced"), undo_bounced: (State.SENT, None)}
    assert (won, (state_of(email), why_stopped())) == ([False, False, False, True], stopped[press])


@pytest.mark.django_db(transaction=True)
def test_marking_one_email_while_another_is_undone_keeps_the_stop():
    """Whoever comes first: an email that bounced leaves its address stopped."""
    ada, member = make.admin("ada"), cast.waiting()
    for turn in range(10):
        first, second = written(member, kind=f"welcome-{turn}"), written(member, kind=f"again-{turn}")
        mark_bounced(member, first.pk, by=ada)

        def act(what, email=None):
            try:
                return what(member, email, by=ada)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            done = [threads.submit(act, undo_bounced, first.pk), threads.submit(act, mark_bounced, second.pk)]
        assert [one.result() for one in done] == [True, True]
        assert (state_of(first), state_of(second), why_stopped()) == (State.SENT, State.BOUNCED, "bounced")
        undo_bounced(member, second.pk, by=ada)
