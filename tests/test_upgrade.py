"""An upgrade from the database of an earlier release loses nothing, and the site works with it.

`tests/data/releases/` holds one dump for each release and kind of database; `tooling/release_dump.py` creates them.
Each is loaded into a new database, which this process uses during these tests.
"""

import io
import secrets
from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from chapters.models import Meeting
from members.models import Member
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog, AccessLogCheckpoint
from s4jr.content.models import CacheVersion
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.key_rotation import columns, opens
from tests import make, releases
from tests.erasure.whole_database import TOKEN, rows_of
from tests.members.self_service.visitors import Visitor
from tests.release_rows import count_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("upgraded")]
#: `migrate` adds rows to these tables: texts, models and permissions of later releases.
GROWS = {
    "auth_group", "auth_group_permissions", "auth_permission", "content_textblock", "django_content_type",
    "django_migrations",
}  # fmt: skip


@pytest.fixture(scope="module")
def new_schema(django_db_setup, django_db_blocker):
    """The schema of a newly created database, read before the process switches."""
    with django_db_blocker.unblock():
        return schema()


@pytest.fixture(scope="module", params=releases.versions())
def upgraded(request, parts, new_schema, django_db_blocker, tmp_path_factory):
    """The record of a release whose upgraded database this process uses."""
    keys = releases.keys()
    with django_db_blocker.unblock():
        name = make_empty(parts, tmp_path_factory)
        with _using(name), override_settings(**{**keys, "FIELD_KEYS": keys["FIELD_KEYS"].split(",")}):
            load(request.param)
            call_command("migrate", interactive=False, verbosity=0)
            yield releases.read_record(request.param)


def make_empty(parts, tmp_path_factory):
    """Create an empty database; return its name for Django."""
    if connection.vendor == "sqlite":
        return str(tmp_path_factory.mktemp("release") / "db.sqlite3")
    name = f"release_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return name


def load(version):
    """Run the dump of a release on Django's connection. Rows may come before the rows that they reference."""
    sql = releases.read_sql(version, connection.vendor)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        run = connection.connection.executescript if connection.vendor == "sqlite" else cursor.execute
        run(sql)


@contextmanager
def _using(name):
    """Switch the process's connection to this database."""
    before = connection.settings_dict["NAME"]
    _move_to(name)
    try:
        yield
    finally:
        _move_to(before)


def _move_to(name):
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


# --- the database


def test_a_second_migrate_does_nothing():
    before, said = everything(), io.StringIO()
    call_command("migrate", interactive=False, stdout=said)
    assert "No migrations to apply." in said.getvalue()
    assert differences(before, everything()) == {}


def everything():
    """All rows except the cache version, which changes with each migrate because a release brings other texts."""
    tables = {*connection.introspection.table_names()} - {CacheVersion._meta.db_table}
    return {table: sorted(map(repr, rows_of(table))) for table in tables}


def test_its_schema_is_that_of_a_new_database(new_schema):
    """This finds migrations that were changed after their release: sites have run the original."""
    assert differences(schema(), new_schema) == {}


def differences(one, other):
    return {table: (one.get(table), other.get(table)) for table in one | other if one.get(table) != other.get(table)}


def schema():
    """Return {table: its columns, and its keys, indexes and constraints}, sorted and without their names."""
    with connection.cursor() as cursor:
        return {
            table: (_columns(cursor, table), _constraints(cursor, table))
            for table in connection.introspection.table_names(cursor)
        }


def _columns(cursor, table):
    found = connection.introspection.get_table_description(cursor, table)
    return {column.name: (column.type_code, column.display_size, column.null_ok, column.default) for column in found}


def _constraints(cursor, table):
    found = connection.introspection.get_constraints(cursor, table).values()
    asked = ("primary_key", "unique", "foreign_key", "check", "index")
    return sorted(repr((each["columns"], *(each[name] for name in asked))) for each in found)


def test_every_row_is_still_there(upgraded):
    now = count_rows()
    lost = {
        table: (then, now.get(table)) for table, then in upgraded["rows"].items() if not is_as_many(table, then, now)
    }
    assert lost == {}


def is_as_many(table, then, now):
    return now.get(table, 0) >= then if table in GROWS else now.get(table) == then


# --- encryption


def test_every_encrypted_field_of_every_row_decrypts():
    assert [column.name for column in columns() if not opens(column)] == []


def test_every_encrypted_token_belongs_to_a_field():
    cells = (
        str(cell) for table in connection.introspection.table_names() for row in rows_of(table) for cell in row.values()
    )
    stored = (token for column in columns() for token in column.rows.values_list("stored", flat=True))
    assert _count_tokens(cells) == _count_tokens(stored) > 500


def _count_tokens(texts):
    return sum(len(TOKEN.findall(text)) for text in texts)


def test_the_access_log_is_intact():
    said = io.StringIO()
    call_command("verify_access_log", stdout=said)
    assert said.getvalue() == "The access log is as it was written.\n"
    assert (AccessLog.objects.exists(), AccessLogCheckpoint.objects.exists()) == (True, True)


# --- the site


def test_a_member_finds_their_information_by_their_address(upgraded):
    member = upgraded["member"]
    assert member["name"] in Visitor().by_link(Member(email=member["address"]))


def test_a_member_finds_their_information_by_their_code(upgraded):
    """With only a code the page shows no name."""
    member = Member.objects.get(email_index=blind_index(upgraded["member"]["address"]))
    page = Visitor().by_code(upgraded["member"]["code"])
    assert ("Your information" in page, member.number in page) == (True, True)


def test_public_pages_work(client):
    meeting = Meeting.objects.filter(is_published=True, is_canceled=False).earliest("starts_at")
    pages = ["/", "/representatives/", "/chapters/", "/meetings/", f"/meetings/{meeting.pk}/", "/join/"]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_an_admin_signs_in_and_every_list_works(client, upgraded):
    user = User.objects.get(username=upgraded["admin"]["username"])
    client.post("/account/login/", {"login": user.username, "password": upgraded["admin"]["password"]})
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    lists = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]
    assert {page: client.get(page).status_code for page in lists} == dict.fromkeys(lists, 200)
