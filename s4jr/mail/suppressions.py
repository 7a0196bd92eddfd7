"""Addresses that get no letters, kept as keyed hashes."""

from django.db import models
from django.utils import timezone


class SuppressionQuerySet(models.QuerySet):
    def stop(self, to_index, reason):
        """No more letters to the address behind this blind index. A `never` is not weakened by a later stop."""
        row, created = self.get_or_create(
            to_index=to_index, defaults={"reason": reason, "created_on": timezone.now().date()}
        )
        if not created and reason == self.model.Reason.NEVER:
            self.filter(pk=row.pk).update(reason=reason)

    def lift(self, to_index):
        """Letters may go to this address again, unless somebody there said `never`."""
        self.filter(to_index=to_index).exclude(reason=self.model.Reason.NEVER).delete()

    def among(self, indexes):
        """Those of the given blind indexes that get no letters, as a set."""
        return set(self.filter(to_index__in=indexes).values_list("to_index", flat=True))
