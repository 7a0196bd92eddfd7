from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "The earlier name of rotate_keys. Says so and does nothing."

    def handle(self, *args, **options):
        raise CommandError("`reseal` is called `rotate_keys` now.")
