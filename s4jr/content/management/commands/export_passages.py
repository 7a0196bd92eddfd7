from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "The earlier name of export_texts. Says so and does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("`export_passages` is called `export_texts` now.")
