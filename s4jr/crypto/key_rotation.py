"""Moving what was encrypted under an older key to the first key of `FIELD_KEYS`, while the site goes on serving.

Every write is a compare-and-set on the stored tokens: whoever changes a row in the meantime wins, and writes under the
first key anyway. The columns of a table move together, one write a row and AT_ONCE rows a transaction, so that no row
is held for long. It can be stopped at any moment and started again. Take an older key out of the ring only when nothing
is left.
"""

import json
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from s4jr.crypto.fields import DecryptionError, decrypt, encrypt, encrypted_fields, is_current

#: The context of the secrets that django-allauth keeps for the second factor: see `s4jr.accounts.adapters`.
SECRET_CONTEXT = "mfa.secret"  # noqa: S105 (the name of a column, fixed for ever)
#: How many rows are written, and so held against others, in one transaction.
AT_ONCE = 50


@dataclass
class Count:
    """What became of the tokens of one column. `unopened` holds the primary keys of rows that no key opens."""

    name: str
    rotated: int = 0
    overtaken: int = 0
    unopened: list = field(default_factory=list)

    def __str__(self):
        return f"{self.name}: {self.rotated} rotated, {self.overtaken} overtaken, {len(self.unopened)} do not open"


def tables():
    """Every table that holds something encrypted."""
    for model in apps.get_models():
        if encrypted_fields(model):
            yield EncryptedTable(model)
    yield SecondFactorTable()


def columns():
    """Everything that is encrypted in the database."""
    return [column for table in tables() for column in table.columns]


class EncryptedColumn:
    """One `EncryptedTextField`. `rows` are those that have something there, as `stored`."""

    def __init__(self, model, encrypted_field):
        self.name, self.column = encrypted_field.context, encrypted_field.column
        self.stored = Cast(encrypted_field.name, TextField())
        self.rows = model._base_manager.annotate(stored=self.stored).exclude(stored=None)

    def open(self, stored):
        decrypt(stored, self.name)

    def rotated(self, stored):
        """The same text under the first key; the very same token if it is there already."""
        return stored if is_current(stored) else encrypt(decrypt(stored, self.name), self.name)


class EncryptedTable:
    """The encrypted columns of one model."""

    def __init__(self, model):
        self.model = model
        self.columns = [EncryptedColumn(model, encrypted_field) for encrypted_field in encrypted_fields(model)]

    def write(self, pk, old, new):
        """Compare and set the tokens of one row, by column; 1 where it was done, 0 where any is no longer the old one.

        In plain SQL: to put together a QuerySet of so many encrypted columns takes longer than to encrypt them.
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
    """The seeds that allauth keeps inside a JSON column, encrypted by our adapter."""

    name = SECRET_CONTEXT
    keys = ("secret", "seed")
    stored = Cast("data", TextField())

    def __init__(self):
        self.rows = Authenticator.objects.annotate(stored=self.stored)

    def open(self, stored):
        data = json.loads(stored)
        for key in self.keys:
            if key in data:
                decrypt(data[key], SECRET_CONTEXT)

    def rotated(self, stored):
        data = json.loads(stored)
        tokens = {key: data[key] for key in self.keys if key in data}
        if all(is_current(token) for token in tokens.values()):
            return stored
        return json.dumps({**data, **{key: self._again(token) for key, token in tokens.items()}})

    def _again(self, token):
        return encrypt(decrypt(token, SECRET_CONTEXT), SECRET_CONTEXT)


class SecondFactorTable:
    model = Authenticator

    def __init__(self):
        self.columns = [SecondFactorColumn()]

    def write(self, pk, old, new):
        [stored], [data] = old, new
        return self.columns[0].rows.filter(pk=pk, stored=stored).update(data=json.loads(data))


def opens(column):
    """Whether FIELD_KEYS opens every row of a column."""
    try:
        for stored in column.rows.values_list("stored", flat=True).iterator():
            column.open(stored)
    except DecryptionError:
        return False
    return True


def rotate(table, batch):
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
    """The tokens of one row as they should be. One that no key opens stays as it is, and is counted."""
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
