"""Searches every row of every table for a person, and decrypts encrypted values."""

import re

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from s4jr.crypto.fields import DecryptionError, decrypt, encrypted_fields
from s4jr.crypto.key_rotation import SECRET_CONTEXT
from s4jr.security.form_recovery import CONTEXT as TYPED_CONTEXT

TOKEN = re.compile(r"v1\.[a-z0-9]+\.[A-Za-z0-9+/=]+")


def contexts():
    yield from (field.context for model in apps.get_models() for field in encrypted_fields(model))
    yield from (SECRET_CONTEXT, TYPED_CONTEXT)


def decrypted(token):
    for context in contexts():
        try:
            return decrypt(token, context)
        except DecryptionError:
            continue
    return ""


def in_clear(column, cell):
    """Return a cell with every token decrypted."""
    text = cell.tobytes().decode("latin-1") if isinstance(cell, memoryview) else str(cell)
    if column == "session_data":
        text = str(SessionStore().decode(text))
    return TOKEN.sub(lambda token: decrypted(token[0]), text).casefold()


def places_of(*needles):
    """Return {(table, column)} of every cell that contains one of these."""
    wanted = [needle.casefold() for needle in needles]
    return {
        (table, column)
        for table in connection.introspection.table_names()
        for row in rows_of(table)
        for column, cell in row.items()
        if any(needle in in_clear(column, cell) for needle in wanted)
    }


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
