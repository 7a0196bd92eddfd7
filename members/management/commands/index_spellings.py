from django.core.management.base import BaseCommand

from members.contact_preference import index_spellings


class Command(BaseCommand):
    help = "Once after the release that adds it: every spelling of a discreet member's inbox finds their choice."

    def handle(self, *args, **options):
        self.stdout.write(f"{index_spellings()} members are found by other spellings of their address now.")
