"""Schema changes while the site serves. docs/deploy.md explains releases, tests/test_migrations.py tests them.

Building an index locks a table against writes. On PostgreSQL these operations do not; their migration sets
`atomic = False`. SQLite has no such operation, so a site on SQLite stops for a release.
"""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it
)
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import UniqueConstraint


class AddIndexWhileServing(AddIndexConcurrently):
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        how = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        how.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        how = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        how.database_backwards(self, app_label, schema_editor, from_state, to_state)


class RemoveIndexWhileServing(RemoveIndexConcurrently):
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        how = RemoveIndexConcurrently if schema_editor.connection.vendor == "postgresql" else RemoveIndex
        how.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        how = RemoveIndexConcurrently if schema_editor.connection.vendor == "postgresql" else RemoveIndex
        how.database_backwards(self, app_label, schema_editor, from_state, to_state)


class NarrowUniqueWhileServing(Operation):
    """Narrows the condition of a unique constraint and keeps its name. The wider one holds until the new one exists."""

    def __init__(self, model_name: str, before: UniqueConstraint, after: UniqueConstraint) -> None:
        self.model_name, self.before, self.after = model_name, before, after

    @property
    def model_name_lower(self) -> str:
        return self.model_name.lower()

    def describe(self) -> str:
        return f"Narrow unique constraint {self.after.name} on model {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"narrow_{self.after.name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for operation in self._plain(self.before, self.after):
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._replace(app_label, schema_editor, from_state, to_state, self.before, self.after)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._replace(app_label, schema_editor, from_state, to_state, self.after, self.before)

    def _plain(self, old, new):
        return RemoveConstraint(self.model_name, old.name), AddConstraint(self.model_name, new)

    def _replace(self, app_label, schema_editor, from_state, to_state, old, new):
        if schema_editor.connection.vendor != "postgresql":
            between = from_state.clone()
            remove, add = self._plain(old, new)
            remove.state_forwards(app_label, between)
            remove.database_forwards(app_label, schema_editor, from_state, between)
            add.database_forwards(app_label, schema_editor, between, to_state)
            return
        model, quote = to_state.apps.get_model(app_label, self.model_name), schema_editor.quote_name
        kept, beside = quote(new.name), quote(f"{new.name}_new")
        made = str(new.create_sql(model, schema_editor)).replace(kept, beside, 1)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {beside}")
        schema_editor.execute(made.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1), params=None)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY {kept}")
        schema_editor.execute(f"ALTER INDEX {beside} RENAME TO {kept}")
