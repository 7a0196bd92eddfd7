"""Re-encrypts everything under the first key of `FIELD_KEYS` while the site serves.

Every write is a compare-and-set on the stored tokens: a concurrent change wins, and uses the first key anyway. The
columns of a table move together, with one write per row and AT_ONCE rows per transaction, so that no row is locked for
long. It can be stopped at any moment and started again. Remove an older key from the ring only when nothing is left.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from s4jr.crypto.fields import DecryptionError, EncryptedTextField, decrypt, encrypt, encrypted_fields, is_current

#: The context of the secrets that django-allauth stores for the second factor: see `s4jr.accounts.adapters`.
SECRET_CONTEXT = "mfa.secret"  # noqa: S105 (the name of a column, fixed for ever)
#: How many rows one transaction writes, and so locks.
AT_ONCE = 50


@dataclass
class Count:
    """The result for one column. `unopened` holds the primary keys of rows that no key decrypts."""

    name: str
    rotated: int = 0
    overtaken: int = 0
    unopened: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name}: {self.rotated} rotated, {self.overtaken} overtaken, {len(self.unopened)} do not open"


def tables() -> "Iterator[EncryptedTable | SecondFactorTable]":
    """Every table with encrypted columns."""
    for model in apps.get_models():
        if encrypted_fields(model):
            yield EncryptedTable(model)
    yield SecondFactorTable()


def columns() -> "list[EncryptedColumn | SecondFactorColumn]":
    """Every encrypted column in the database."""
    return [column for table in tables() for column in table.columns]


class EncryptedColumn:
    """One `EncryptedTextField`. `rows` are those with a value in it, annotated as `stored`."""

    def __init__(self, model: type[Any], encrypted_field: EncryptedTextField) -> None:
        self.name, self.column = encrypted_field.context, encrypted_field.column
        self.stored = Cast(encrypted_field.name, TextField())
        self.rows = model._base_manager.annotate(stored=self.stored).exclude(stored=None)

    def open(self, stored: str) -> None:
        decrypt(stored, self.name)

    def rotated(self, stored: str) -> str:
        """The same text under the first key; the same token if it already is."""
        return stored if is_current(stored) else encrypt(decrypt(stored, self.name), self.name)


class EncryptedTable:
    """The encrypted columns of one model."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.columns = [EncryptedColumn(model, encrypted_field) for encrypted_field in encrypted_fields(model)]

    def write(self, pk: Any, old: list[Any], new: list[Any]) -> int:
        """Compare and set the tokens of one row, by column; 1 if written, 0 if any token is no longer the old one.

        In plain SQL: building a QuerySet with so many encrypted columns takes longer than encrypting them.
        """
        changed = [number for number, token in enumerate(old) if token != new[number]]
        quoted = [connection.ops.quote_name(self.columns[number].column) for number in changed]
        table, key = map(connection.ops.quote_name, (self.model._meta.db_table, self.model._meta.pk.column))
        sets, still = ", ".join(f"{name} = %s" for name in quoted), " AND ".join(f"{name} = %s" for name in quoted)
        key_value = self.model._meta.pk.get_db_prep_value(pk, connection)
        values = [*(new[number] for number in changed), key_value, *(old[number] for number in changed)]
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {sets} WHERE {key} = %s AND {still}", values)  # noqa: S608  names of ours
            return cursor.rowcount


class SecondFactorColumn:
    """The secrets that allauth stores inside a JSON column, encrypted by our adapter."""

    name = SECRET_CONTEXT
    keys = ("secret", "seed")
    stored = Cast("data", TextField())

    def __init__(self) -> None:
        self.rows = Authenticator.objects.annotate(stored=self.stored)

    def open(self, stored: str) -> None:
        data = json.loads(stored)
        for key in self.keys:
            if key in data:
                decrypt(data[key], SECRET_CONTEXT)

    def rotated(self, stored: str) -> str:
        data = json.loads(stored)
        tokens = {key: data[key] for key in self.keys if key in data}
        if all(is_current(token) for token in tokens.values()):
            return stored
        return json.dumps({**data, **{key: self._again(token) for key, token in tokens.items()}})

    def _again(self, token):
        return encrypt(decrypt(token, SECRET_CONTEXT), SECRET_CONTEXT)


class SecondFactorTable:
    model = Authenticator

    def __init__(self) -> None:
        self.columns = [SecondFactorColumn()]

    def write(self, pk: Any, old: list[Any], new: list[Any]) -> int:
        [stored], [data] = old, new
        return self.columns[0].rows.filter(pk=pk, stored=stored).update(data=json.loads(data))


def opens(column: EncryptedColumn | SecondFactorColumn) -> bool:
    """Whether FIELD_KEYS decrypts every row of a column."""
    try:
        for stored in column.rows.values_list("stored", flat=True).iterator():
            column.open(stored)
    except DecryptionError:
        return False
    return True


def rotate(table: EncryptedTable | SecondFactorTable, batch: int) -> list[Count]:
    """Rotate one table, `batch` rows in memory at a time; returns a Count for each column."""
    counts = [Count(column.name) for column in table.columns]
    for rows in _batches(table, batch):
        due = [(pk, old, new) for pk, old in rows if (new := _rotated_row(table, counts, pk, old)) != old]
        for start in range(0, len(due), AT_ONCE):
            _write(table, counts, due[start : start + AT_ONCE])
    return counts


def _batches(table, size):
    """Lists of (primary key, stored tokens by column), in the order of the primary keys."""
    stored = {f"stored{number}": column.stored for number, column in enumerate(table.columns)}
    rest = table.model._base_manager.order_by("pk").annotate(**stored)
    while rows := list(rest.values_list("pk", *stored)[:size]):
        yield [(pk, list(tokens)) for pk, *tokens in rows]
        rest = rest.filter(pk__gt=rows[-1][0])


def _rotated_row(table, counts, pk, old):
    """The tokens of one row under the first key. One that no key decrypts stays as it is and is counted."""
    new = list(old)
    for number, column in enumerate(table.columns):
        try:
            new[number] = old[number] and column.rotated(old[number])
        except DecryptionError:
            counts[number].unopened.append(pk)
    return new


@transaction.atomic
def _write(table, counts, rows):
    for pk, old, new in rows:
        won = table.write(pk, old, new)
        for count, before, after in zip(counts, old, new, strict=True):
            if before != after:
                count.rotated += won
                count.overtaken += not won
