"""A canary name, address and message go through every flow; nothing stored on disk or logged contains them."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.utils import timezone
from playwright.sync_api import TimeoutError as PageTimeoutError

from members.models import Member
from members.review.services import decline, end_grace_periods
from tests import cast
from tests.e2e.test_main_job import ask_to_join, confirm, sign_in

#: Only this test uses this person: earlier tests write to the same files, also in columns that are not encrypted.
NAME, ADDRESS, THIRD = "Ottiliana Greypetrel", "ottiliana@greypetrel.example", "third@greypetrel.example"
MESSAGE = "A sentence that must not leak: the petrel crosses the bay."
# Long, or with a character that base64 lacks: a word of seven letters appears by chance in one of 2,000 runs (16 MiB).
CANARIES = [b"ottiliana", b"greypetrel", b"the petrel"]


def test_no_one_is_found_in_dump_data_folder_wal_redis_or_logs(
    new_page, ada, celery_worker_process, smtp_sink, redis_server, postgres, parts
):
    visitor, admin = new_page(javascript=False), new_page(javascript=False)

    ask_to_join(visitor, name=NAME, email=ADDRESS, message=MESSAGE)
    confirm(visitor, smtp_sink.wait_for(1)[0])
    sign_in(admin, ada)
    approve_for_a_reason(admin, "the petrel asked")
    admin.get_by_text("will be approved in a minute.").wait_for()
    cast.let_the_minute_pass()
    smtp_sink.wait_for(2)
    decline_applicant(ada)
    smtp_sink.wait_for(3)
    visitor.set_default_timeout(6000)
    with database_error(), pytest.raises(PageTimeoutError):
        ask_to_join(visitor, name=NAME, email=THIRD, message=MESSAGE)
    redis.Redis(port=redis_server.port).save()
    redis_server.kill()
    cast.ask(name=NAME, email=THIRD, message=MESSAGE)
    redis_server.start()

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    dump = postgres.dump(connection.settings_dict["NAME"])
    assert (b"v1.k1." in dump, canaries_in(dump)) == (True, [])
    assert canaries_below(parts.folder) == {}


def approve_for_a_reason(page, reason):
    page.goto("/manage/members/member/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_label("Why are you opening this record?").fill(reason)
    page.get_by_role("button", name="Open the record").click()
    page.get_by_role("button", name="Approve").click()


def decline_applicant(by):
    member = cast.waiting(name=NAME, email="other@greypetrel.example", message=MESSAGE)
    decline(
        member.as_read, by=by, reason="the petrel is internal", parting_email="Dear Ottiliana Greypetrel,\n\nnot now.\n"
    )
    Member.objects.filter(pk=member.pk).update(effective_at=timezone.now() - timedelta(seconds=1))
    end_grace_periods(Member.objects.all())


@contextmanager
def database_error():
    """Makes each application raise an error that repeats the SQL statement, including what was typed."""
    rename("members_member", "members_elsewhere")
    try:
        yield
    finally:
        rename("members_elsewhere", "members_member")


def rename(table, name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


def canaries_in(content):
    return [canary for canary in CANARIES if canary in content.lower()]


def canaries_below(folder):
    """Returns {file: canaries in it} for all files below; PostgreSQL adds and removes some meanwhile."""
    found = {}
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found[str(file)] = file.is_file() and canaries_in(file.read_bytes())
    return {file: canaries for file, canaries in found.items() if canaries}
