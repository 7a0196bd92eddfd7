from typing import Any

from django.core.management.base import BaseCommand

from s4jr.mail.delivery import send_what_is_due


class Command(BaseCommand):
    help = "Sends the emails that are due, once, and ends. For cron; needs no broker."

    def handle(self, **options: Any) -> None:
        became = send_what_is_due()
        self.stdout.write(", ".join(f"{count} {what}" for what, count in sorted(became.items())) or "nothing was due")
