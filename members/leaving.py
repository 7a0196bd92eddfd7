"""Going: what is kept of a person goes at once, and a tombstone stays so that a restored backup forgets them again."""

from django.db import models, transaction
from django.utils import timezone

from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import Tombstone


class LeavingQuerySet(models.QuerySet):
    def withdraw(self):
        """Erase these members, their links and their letters. A letter that waits never leaves. Returns how many."""
        with transaction.atomic():
            members = list(self.only("pk", "number"))
            today = timezone.now().date()
            Tombstone.objects.bulk_create(
                [Tombstone(number=member.number, erased_on=today) for member in members], ignore_conflicts=True
            )
            OutgoingEmail.objects.filter(about__in=[member.about for member in members]).erase()
            self.model.objects.filter(pk__in=[member.pk for member in members]).delete()
        return len(members)
