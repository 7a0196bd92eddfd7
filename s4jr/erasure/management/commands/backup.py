import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.erasure.backup import BackupError, recipients, write_backup


class Command(BaseCommand):
    help = "Writes the whole database into one file that only the holders of the keys in BACKUP_TO can open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to; - for standard output")
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
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None

    def _write(self, path, keys):
        """Write to a temporary name first: an interrupted backup must not look like a complete one."""
        aside = path.with_name(f"{path.name}.part")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            write_backup(file, keys)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        self.stdout.write(f"{path}: {path.stat().st_size} bytes, encrypted to {len(keys)} keys.")
