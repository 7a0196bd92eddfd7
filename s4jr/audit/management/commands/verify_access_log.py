from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s4jr.audit.checkpoints import faults


class Command(BaseCommand):
    help = "Says whether anybody changed, added or dropped rows of the access log; exits 1 if so."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("The access log is as it was written.")
