"""Addresses that get no emails, or no announcements, kept as keyed hashes."""

from django.db import models, transaction
from django.utils import timezone

#: The kind of announcements: the only emails that a stop of the scope "announcements" is about.
TO_MANY = "announcement"
#: Of an announcement to fewer people than this no numbers are shown: they would tell who stopped emails.
TOLD_FROM = 5

#: The kind of the one email that goes in spite of a stop: whoever has the code asks the mailbox whether emails may come
#: again. Where a mailbox does not exist, or an admin stopped it, that one does not go either.
OWNER_ASKS = "emails-again"

#: Emails to an address that anyone may type on a page of the site. That there is one, or none, tells whether it is
#: known here, or stopped; so they are listed only once they need somebody. Limits count them by inbox, so an empty mark
#: of each that has left outlasts whoever it was about. Named as text: no part imports another.
TO_TYPED_ADDRESSES = (
    "rsvp-confirm", "confirm", "confirm-address", "confirm-change", "confirm-list", "emails-again", "inquiry-answer",
    "message-answer", "message-erased", "message-not-read", "offer-not-now", "offer-taken-up", "open-details",
    "term-ended",
)  # fmt: skip
#: Of these the dedupe key is itself a limit, of an address and a day; it names nobody, and stays.
ONCE_A_DAY = ("rsvp-confirm", "message-erased", "message-not-read")


class SuppressionQuerySet(models.QuerySet):
    """Where a kind of email may be given, none means any email but one to many."""

    # --- questions

    def holding_for(self, kind=""):
        """The stops that hold for emails of this kind: those of every email, and for announcements also theirs."""
        if kind == OWNER_ASKS:
            return self.exclude(reason__in=self.model.BY_A_LINK)
        return self if kind == TO_MANY else self.filter(scope=self.model.Scope.EVERY_EMAIL)

    def among(self, indexes, kind=""):
        """Those of the given blind indexes that get no emails of this kind, as a set."""
        return set(self.holding_for(kind).filter(to_index__in=indexes).values_list("to_index", flat=True))

    def reason_for(self, to_index, kind=""):
        """Why the address behind this blind index gets no emails of this kind; None where it gets them.

        A `Suppression.Reason`; that of every email where there is one, else that of announcements.
        """
        stops = self.holding_for(kind).filter(to_index=to_index).order_by("-scope")
        found = stops.values_list("reason", flat=True).first() if to_index else None
        return self.model.Reason(found) if found else None

    # --- stopping and lifting

    def stop(self, to_index, reason, scope="every_email"):
        """No more emails of this scope to the address behind this blind index. A later stop does not weaken a `never`.

        Returns the row that says so, which may be an earlier one with another reason.
        """
        row, created = self.get_or_create(
            to_index=to_index, scope=scope, defaults={"reason": reason, "created_on": timezone.now().date()}
        )
        if not created and reason == self.model.Reason.NEVER:
            self.filter(pk=row.pk).update(reason=reason)
        return row

    def silence(self, to_index, reason, scope="every_email"):
        """Stop emails of this scope to this address, and call back those that wait. Returns the row that says so."""
        from s4jr.mail.models import OutgoingEmail

        with transaction.atomic():
            row = self.stop(to_index, reason, scope)
            OutgoingEmail.objects.filter(to_index=to_index).of_scope(scope).cancel()
        return row

    def lift(self, to_index, scope="every_email"):
        """Emails of this scope may go to this address again, unless somebody there said `never`."""
        self.filter(to_index=to_index, scope=scope).lift_all()

    def lift_for_owner(self, to_index: str) -> int:
        """Emails may come again where one link has stopped them, also for ever. News stay stopped. Returns how many.

        Only for whoever has shown that the address is theirs by more than one email: see decision 0016.
        """
        every = self.model.Scope.EVERY_EMAIL
        return self.filter(to_index=to_index, scope=every, reason__in=self.model.BY_A_LINK).delete()[0]

    def lift_all(self):
        """Emails may go to these addresses again, but for those where somebody said `never`. Returns how many."""
        return self.exclude(reason=self.model.Reason.NEVER).delete()[0]
