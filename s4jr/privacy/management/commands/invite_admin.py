import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from s4jr.privacy.mending import COMMAND_LINE
from s4jr.privacy.models import AccessLog, Invitation, User

FIRST_ADMIN = "first-admin"


class Command(BaseCommand):
    help = "Makes somebody an admin and prints a one-time link with which they choose a password."

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="?")
        parser.add_argument("--superuser", action="store_true", help="may do everything, also make other superusers")
        parser.add_argument("--first", action="store_true", help="while nobody signs in: make one, print a password")

    def handle(self, *args, username, superuser, first, **options):
        if first:
            self._make_first_admin()
        elif username:
            self.stdout.write(self._invite(username, superuser))
        else:
            raise CommandError("Say which name they sign in with: invite_admin <username>")

    def _make_first_admin(self):
        if User.objects.exists():
            return
        password = secrets.token_urlsafe(15)
        User.objects.create_superuser(FIRST_ADMIN, password=password)
        self.stdout.write(f"Sign in: {FIRST_ADMIN} / {password}")

    @transaction.atomic
    def _invite(self, username, superuser):
        user = User(username=username, is_staff=True, is_superuser=superuser)
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.save()
        AccessLog.objects.note(
            who=COMMAND_LINE,
            action=AccessLog.Action.CHANGED,
            records=[user],
            field_names=["username", "is_staff", "is_superuser"],
        )
        return Invitation.objects.issue(user=user, purpose=Invitation.Purpose.JOIN_STAFF)
