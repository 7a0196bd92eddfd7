"""Frequent queries use the index named for them, at 100,000 rows.

PostgreSQL's EXPLAIN reads each statement that the code really sends, with the default planner. The rows are created
once for all of these tests, behind a TRUNCATE that is rolled back with them.
"""

import json
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks import crowd
from members import purge
from members.applications.confirmation_emails import sent_lately, within
from members.contact_preference import discreet_among
from members.find.filters import in_place, received_in
from members.find.search import find
from members.models import Member
from members.retention import empty_decision_words, erase_unconfirmed, forget_new_addresses
from members.review import notifications
from members.review.handouts import free_for
from members.review.services import mark_as_told
from members.review.waiting_time import median_wait_days
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.crypto.fields import DecryptionError
from s4jr.mail.health import mail_health
from s4jr.mail.mailbox import limit_key, mailbox_indexes
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import claim_due, release_overdue

pytestmark = [pytest.mark.django_db, pytest.mark.only_postgres]
ROWS = 100_000
EMAILS = """
    INSERT INTO mail_outgoingemail (id, "to", subject, body, to_index, kind, about, batch, language, dedupe_key, state,
        attempts, claim, lease_until, next_attempt_at, last_error, created_at, sent_at)
    SELECT gen_random_uuid(), '', '', '', email_index, CASE id %% 3 WHEN 0 THEN 'confirm' ELSE 'welcome' END,
        'member ' || number, '', 'en', 'crowd ' || id,
        CASE WHEN id %% 1000 = 0 THEN 'pending' WHEN id %% 1000 = 1 THEN 'unknown' ELSE 'sent' END,
        1, NULL, NULL, now() - id %% 700 * interval '1 hour', '', now() - id %% 700 * interval '1 hour',
        CASE WHEN id %% 1000 > 1 THEN now() END FROM members_member"""
LINKS = """
    INSERT INTO members_memberlink (member_id, purpose, token_hash, to_index, created_at, expires_at, used_at)
    SELECT id, 'details', email_index, email_index, now(), now() + id %% 9000 * interval '1 hour', NULL
    FROM members_member"""
OPENINGS = """
    INSERT INTO audit_accesslog (uuid, at, who, action, object_kind, object_id, field_names, reason, hmac)
    SELECT gen_random_uuid(), now() - id %% 9000 * interval '1 hour', 'admin ' || id %% 20, 'opened', 'members.member',
        number, 'name', '', '' FROM members_member"""


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_member, mail_outgoingemail, audit_accesslog CASCADE")
        # Without foreign key checks of the invented rows, which would run again at the end of each test.
        cursor.execute("SET LOCAL session_replication_role = replica")
        crowd.fill(0, ROWS, encrypted=False)
        for statement in (EMAILS, LINKS, OPENINGS):
            cursor.execute(statement, [])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE mail_outgoingemail, members_memberlink, audit_accesslog")
        yield
        transaction.set_rollback(True)


