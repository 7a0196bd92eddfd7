"""Puts the test database back to how the migrations left it, without making it again.

Django's flush truncates every table and lets each app write its first rows anew: half a second after each test that
commits. Here the first rows are copied once, and after a test only the tables that differ from the copy are written.
"""

TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


class Snapshot:
    """The rows of every table of one PostgreSQL database: `.take(cursor)` once, `.restore(cursor)` after each test."""

    def __init__(self):
        self.tables, self.kept = [], {}

    def take(self, cursor):
        self.tables = [table for (table,) in cursor.execute(TABLES).fetchall()]
        self.kept = {table: rows for table in self.tables if (rows := _rows(cursor, table))}

    def restore(self, cursor):
        """Write only what differs; no trigger runs and no foreign key is checked, since the copy is whole."""
        changed = self._filled(cursor) | {table for table, rows in self.kept.items() if _rows(cursor, table) != rows}
        if not changed:
            return
        with cursor.connection.transaction():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in sorted(changed):
                cursor.execute(f"DELETE FROM {table}")
                if table in self.kept:
                    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(self.kept[table])

    def _filled(self, cursor):
        """The tables that hold rows, of those that the copy knows as empty."""
        asked = [
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in self.tables if table not in self.kept
        ]
        return {table for (table,) in cursor.execute(" UNION ALL ".join(asked)).fetchall()}


def _rows(cursor, table):
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)
