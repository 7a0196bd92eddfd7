from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from s4jr.mail.health import mail_health
from s4jr.mail.models import OutgoingEmail


class Command(BaseCommand):
    help = "Emails by state, the oldest one that should have left, and when beat last ran."

    def handle(self, **options: Any) -> None:
        health = mail_health()
        for state, count in OutgoingEmail.objects.order_by("state").values_list("state").annotate(Count("pk")):
            self.stdout.write(f"emails {state}: {count}")
        self.stdout.write(f"oldest email that should have left: {health.late or 'none'}")
        if health.pause:
            self.stdout.write(f"sending is paused: {health.pause}")
        self.stdout.write(f"beat last ran: {f'{health.beat_age} ago' if health.beat_age else 'never'}")
