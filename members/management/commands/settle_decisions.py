from typing import Any

from django.core.management.base import BaseCommand

from members.models import Member
from members.review.services import end_grace_periods, settle_approvals


class Command(BaseCommand):
    help = "Makes decisions final that can no longer be undone, and writes their emails. For cron; needs no broker."

    def handle(self, **options: Any) -> None:
        everyone = Member.objects.all()
        approved, ended = settle_approvals(everyone), end_grace_periods(everyone)
        self.stdout.write(f"{approved} approved, {ended} others")
