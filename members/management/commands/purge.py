from typing import Any

from django.core.management.base import BaseCommand

from members.purge import purge


class Command(BaseCommand):
    help = "Forgets what is due, as /privacy/ says. Safe while the site serves, and twice at once; beat does it too."

    def handle(self, **options: Any) -> None:
        done = purge()
        for what, count in done.items():
            self.stdout.write(f"{what}: {count}")
        if not done:
            self.stdout.write("Nothing was due.")
