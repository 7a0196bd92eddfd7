"""Emails in the admin: it shows their state and the possible actions, never their text."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.kinds import TO_TYPED_ADDRESSES
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import begin_commit, claim_due, mark_arrived, settle_unknown
from tests import cast, make
from tests.chapters.cast import person
from tests.members.inquiries import people as inquiries
from tests.query_counts import LANGUAGES, for_one_and_thirty
from tests.reading import Page, words
from tests.servers.process import free_port

pytestmark = pytest.mark.django_db
EMAILS = reverse("admin:mail_outgoingemail_changelist")
SILENT = reverse("admin:mail_suppression_changelist")
SILENCE = reverse("admin:mail_suppression_add")
State = OutgoingEmail.State
NO_LEASE = {"claim": None, "lease_until": None, "sent_at": None}
_TAKEN = {"claim": uuid.uuid4(), "lease_until": timezone.now(), "sent_at": None}
#: Fields that a row needs besides its state.
_LEFT = {**NO_LEASE, "sent_at": timezone.now()}
STATES = {State.CLAIMED: _TAKEN, State.COMMITTING: _TAKEN, State.SENT: _LEFT, State.RETURNED: _LEFT}


OWN = "ada@mailbox.example"
TEST = reverse("admin:mail_test_email")
CHECK = reverse("admin:mail_check_settings")


@pytest.fixture
def ada(client):
    user = make.signed_in_staff(client, "ada")
    type(user).objects.filter(pk=user.pk).update(address=OWN)
    return user


def unknown():
    cast.written(body="A sentence about the heron.\n")
    [email] = claim_due(1)
    begin_commit(email)
    settle_unknown(email, "no answer")
    return email


def press(client, action, email):
    return client.post(EMAILS, {"action": action, "_selected_action": [email.pk]}, follow=True)


def test_neither_list_nor_record_shows_text_or_address(client, ada):
    email = unknown()
    for address in (EMAILS, reverse("admin:mail_outgoingemail_change", args=[email.pk])):
        words = client.get(address).content.decode()
        assert "may or may not have arrived" in words
        assert [canary for canary in (cast.ADDRESS, "heron") if canary in words] == []


@pytest.mark.parametrize(("action", "state"), [("send_again", State.PENDING), ("it_arrived", State.SENT)])
def test_an_admin_settles_an_unknown_email_and_the_log_records_it(client, ada, action, state):
    email = unknown()
    page = press(client, action, email).content.decode()
    email.refresh_from_db()
    assert (email.state, "1 email changed." in page) == (state, True)
    assert [entry.object_id for entry in AccessLog.objects.filter(action="sent")] == [str(email.pk)]


def test_a_record_and_a_do_not_email_entry_are_in_words(client, ada):
    email = cast.written(language="fr-ca")
    page = client.get(reverse("admin:mail_outgoingemail_change", args=[email.pk])).content.decode()
    assert '<div class="readonly">Français</div>' in page
    Suppression.objects.create(to_index="x", reason="unsubscribed", created_on=date(2026, 1, 2))
    assert str(Suppression.objects.get(to_index="x")) == "asked us to stop, January 2, 2026"


def test_the_do_not_email_list_has_its_name_and_counts_entries(client, ada):
    page = Page(client.get(SILENT).content.decode())
    assert (words(page.all(tag="h1")[0]), words(page.one(class_="paginator"))) == (
        "Do-not-email list",
        "0 do-not-email entries",
    )


def test_a_pending_email_is_not_sent_again(client, ada):
    email = cast.written()
    assert "0 emails changed." in press(client, "send_again", email).content.decode()


def about_its_own_inquiry(number):
    """A failed email of a batch of its own, in any language, about an inquiry of its own."""
    email = cast.written(about=inquiries.written(topic="press").about, batch=f"batch {number}")
    failed = {"state": State.FAILED, "language": LANGUAGES[number % 3], "last_error": f"550 {number}"}
    OutgoingEmail.objects.filter(pk=email.pk).update(**failed)


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(client, ada):
    one, thirty = for_one_and_thirty(about_its_own_inquiry, lambda: client.get(EMAILS))
    assert (one, client.get(EMAILS).content.decode().count("550 ")) == (thirty, 30)


def test_the_list_of_suppressions_takes_as_many_queries_for_thirty_as_for_one(client, ada):
    reasons = Suppression.Reason.values
    one, thirty = for_one_and_thirty(
        lambda number: make.stop(f"{number:064}", reasons[number % len(reasons)]), lambda: client.get(SILENT)
    )
    assert (one, client.get(SILENT).context["cl"].result_count) == (thirty, 30)


def test_the_access_log_takes_as_many_queries_for_thirty_as_for_one(client, ada):
    """Each row is of another user, about an inquiry of its own."""
    address = reverse("admin:audit_accesslog_changelist")

    def create(number):
        who, inquiry = person(f"bram{number}"), inquiries.written(topic="press")
        log_access(who=who, action="opened", records=[inquiry], field_names=["name"], reason="asked")

    one, thirty = for_one_and_thirty(create, lambda: client.get(address))
    assert (one, client.get(address).content.decode().count("bram")) == (thirty, 30)


class TestTestEmail:
    def test_it_goes_through_the_outbox_to_the_admins_own_address_only(self, client, ada):
        page = client.post(TEST, {"to": cast.ADDRESS}, follow=True)
        assert "The test email is in the outbox." in page.content.decode()
        assert [(email.kind, email.to) for email in OutgoingEmail.objects.all()] == [("test", OWN)]

    def test_the_answer_does_not_reveal_whether_a_typed_address_gets_emails(self, client, ada):
        client.get(EMAILS)  # clears the welcome message
        before = client.post(TEST, {"to": cast.ADDRESS}, follow=True).context["messages"]
        make.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        after = client.post(TEST, {"to": cast.ADDRESS}, follow=True).context["messages"]
        assert ([str(one) for one in after], OutgoingEmail.objects.count()) == ([str(one) for one in before], 2)

    def test_the_page_names_the_recipient_and_has_no_address_field(self, client, ada):
        page = client.get(TEST).content.decode()
        assert (OWN in page, 'type="email"' in page) == (True, False)

    @pytest.mark.parametrize("may_add", [True, False])
    def test_without_an_address_it_says_how_to_add_one(self, client, may_add):
        user = make.signed_in_staff(client, "cleo", superuser=False)
        rights = ["change_outgoingemail", "view_outgoingemail", *(["change_user"] if may_add else [])]
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        page = client.get(TEST).content.decode()
        own = reverse("admin:accounts_user_change", args=[user.pk])
        assert (own in page, "Ask an admin who manages users to add it." in page) == (may_add, not may_add)
        said = client.post(TEST, follow=True).content.decode()
        assert "No test email was sent, because we have no email address for you." in said
        assert OutgoingEmail.objects.count() == 0

    def test_an_admin_who_stopped_emails_gets_a_message(self, client, ada):
        make.stop(blind_index(OWN), Suppression.Reason.UNSUBSCRIBED)
        said = client.post(TEST, follow=True).content.decode()
        assert ("because emails to your address are stopped." in said, OutgoingEmail.objects.count()) == (True, 0)

    def test_staff_without_the_permission_cannot_send_one(self, client):
        make.signed_in_staff(client, "cleo", superuser=False)
        assert (client.get(TEST).status_code, client.post(TEST).status_code) == (403, 403)
        assert OutgoingEmail.objects.count() == 0


@pytest.fixture
def _well_known_sender(settings, dns_server, smtp_sink):
    """A mail server of our own, whose DNS has nothing but an SPF record with hostile text."""
    settings.MAIL_FROM = "hello@emails.example"
    settings.EMAIL_URL = f"smtp://127.0.0.1:{smtp_sink.port}"
    settings.DKIM_SELECTORS = ["s7"]
    dns_server.records = {"emails.example TXT": ["v=spf1 <script>alert(1)</script> -all"]}


@pytest.mark.usefixtures("_well_known_sender")
class TestCheckSettings:
    def test_the_page_looks_nothing_up_until_it_is_asked(self, client, ada, dns_server):
        page = client.get(TEST).content.decode()
        assert ("Check our email settings" in page, "What we found" in page, dns_server.queries) == (True, False, [])

    def test_it_shows_what_it_found_and_what_to_do_and_keeps_nothing(self, client, ada):
        page = " ".join(client.post(CHECK).content.decode().split())
        assert "DMARC record: Problem" in page
        assert "Add this TXT record at _dmarc.emails.example: v=DMARC1; p=none" in page
        assert "There is no DKIM key at s7._domainkey.emails.example." in page
        assert ("&lt;script&gt;alert(1)" in page, "<script>alert" in page) == (True, False)
        assert "What we found" not in client.get(TEST).content.decode()
        assert OutgoingEmail.objects.count() == 0

    def test_a_typed_selector_is_looked_up(self, client, ada, dns_server):
        client.post(CHECK, {"selector": " mail2026 "})
        asked = [query for query in dns_server.queries if "_domainkey" in query]
        assert asked == ["mail2026._domainkey.emails.example TXT"]

    def test_what_is_no_selector_is_refused_and_stays_in_the_form(self, client, ada, dns_server):
        page = client.post(CHECK, {"selector": "two words"}).content.decode()
        assert ("Enter only the selector, such as s1 or mail2026." in page, 'value="two words"' in page) == (True, True)
        assert dns_server.queries == []

    def test_offline_the_page_says_so(self, client, ada, dns_server):
        dns_server.is_closed = True
        page = client.post(CHECK)
        assert (page.status_code, "We couldn’t look this up." in page.content.decode()) == (200, True)

    def test_it_runs_ten_times_an_hour(self, client, ada):
        assert [client.post(CHECK, {"selector": "-"}).status_code for _ in range(11)] == [200] * 10 + [429]

    def test_it_needs_a_post(self, client, ada):
        assert client.get(CHECK).status_code == 405

    def test_it_needs_the_permission(self, client, dns_server):
        make.signed_in_staff(client, "cleo", superuser=False)
        assert (client.post(CHECK).status_code, dns_server.queries) == (403, [])

    def test_neither_user_nor_password_of_the_mail_server_is_shown(self, client, ada, settings):
        settings.EMAIL_URL = f"submission://heron:kingfisher@127.0.0.1:{free_port()}"
        page = client.post(CHECK).content.decode()
        assert ("Nothing answers on port" in page, "heron" in page, "kingfisher" in page) == (True, False, False)


@pytest.mark.parametrize("kind", TO_TYPED_ADDRESSES)
def test_an_email_to_an_address_that_anyone_can_type_is_listed_only_if_it_needs_action(client, ada, kind):
    cast.written(kind=kind)
    listed = []
    for state in State:
        OutgoingEmail.objects.update(state=state, **STATES.get(state, NO_LEASE))
        if client.get(EMAILS).context["cl"].result_count:
            listed.append(state)
    assert listed == [State.FAILED, State.UNKNOWN, State.BOUNCED, State.RETURNED]


def test_a_sent_email_can_be_marked_as_bounced(client, ada):
    email = unknown()
    mark_arrived(OutgoingEmail.objects.filter(pk=email.pk))
    page = press(client, "it_bounced", email).content.decode()
    assert ("1 email changed." in page, "bounced: the address doesn’t exist" in page) == (True, True)
    assert Suppression.objects.reason_for(email.to_index) == Suppression.Reason.BOUNCED
    assert [entry.object_id for entry in AccessLog.objects.filter(action="sent")] == [str(email.pk)]


@pytest.mark.parametrize("state", [State.BOUNCED, State.RETURNED])
def test_an_email_that_came_back_says_when(client, ada, state):
    email = cast.written()
    came_back = datetime(2026, 11, 5, 12, 30, tzinfo=UTC)
    OutgoingEmail.objects.update(state=state, sent_at=timezone.now(), bounced_at=came_back)
    pages = [EMAILS, reverse("admin:mail_outgoingemail_change", args=[email.pk])]
    assert ["November 5, 2026, 12:30 p.m." in client.get(page).content.decode() for page in pages] == [True, True]


def lift(client, *rows):
    ticked = {"action": "lift", "_selected_action": [row.pk for row in rows]}
    return client.post(SILENT, ticked, follow=True).content.decode()


class TestDoNotEmailList:
    def test_a_coordinator_stops_emails_to_an_address_and_it_is_stored_only_as_an_index(self, client, ada):
        waiting = cast.written()
        page = client.post(SILENCE, {"address": cast.ADDRESS.upper()}, follow=True).content.decode()
        waiting.refresh_from_db()
        [row] = Suppression.objects.all()
        assert (row.to_index, row.reason, waiting.state) == (waiting.to_index, "coordinator", State.CANCELED)
        assert "stopped by a coordinator" in page
        kept = [page, *LogEntry.objects.values_list("object_repr", "change_message"), str(vars(row))]
        assert [where for where in kept if "rosalind" in str(where).lower()] == []
        assert [entry.object_id for entry in AccessLog.objects.filter(action="changed")] == [str(row.pk)]

    @pytest.mark.parametrize("address", [cast.ADDRESS, "nobody.here@mailbox.example"])
    def test_adding_a_listed_address_gets_the_same_answer_and_is_counted(self, client, ada, address):
        make.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        Suppression.objects.update(created_on="2026-01-02")
        client.get(SILENT)  # clears the welcome message
        answer = client.post(SILENCE, {"address": address, "_continue": "1"})
        assert (answer.status_code, answer["Location"]) == (302, SILENT)
        said = [str(one) for one in client.get(SILENT).context["messages"]]
        assert said == ["This address gets no emails from us."]
        assert [(row.action, row.budget) for row in AccessLog.objects.all()] == [("changed", "lists")]
        assert LogEntry.objects.count() == 0

    def test_past_the_budget_nothing_is_added(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 1
        client.post(SILENCE, {"address": "first@mailbox.example"})
        refused = client.post(SILENCE, {"address": cast.ADDRESS})
        assert (refused.status_code, Suppression.objects.count()) == (403, 1)

    def test_an_invalid_address_shows_the_form_again(self, client, ada):
        page = client.post(SILENCE, {"address": "nowhere"})
        assert (page.status_code, Suppression.objects.count(), AccessLog.objects.count()) == (200, 0, 0)

    def test_an_address_with_never_email_me_stays_on_the_list(self, client, ada):
        make.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        client.post(SILENCE, {"address": cast.ADDRESS})
        [row] = Suppression.objects.all()
        assert row.reason == Suppression.Reason.NEVER
        assert "If someone asked us never to email, that address stays on the list." in lift(client, row)
        assert Suppression.objects.count() == 1

    def test_any_other_suppression_can_be_lifted_and_the_log_records_it(self, client, ada):
        row = make.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert "Emails can go to 1 address again." in lift(client, row)
        assert Suppression.objects.count() == 0
        assert [entry.object_id for entry in AccessLog.objects.filter(action="changed")] == [str(row.pk)]

    @pytest.mark.parametrize(("typed", "found"), [(" Rosalind@Mailbox.Example ", 1), ("rosalind", 0), ("bounced", 0)])
    def test_a_search_needs_the_whole_address(self, client, ada, typed, found):
        make.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert client.get(SILENT, {"q": typed}).context["cl"].result_count == 0  # never in a URL
        page = client.post(f"{SILENT}find/", {"term": typed}, follow=True)
        assert (page.context["cl"].result_count, page.request["QUERY_STRING"]) == (found, "found=1")
        assert [row.budget for row in AccessLog.objects.filter(action="searched")] == ["lists"]

    def test_a_row_can_be_viewed_and_neither_changed_nor_deleted(self, client, ada):
        row = make.stop(blind_index(cast.ADDRESS), Suppression.Reason.NEVER)
        looked = client.get(reverse("admin:mail_suppression_change", args=[row.pk]))
        assert (looked.status_code, "asked us never to email" in looked.content.decode()) == (200, True)
        assert client.post(reverse("admin:mail_suppression_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert "delete_selected" not in client.get(SILENT).content.decode()

    def test_a_user_with_only_the_view_permission_cannot_add_or_lift(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="view_suppression"))
        row = make.stop(blind_index(cast.ADDRESS), Suppression.Reason.BOUNCED)
        assert client.get(SILENCE).status_code == 403
        assert client.post(SILENCE, {"address": "bo@mailbox.example"}).status_code == 403
        lift(client, row)
        assert Suppression.objects.count() == 1
