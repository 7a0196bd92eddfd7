import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from members.announcements.services import hold_after_restore
from members.restore import hold_decisions, index_key_fits, settle_what_was_underway
from s4jr.crypto.key_rotation import columns, opens
from s4jr.erasure.backup import BackupError, identities, is_empty, restore_backup


class Command(BaseCommand):
    help = "Puts a backup into an EMPTY database, brings it up to date and erases again who was erased since."
    requires_system_checks = []  # pyright: ignore[reportAssignmentType]  # the stubs know only "__all__"

    def add_arguments(self, parser):
        parser.add_argument("file", help="what `backup` wrote")
        parser.add_argument("--key", required=True, help="a file with the secret key of age; - for standard input")
        parser.add_argument(
            "--erasures", action="append", default=[], help="beside ERASURES_FILE, as reapply_erasures takes it"
        )

    def handle(self, *, file: str, key: str, erasures: list[str], **options: Any) -> None:
        if not is_empty():
            raise CommandError("The database is not empty. Restore into a new one: nothing here is ever overwritten.")
        self._restore(Path(file), key)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self._say_whether_the_keys_fit()
        call_command("reapply_erasures", files=erasures, stdout=self.stdout)
        emails, sessions = settle_what_was_underway()
        self.stdout.write(f"{emails} emails that waited then are marked 'may or may not have arrived': look at them.")
        self.stdout.write(f"{hold_after_restore()} announcements are held: look whether each went out, then send it.")
        self.stdout.write(f"{hold_decisions()} decisions that could be undone then are undone: decide again.")
        self.stdout.write(f"{sessions} sessions ended. Then: verify_access_log, purge, and start the site.")

    def _restore(self, path: Path, key: str) -> None:
        try:
            keys = identities(sys.stdin.read() if key == "-" else Path(key).read_text(encoding="utf-8"))
            with path.open("rb") as encrypted:
                restore_backup(encrypted, keys)
        except BackupError as reason:
            # A restore that fails leaves the database empty. So if it is not, another one wrote it meanwhile.
            is_late = "The database is not empty anymore: another restore was faster. This one changed nothing."
            raise CommandError(str(reason) if is_empty() else is_late) from None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror or error}.") from None
        self.stdout.write(f"{path.name} is restored.")

    def _say_whether_the_keys_fit(self) -> None:
        """Checks the keys: without the right FIELD_KEYS, the restored rows are only numbers."""
        closed = [column.name for column in columns() if not opens(column)]
        if closed:
            raise CommandError(f"FIELD_KEYS of here does not open: {', '.join(closed)}. Bring the keys of that time.")
        if not index_key_fits():
            raise CommandError("INDEX_KEY of here finds nobody. Bring the key of that time.")
        self.stdout.write("The keys of here open what is encrypted in it, and find who is in it.")
