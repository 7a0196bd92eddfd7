from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from s4jr.mail.bounces.imap import MailboxUnreadableError, read_mailbox


class Command(BaseCommand):
    help = "Reads BOUNCE_MAILBOX_URL once and ends. For cron; needs no broker."

    def handle(self, **options: Any) -> None:
        if not settings.BOUNCE_MAILBOX_URL:
            raise CommandError("BOUNCE_MAILBOX_URL is not set.")
        try:
            became = read_mailbox(settings.BOUNCE_MAILBOX_URL)
        except MailboxUnreadableError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(", ".join(f"{count} {what}" for what, count in sorted(became.items())) or "nothing came back")
