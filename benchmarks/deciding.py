"""Approving a thousand selected applications: by the site, by one SQL statement, and in a loop of saves."""

from benchmarks.counting import counted, middle

AT_ONCE = 1000
ONE_STATEMENT = """
    WITH won AS (
        UPDATE members_member SET status = 'approved', decided_at = now(), decision = gen_random_uuid()
        WHERE id = ANY(%s) AND status = 'waiting' RETURNING id, number, email, email_index, language
    ), links AS (
        INSERT INTO members_memberlink (member_id, purpose, token_hash, to_index, created_at, expires_at)
        SELECT id, 'details', 'floor ' || id, email_index, now(), now() + interval '400 days' FROM won
    ), emails AS (
        INSERT INTO mail_outgoingemail (id, "to", subject, body, to_index, kind, about, batch, language, dedupe_key,
            state, attempts, next_attempt_at, last_error, created_at)
        SELECT gen_random_uuid(), email, repeat('s', 80), repeat('b', 1600), email_index, 'welcome', number, '',
            language, 'floor ' || id, 'pending', 0, now(), '', now() FROM won
    )
    INSERT INTO audit_accesslog (uuid, at, who, action, object_kind, object_id, field_names, reason, hmac)
    SELECT gen_random_uuid(), now(), 'ada', 'decided', 'members.member', number, 'status', '', repeat('h', 64) FROM won
"""


def _waiting():
    from members.models import Member

    return list(Member.objects.filter(status="waiting").order_by("?").values_list("pk", flat=True)[:AT_ONCE])


def approve(ada):
    """Without the minute to undo it: approving, links, emails and log rows in one transaction."""
    from django.conf import settings

    from members.models import Member
    from members.review import services
    from s4jr.mail.models import OutgoingEmail

    settings.APPROVAL_UNDO_SECONDS = 0
    taken = []
    for _ in range(3):
        pks = _waiting()
        with counted() as spent:
            assert len(services.approve(Member.objects.filter(pk__in=pks), by=ada).won) == len(pks)
        taken.append(spent)
        OutgoingEmail.objects.all()._raw_delete("default")
        Member.objects.filter(pk__in=pks).update(status="waiting", decided_at=None)
    return middle(taken)


def approve_by_sql():
    """One statement for statuses, links, emails and the access log, with texts of real length and no encryption."""
    from django.db import connection, transaction

    taken = []
    for _ in range(3):
        pks = _waiting()
        with transaction.atomic(), connection.cursor() as cursor:
            with counted() as spent:
                cursor.execute(ONE_STATEMENT, [pks])
            transaction.set_rollback(True)
        taken.append(spent)
    return middle(taken)


def approve_one_by_one(ada):
    """A loop, as in a simple view: a save and an entry in Django's own log for each."""
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.db import transaction
    from django.utils import timezone

    from members.models import Member

    with transaction.atomic():
        pks = _waiting()
        with counted() as spent:
            for member in Member.objects.filter(pk__in=pks):
                member.status, member.decided_at = "approved", timezone.now()
                member.save(update_fields=["status", "decided_at"])
                LogEntry.objects.log_actions(ada.pk, [member], CHANGE, single_object=True)
        transaction.set_rollback(True)
    return spent
