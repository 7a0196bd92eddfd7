"""Moving what was sealed under an older key to the first key of `FIELD_KEYS`, while the site goes on serving.

Every write is a compare-and-set on the stored token: whoever changes a row in the meantime wins, and writes under the
first key anyway. It can be stopped at any row and started again. Take an older key out of the ring only when nothing is
left.
"""

import json
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from s4jr.privacy.adapters import SECRET_CONTEXT
from s4jr.privacy.sealed import SealedValueError, is_current, seal, sealed_fields, unseal


@dataclass
class Count:
    """What became of the tokens of one column. `unopened` holds the primary keys of rows that no key opens."""

    name: str
    resealed: int = 0
    overtaken: int = 0
    unopened: list = field(default_factory=list)

    def __str__(self):
        return f"{self.name}: {self.resealed} resealed, {self.overtaken} overtaken, {len(self.unopened)} do not open"


def columns():
    """Everything that is sealed in the database."""
    for model in apps.get_models():
        for sealed_field in sealed_fields(model):
            yield SealedColumn(model, sealed_field)
    yield SecondFactorColumn()


class SealedColumn:
    """One `SealedTextField`."""

    def __init__(self, model, sealed_field):
        self.name = sealed_field.context
        self.field = sealed_field
        self.rows = model._base_manager.annotate(stored=Cast(sealed_field.name, TextField())).exclude(stored=None)

    def open(self, stored):
        unseal(stored, self.field.context)

    def resealed(self, stored):
        """The same text under the first key; the very same token if it is there already."""
        return stored if is_current(stored) else seal(unseal(stored, self.field.context), self.field.context)

    def write(self, pk, old, new):
        value = Value(new, output_field=TextField())
        return self.rows.filter(pk=pk, stored=old).update(**{self.field.name: value})


class SecondFactorColumn:
    """The seeds that allauth keeps inside a JSON column, sealed by our adapter."""

    name = SECRET_CONTEXT
    keys = ("secret", "seed")

    def __init__(self):
        self.rows = Authenticator.objects.annotate(stored=Cast("data", TextField()))

    def open(self, stored):
        data = json.loads(stored)
        for key in self.keys:
            if key in data:
                unseal(data[key], SECRET_CONTEXT)

    def resealed(self, stored):
        data = json.loads(stored)
        tokens = {key: data[key] for key in self.keys if key in data}
        if all(is_current(token) for token in tokens.values()):
            return stored
        return json.dumps({**data, **{key: self._again(token) for key, token in tokens.items()}})

    def _again(self, token):
        return seal(unseal(token, SECRET_CONTEXT), SECRET_CONTEXT)

    def write(self, pk, old, new):
        return self.rows.filter(pk=pk, stored=old).update(data=json.loads(new))


def opens(column):
    """Whether FIELD_KEYS opens every row of a column."""
    try:
        for stored in column.rows.values_list("stored", flat=True).iterator():
            column.open(stored)
    except SealedValueError:
        return False
    return True


def reseal(column, batch):
    """Reseal one column, `batch` rows in memory at a time, and count."""
    count, rest = Count(column.name), column.rows.order_by("pk")
    while rows := list(rest.values_list("pk", "stored")[:batch]):
        for pk, stored in rows:
            _reseal_row(column, pk, stored, count)
        rest = rest.filter(pk__gt=rows[-1][0])
    return count


def _reseal_row(column, pk, stored, count):
    try:
        new = column.resealed(stored)
    except SealedValueError:
        count.unopened.append(pk)
        return
    if new == stored:
        return
    if column.write(pk, stored, new):
        count.resealed += 1
    else:
        count.overtaken += 1
