"""Going: what is kept of a person goes at once, or when its time is over. A tombstone stays, for a restored backup."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from members import data_inventory
from s4jr.chunked import batches_of
from s4jr.erasure.erase import erase, erase_in_batches

#: How many people are erased, or have their words emptied, in one transaction.
BATCH = 200


class LeavingQuerySet(models.QuerySet):
    # --- by somebody's press

    def withdraw(self):
        """Erase these members, their links and their emails. An email that waits never leaves. Returns how many."""
        return len(erase(self).gone[self.model])

    def withdraw_with_duplicates(self):
        """For who proved the mailbox: erase them and what is found by the same address. Returns how many members."""
        return len(erase(self, proved=True).gone[self.model])

    # --- when the time is over

    def erase_all(self):
        """Erase these members a batch at a time, so that no transaction is long. Returns how many."""
        return erase_in_batches(self, BATCH)

    def erase_unproved(self, now):
        """What nobody confirmed in time is erased, and what was held and nobody looked at. Returns how many."""
        return self.filter(data_inventory.NOT_CONFIRMED.due(now) | data_inventory.FLAGGED_TOO_LONG.due(now)).erase_all()

    def empty_decided_words(self, now):
        """What was said for a decision goes some time after it; who is a member stays one. Returns how many."""
        words = dict.fromkeys(data_inventory.WORDS_FOR_A_DECISION, "")
        long_ago = Q(decided_at__lte=now - timedelta(days=settings.DECIDED_WORDS_DAYS))
        settled = self.exclude(status__in=[*self.model.UNDECIDED, *self.model.IN_GRACE_PERIOD]).filter(long_ago)
        again = settled.filter(emptied_on__lt=F("decided_at__date"))  # a later decision has words of its own
        due = [settled.filter(emptied_on=None), again]
        return sum(rows._update_all(**words, emptied_on=now.date()) for rows in due)

    def forget_addresses_to_come(self, now):
        """An address that somebody wanted to change to and never confirmed is forgotten. Returns how many.

        Who has none but that is again somebody who must never be e-mailed.
        """
        links = self.model._meta.get_field("links").related_model.objects
        to_it = links.filter(member=OuterRef("pk"), purpose="change", to_index=OuterRef("new_email_index"))
        forgotten = self.filter(~Exists(to_it.filter(expires_at__gt=now)), new_email_index__isnull=False)
        contact = Case(When(email_index=None, then=Value(self.model.Contact.NONE)), default=F("contact"))
        return forgotten._update_all(new_email="", new_email_index=None, contact=contact)

    def _update_all(self, **changes):
        """The same update a batch at a time; it must take a row out of this QuerySet. Returns how many."""
        return sum(self.filter(pk__in=pks).update(**changes) for pks in batches_of(self, BATCH))
