import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.erasure.reapply import erase_again
from s4jr.erasure.tombstones import beside, read


class Command(BaseCommand):
    help = "After a restore, before anything is started: erases again everybody who had been erased since the backup."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            action="append",
            default=[],
            dest="files",
            help="a copy of ERASURES_FILE, or what export_erasures printed; - for standard input; may be given again",
        )

    def handle(self, *, files: list[str], **options: Any) -> None:
        days, strange = self._read([self._beside(), *map(self._text, files)])
        again = erase_again(days)
        self.stdout.write(f"{again.known} tombstones; erased again: {', '.join(again.numbers) or 'nobody'}.")
        if strange:
            raise CommandError(f"{strange} lines are no number and day: look whether the right file was given.")

    def _beside(self):
        try:
            return beside()
        except UnicodeDecodeError:
            raise CommandError("ERASURES_FILE cannot be read: it is no text in UTF-8.") from None

    def _text(self, name):
        try:
            return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{name} cannot be read: it is no text in UTF-8.") from None

    def _read(self, texts):
        days, strange = {}, 0
        for text in texts:
            found, odd = read(text)
            days, strange = found | days, strange + odd
        return days, strange
