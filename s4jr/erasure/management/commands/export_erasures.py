from typing import Any

from django.core.management.base import BaseCommand

from s4jr.erasure.tombstones import all_remembered, lines


class Command(BaseCommand):
    help = "Prints the number and day of everybody who was erased, for a place apart from the backups."

    def handle(self, **options: Any) -> None:
        self.stdout.write(lines(all_remembered()), ending="")
