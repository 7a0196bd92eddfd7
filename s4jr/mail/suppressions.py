"""Addresses that get no letters, kept as keyed hashes."""

from django.db import models, transaction
from django.utils import timezone


class SuppressionQuerySet(models.QuerySet):
    def stop(self, to_index, reason):
        """No more letters to the address behind this blind index. A `never` is not weakened by a later stop.

        Returns the row that says so, which may be an earlier one with another reason.
        """
        row, created = self.get_or_create(
            to_index=to_index, defaults={"reason": reason, "created_on": timezone.now().date()}
        )
        if not created and reason == self.model.Reason.NEVER:
            self.filter(pk=row.pk).update(reason=reason)
        return row

    def silence(self, to_index, reason):
        """Stop letters to this address, and call back those that wait to leave. Returns the row that says so."""
        from s4jr.mail.models import OutgoingEmail

        with transaction.atomic():
            row = self.stop(to_index, reason)
            OutgoingEmail.objects.filter(to_index=to_index).cancel()
        return row

    def lift(self, to_index):
        """Letters may go to this address again, unless somebody there said `never`."""
        self.filter(to_index=to_index).lift_all()

    def lift_all(self):
        """Letters may go to these addresses again, but for those where somebody said `never`. Returns how many."""
        return self.exclude(reason=self.model.Reason.NEVER).delete()[0]

    def reason_for(self, to_index):
        """Why the address behind this blind index gets no letters, a `Suppression.Reason`; None where it gets them."""
        found = self.filter(to_index=to_index).values_list("reason", flat=True).first() if to_index else None
        return self.model.Reason(found) if found else None

    def among(self, indexes):
        """Those of the given blind indexes that get no letters, as a set."""
        return set(self.filter(to_index__in=indexes).values_list("to_index", flat=True))
