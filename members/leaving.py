"""Going: what is kept of a person goes at once, and a tombstone stays so that a restored backup forgets them again."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import Tombstone


class LeavingQuerySet(models.QuerySet):
    def withdraw_with_echoes(self):
        """For who proved the mailbox: erase them and all that was asked with the same address. Returns how many."""
        members = self.model.objects
        addresses = [index for index in self.values_list("email_index", flat=True) if index]
        echoes = Q(status=self.model.Status.ECHO, email_index__in=addresses)
        return members.filter(echoes | Q(pk__in=list(self.values_list("pk", flat=True)))).withdraw()

    def erase_unproved(self, now):
        """What nobody confirmed in time is erased: seven days after its letter. Held ones wait for a person."""
        week_ago = (now - timedelta(days=settings.CONFIRM_WITHIN_DAYS)).date()
        too_late, never_theirs = Q(confirm_until__lt=now), Q(confirm_until=None, received_on__lt=week_ago)
        return self.filter(too_late | never_theirs, status__in=self.model.UNPROVED, held_for="").withdraw()

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
