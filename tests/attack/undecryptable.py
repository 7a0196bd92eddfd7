"""Finds the encrypted columns of the models, and breaks all cells of one."""

from django.apps import apps
from django.db import connection

from s4jr.crypto.fields import encrypted_fields

COLUMNS = {field.context: (model, field) for model in apps.get_models() for field in encrypted_fields(model)}
BROKEN = "v1.gone.AAAA"


def break_all(context):
    """Breaks each cell that has a value; returns how many."""
    model, field = COLUMNS[context]
    with connection.cursor() as cursor:
        table, column = map(connection.ops.quote_name, (model._meta.db_table, field.column))
        cursor.execute(f"UPDATE {table} SET {column} = '{BROKEN}' WHERE {column} IS NOT NULL")
        return cursor.rowcount


def primary_keys(context):
    """Returns the primary keys of all rows of the table."""
    model, _field = COLUMNS[context]
    return set(model._base_manager.values_list("pk", flat=True))
