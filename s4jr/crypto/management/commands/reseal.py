from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "The earlier name of rotate_keys. Says so and does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("`reseal` is called `rotate_keys` now.")
