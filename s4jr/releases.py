"""Changes to the schema while the site serves. docs/deploy.md says how a release goes; tests/test_releases.py holds it.

An index that is built on a table in use locks it against writing. On PostgreSQL these two do not; their migration says
`atomic = False`. SQLite knows no other way, and whoever runs on it stops the site for a release.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import AddIndex, RemoveIndex


class AddIndexWhileServing(AddIndexConcurrently):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        how = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        how.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        how = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        how.database_backwards(self, app_label, schema_editor, from_state, to_state)


class RemoveIndexWhileServing(RemoveIndexConcurrently):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        how = RemoveIndexConcurrently if schema_editor.connection.vendor == "postgresql" else RemoveIndex
        how.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        how = RemoveIndexConcurrently if schema_editor.connection.vendor == "postgresql" else RemoveIndex
        how.database_backwards(self, app_label, schema_editor, from_state, to_state)
