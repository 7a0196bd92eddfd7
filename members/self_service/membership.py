"""Pausing and coming back, leaving and coming back. Each is one press and one compare-and-set UPDATE."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from s4jr.mail.kinds import OWNER_ASKS
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails

#: Emails that somebody gets because they asked for them a moment ago: a pause does not stop these.
ASKED_FOR = ("open-details", "confirm-change", "address-changed", OWNER_ASKS)


class StayingQuerySet(models.QuerySet):
    # --- questions

    def welcomed(self):
        """Those who are in: also who is asked to step back, until the hour in which that can be stopped is over."""
        return self.filter(status__in=[self.model.Status.APPROVED, self.model.Status.ENDING_MEMBERSHIP])

    # --- pausing

    def pause(self):
        """No email from us until they come back, but those they ask for. Returns how many began to pause."""
        with transaction.atomic():
            paused = self.welcomed().filter(paused_at=None).update(paused_at=timezone.now())
            if paused:
                cancel_emails(self._emails().exclude(kind__in=ASKED_FOR))
        return paused

    def end_pause(self):
        """Back from a pause. Returns how many."""
        return self.exclude(paused_at=None).update(paused_at=None)

    # --- leaving

    def leave(self):
        """Welcomed members go. Kept for LEFT_DAYS, so that the same code or link brings them back. Returns how many.

        Nobody sees them any more and nothing is sent: emails that wait are called back. A pause outlasts it.
        """
        statuses = self.model.Status
        gone = {"status": statuses.LEFT, "left_on": timezone.now().date(), "newsletter": False}
        with transaction.atomic():
            pks = list(self.values_list("pk", flat=True))
            members = self.model.objects.filter(pk__in=pks)
            left = members.filter(status=statuses.APPROVED).update(**gone, proposed_by=None)
            # Who was asked to leave is not approved again by leaving first: that they were asked stays, whoever asked.
            left += members.filter(status=statuses.ENDING_MEMBERSHIP).update(
                **gone,
                asked_to_leave_at=Coalesce("asked_to_leave_at", "decided_at"),
                declining_until=None,
                parting_email="",
            )
            if left:
                members._stop_sharing()
                cancel_emails(members._emails())
        return left

    def come_back(self):
        """Who left lately is in again; who was being asked to step back is read again. Returns how many.

        Nothing happens where they have asked anew since: that application counts.
        """
        statuses = self.model.Status
        gone = self.filter(status=statuses.LEFT, left_on__gt=timezone.now().date() - timedelta(days=settings.LEFT_DAYS))
        try:
            with transaction.atomic():
                read_again = gone.filter(Q(asked_to_leave_at__isnull=False) | Q(proposed_by__isnull=False))
                anew = {"received_on": timezone.now().date(), "reminded_days": 0, "decided_at": None}
                no_longer = {"left_on": None, "proposed_by": None, "asked_to_leave_at": None}
                back = read_again.update(status=statuses.WAITING, **no_longer, **anew)
                return back + gone.update(status=statuses.APPROVED, left_on=None)
        except IntegrityError:
            return 0

    def _emails(self):
        return OutgoingEmail.objects.filter(about__in=[member.about for member in self.only("pk", "number")])

    def _stop_sharing(self):
        sharings = self.model._meta.get_field("sharings").related_model
        sharings.objects.filter(member__in=self).delete()
