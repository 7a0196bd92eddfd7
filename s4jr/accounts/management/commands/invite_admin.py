import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from s4jr.accounts.models import User
from s4jr.accounts.services import COMMAND_LINE, Role, invite_user

FIRST_ADMIN = "first-admin"


class Command(BaseCommand):
    help = "Makes somebody an admin and prints a one-time link with which they make a passkey or choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?")
        parser.add_argument("--superuser", action="store_true", help="may do everything, also make other superusers")
        parser.add_argument("--group", action="append", default=[], help="what they may do; may be given several times")
        parser.add_argument("--first", action="store_true", help="while nobody signs in: make one, print a password")

    def handle(
        self, *args: Any, username: str | None, superuser: bool, group: list[str], first: bool, **options: Any
    ) -> None:
        if first:
            self._make_first_admin()
        elif username:
            self.stdout.write(self._invite(username, superuser, self._groups(group)))
            if not (superuser or group):
                self.stderr.write(f"{username} has no role yet. Choose one in the admin; there are: {_there()}.")
        else:
            raise CommandError("Say which name they sign in with: invite_admin <username>")

    def _make_first_admin(self):
        if User.objects.exists():
            return
        password = secrets.token_urlsafe(15)
        User.objects.create_superuser(FIRST_ADMIN, email=None, password=password)
        self.stdout.write(f"Sign in: {FIRST_ADMIN} / {password}")

    def _groups(self, names):
        groups = list(Group.objects.filter(name__in=names))
        missing = sorted(set(names) - {group.name for group in groups})
        if missing:
            raise CommandError(f"There is no group {', '.join(missing)}. There are: {_there()}.")
        return groups

    def _invite(self, username, superuser, groups):
        user = User(username=username)
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        role = Role(superuser, frozenset(group.pk for group in groups))
        return invite_user(user, role, by=COMMAND_LINE)


def _there():
    return ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
