from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.accounts.account_recovery import recover_sign_in
from s4jr.accounts.models import User


class Command(BaseCommand):
    help = "Mends a lost sign-in: ends somebody's password, second factor and sessions, and prints a one-time link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if not user:
            raise CommandError(f"Nobody signs in as {username}.")
        self.stdout.write(recover_sign_in(user))
