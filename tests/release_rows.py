"""Rows that a release dump holds besides the demo, so that few tables are empty. `tooling/release_dump.py` runs it."""

import json
import sys
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from chapters.models import Block
from members.models import Member
from members.retention import erase_members
from s4jr.accounts.models import User
from s4jr.audit.checkpoints import write_checkpoints
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from s4jr.mail.models import Heartbeat
from s4jr.security.status_code import code_hash
from tests import cast, make
from tests.erasure import people

#: A member who has only a status code and an address.
NAME, ADDRESS, CODE = "Orsolya Testperson", "orsolya@mailbox.example", "4FK-9QX-2TM-7WP"


def add_rows() -> None:
    """Add the rows, and print the record that `tests/releases.py` reads."""
    with transaction.atomic():
        ada = make.admin()
        make.second_factor(ada)
        _add_people(ada)
        _edit_a_text(ada)
        Heartbeat.objects.create(name="beat", at=timezone.now())
        write_checkpoints(now=timezone.now() + timedelta(days=1, hours=2))  # a later time, so that the day is over
    json.dump({"rows": count_rows(), "member": _member(), "admin": _admin(ada)}, sys.stdout)


def count_rows() -> dict[str, int]:
    """Return {table: number of rows}."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: _count(cursor, table) for table in tables}


def _count(cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
    return cursor.fetchone()[0]


def _add_people(ada: User) -> None:
    """Add a person with rows in nearly every table, one who can sign in, and one who was erased."""
    people.welcomed(ada)
    people.elsewhere(ada)
    Block.objects.create(user=ada, sender_index=people.INDEX_OF(people.ADDRESS), since=timezone.now().date())
    member = cast.waiting(name=NAME, email=ADDRESS)
    cast.put(member, Member.Status.APPROVED, code_hash=code_hash(CODE))
    erase_members(cast.waiting(name="Somebody Erased", email="erased@mailbox.example").row)


def _edit_a_text(ada: User) -> None:
    text_block = TextBlock.objects.get(key="our-why", language="en")
    rewrite_text(text_block, f"{text_block.text}\n\nOne more sentence.", by=ada)


def _member() -> dict[str, str]:
    return {"name": NAME, "address": ADDRESS, "code": CODE}


def _admin(ada: User) -> dict[str, str]:
    return {"username": ada.username, "password": make.PASSWORD}