def plans_of(act):
    """Return the plan nodes of each statement that `act` sends."""
    with CaptureQueriesContext(connection) as context, transaction.atomic():
        with suppress(DecryptionError):  # decryption fails for these rows, but only after the query
            act()
        transaction.set_rollback(True)
    asked = [
        query["sql"]
        for query in context
        if query["sql"].lstrip("( \n").startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    ]
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            [(found,)] = cursor.fetchall()
            yield from nodes_of((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def nodes_of(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes_of(below)


NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=3 * 365)  # before all but a few of these rows
KEY = limit_key("rosalind+x@mailbox.example")
QUEUE, PAGE = Member.objects.waiting().oldest_first, Member.objects.all()
LAST_MONTH = f"{NOW.date().replace(day=1) - timedelta(days=1):%Y-%m}"
ASKED = {
    # --- members
    "members_oldest_first": [
        lambda: list(QUEUE()[:50]),
        lambda: free_for(Member.objects.undecided(), User(pk=1)).waiting().oldest_first().first(),
        lambda: erase_unconfirmed(Member.objects.all(), NOW),
    ],
    "members_by_day": [
        lambda: list(PAGE.filter(received_in(LAST_MONTH)).order_by("received_on", "pk")[:50]),
        lambda: mark_as_told(Member.objects.waiting_since(30, LONG_AGO.date()), 30),
    ],
    "members_by_region": [lambda: list(PAGE.filter(in_place("CA-ON"), status="declined").oldest_first()[:50])],
    "members_by_country": [lambda: list(PAGE.filter(in_place("GB"), status="declined").oldest_first()[:50])],
    "members_member_chapter_id": [lambda: list(PAGE.filter(chapter=5, status="approved").oldest_first()[:50])],
    "members_by_language": [lambda: list(PAGE.filter(language="none", status="approved").oldest_first()[:50])],
    "members_by_address": [lambda: list(find(Member.objects.all(), crowd.address(5)))],
    "members_member_number": [lambda: list(find(Member.objects.all(), "No. 70700B"))],
    "members_member_code_hash": [lambda: list(find(Member.objects.all(), "4FK-9QX-2TM-7WP"))],
    "members_decided_lately": [lambda: median_wait_days(NOW.date())],
    "members_by_decision": [lambda: list(Member.objects.filter(decision=uuid.uuid4()))],
    "members_flagged": [
        lambda: Member.objects.exclude(flag_reason="").count(),
        notifications.tell_of_flagged,
    ],
    "decision_words_to_clear": [lambda: empty_decision_words(Member.objects.all(), LONG_AGO)],
    "members_by_limit": [
        lambda: list(Member.objects.filter(within(KEY))),  # without `unproved()`, which a sample may make cheaper
        lambda: discreet_among([mailbox_indexes(crowd.address(5))]),
    ],
    "discreet_by_address": [lambda: discreet_among([mailbox_indexes(crowd.address(5))])],
    "one_live_row_an_address": [lambda: discreet_among([mailbox_indexes(crowd.address(5))])],
    "members_by_new_address": [lambda: forget_new_addresses(Member.objects.all(), NOW)],
    "members_who_left": [lambda: purge.purge(LONG_AGO)],
    "links_by_their_end": [lambda: purge.purge(LONG_AGO)],
    # --- emails
    "emails_due": [mail_health, lambda: claim_due(50)],
    "emails_by_lease": [mail_health, release_overdue],
    "emails_failed_or_in_doubt": [mail_health, notifications.tell_of_doubts],
    "emails_newest_first": [lambda: list(OutgoingEmail.objects.all()[:50]), lambda: purge.purge(LONG_AGO)],
    "emails_by_mailbox": [
        lambda: sent_lately(KEY, NOW),
        lambda: OutgoingEmail.objects.within_limit(KEY).filter(kind="welcome").count(),
    ],
    "emails_by_address": [lambda: sent_lately(KEY, NOW)],
    "emails_by_record": [lambda: list(OutgoingEmail.objects.filter(about="member 70700B").on_their_way())],
    # --- the access log
    "access_by_user": [lambda: record_access.openings_lately(User(pk=3), record_access.Budget.LISTS)],
    "access_by_record": [lambda: list(AccessLog.objects.filter(object_kind="members.member", object_id="70700B"))],
}
BIG = {"members_member", "mail_outgoingemail", "members_memberlink", "audit_accesslog"}
CASES = [(index, ask) for index, asked in ASKED.items() for ask in asked]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(("index", "ask"), CASES, ids=[f"{index}-{n}" for n, (index, _) in enumerate(CASES)])
def test_a_query_uses_the_index_named_for_it_and_scans_no_table(index, ask):
    nodes = list(plans_of(ask))
    read_whole = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"} & BIG
    used = [node.get("Index Name", "").startswith(index) for node in nodes]  # a unique column has two
    assert (any(used), read_whole) == (True, set())


@pytest.mark.usefixtures("rows")
def test_a_query_without_an_index_is_found():
    nodes = plans_of(lambda: list(Member.objects.filter(agreement_version="none of them")))
    assert [node["Node Type"] for node in nodes] == ["Seq Scan"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("contact", ["yes", "discreet"])
def test_a_flooded_inbox_does_not_slow_the_query_for_its_owners_choice(contact):
    """Of 10,000 applications with the address or a spelling of it, the query reads 5 to 187, whatever they chose."""
    mailbox = mailbox_indexes("rosalind@gmail.com")
    with CaptureQueriesContext(connection) as context, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_member SET status='unconfirmed', decided_at=NULL, left_on=NULL, contact=%s, "
            "email_index=%s, limit_index=CASE id %% 3 WHEN 0 THEN %s WHEN 1 THEN %s END WHERE id %% 10 = 0",
            [contact, *mailbox],
        )
        cursor.execute("ANALYZE members_member")
        discreet_among([mailbox])
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {context.captured_queries[-1]['sql']}")
        [(found,)] = cursor.fetchall()
        transaction.set_rollback(True)
    nodes = list(nodes_of((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))
    read = [node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) for node in nodes]
    assert max(read) < 1_000
