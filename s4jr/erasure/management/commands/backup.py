import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.erasure.backup import BackupError, recipients, write_backup
from s4jr.erasure.new_file import new_file


class Command(BaseCommand):
    help = "Writes the whole database into one file that only the holders of the keys in BACKUP_TO can open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a new file; - for standard output")
        parser.add_argument("--to", action="append", default=[], help="a public key of age; may be given again")

    def handle(self, *, file: str, to: list[str], **options: Any) -> None:
        try:
            keys = recipients(to or settings.BACKUP_TO)
            if file == "-":
                write_backup(sys.stdout.buffer, keys)
            else:
                self._write(Path(file), keys)
        except BackupError as reason:
            raise CommandError(str(reason)) from None
        except FileExistsError as error:
            said = f"{error.filename} exists. A backup is written to a new file only: name another one."
            raise CommandError(said) from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None

    def _write(self, path, keys):
        """An interrupted backup must not look like a complete one, nor take the place of an older one."""
        with new_file(path) as file:
            write_backup(file, keys)
        self.stdout.write(f"{path}: {path.stat().st_size} bytes, encrypted to {len(keys)} keys.")
