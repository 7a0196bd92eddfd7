"""Fills the site with fictional people. Refuses to run where real people may be."""

from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from members.demo.load import add_people
from members.demo.real_people import count_real_people
from members.demo.sign_ins import COORDINATOR, is_loaded, staff
from members.demo.site import count_by_kind, fill_site
from members.membership_counts.services import count_membership


def _number_of_people(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


class Command(BaseCommand):
    help = (
        "Fills the site with plainly fictional people and prints a sign-in for each role, once. Run again, it adds "
        "nothing. Refused where anybody real may be: a person with an address that does not end in .example."
    )

    def add_arguments(self, parser):
        what = "also add this many approved members, for load; each time it is given it adds so many more"
        parser.add_argument("--people", type=_number_of_people, default=0, metavar="N", help=what)

    @transaction.atomic
    def handle(self, *args, people: int, **options):
        if real := count_real_people():
            raise CommandError(f"There may be real people here ({real}): nothing was added.")
        if is_loaded():
            self.stdout.write("The demo is here already: nothing was added to it.")
            self.stdout.write("A new password for one of its sign-ins: manage.py changepassword <name>")
        else:
            self._fill()
        if people:
            add_people(people, by=staff(COORDINATOR))
            self.stdout.write(f"{people} more members were added.")
        count_membership()  # else the front page would say nothing of them until tomorrow

    def _fill(self):
        sign_ins = fill_site()
        counts = ", ".join(f"{count} {kind}" for kind, count in count_by_kind().items())
        self.stdout.write(f"Everybody here is fictional: {counts}.")
        self.stdout.write(f"Sign in at {settings.SITE_URL}{reverse('account_login')} (shown only now):")
        for sign_in in sign_ins:
            self.stdout.write(f"  {sign_in.username} / {sign_in.password}")
