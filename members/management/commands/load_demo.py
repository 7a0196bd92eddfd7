"""Plainly fictional people, to try the desk with. Refused where anybody real may be."""

import secrets
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from members.joining import Application
from members.models import Member
from s4jr.mail.models import OutgoingEmail

PEOPLE = [
    ("Amparo Quill", "CA", "CA-ON", "en"), ("Bertil Stonefield", "US", "US-OH", "en"), ("Chidi Marrow", "NG", "", "en"),
    ("Dunja Lark", "CA", "CA-QC", "fr-ca"), ("Esme Thistle", "US", "US-OR", "en"), ("Farid Copper", "DE", "", "en"),
    ("Gudrun Vale", "CA", "CA-BC", "en"), ("Hina Pebble", "NZ", "", "en"), ("Ibrahim Fennel", "US", "US-MI", "en"),
    ("Jutta Heron", "CA", "CA-MB", "en"), ("Kofi Bramble", "GH", "", "en"), ("Lupe Sparrow", "MX", "", "es"),
    ("Mahin Cedar", "CA", "CA-NS", "en"), ("Esme  Thistle", "US", "US-OR", "en"),
]  # fmt: skip
MESSAGE = "This person is invented, and so is this sentence."


class Command(BaseCommand):
    help = "Adds plainly fictional people who are being read. Refused when there are members who are not fictional."

    @transaction.atomic
    def handle(self, **options):
        if any(not member.email.endswith(".example") for member in Member.objects.only("email").iterator()):
            raise CommandError("There are members here who may be real: nothing was added.")
        for days, person in enumerate(reversed(PEOPLE)):
            self._add(days, *person)
        self.stdout.write(f"{len(PEOPLE)} fictional people are being read now.")

    def _add(self, days, name, country, region, language):
        token = secrets.token_hex(16)
        address = f"{name.split()[0].lower()}.{token[:6]}@mailbox.example"
        answers = {"country": country, "region": region, "language": language, "message": MESSAGE}
        Member.objects.ask_to_join(Application(name=name, contact="yes", email=address, form_token=token, **answers))
        asked = Member.objects.filter(form_token=token)
        received_on = timezone.now().date() - timedelta(days=days)
        asked.update(status=Member.Status.WAITING, confirm_until=None, held_for="", received_on=received_on)
        OutgoingEmail.objects.filter(about=asked.get().about).erase()
