from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.crypto.fields import writing_key_id
from s4jr.crypto.key_rotation import rotate, tables


class Command(BaseCommand):
    help = (
        "Moves everything that is encrypted to the first key of FIELD_KEYS. Safe while the site serves; may be stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="how many rows are held in memory at a time")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        counts = [count for table in tables() for count in self._rotate(table, batch)]
        unopened = [f"{count.name}: {pk}" for count in counts for pk in count.unopened]
        if unopened:
            raise CommandError("These rows open with no key of FIELD_KEYS:\n" + "\n".join(unopened))
        if any(count.overtaken for count in counts):
            self.stdout.write("Some rows were written meanwhile. Run this again before you take a key away.")
        else:
            self.stdout.write(f"Everything is encrypted under key {writing_key_id()}.")

    def _rotate(self, table, batch):
        counts = rotate(table, batch)
        self.stdout.write("\n".join(map(str, counts)))
        return counts
