"""Lifting a stop of all emails that somebody chose with one link."""

from django.db import models, transaction

from members import emails
from s4jr.mail.services import allow_emails_for_owner, queue_emails


class SuppressionLiftingQuerySet(models.QuerySet):
    def lift_stops(self):
        """Emails may come again to these members' addresses, also where somebody chose "never" with one link."""
        for to_index in self.exclude(email_index=None).values_list("email_index", flat=True):
            allow_emails_for_owner(to_index)

    def ask_to_lift_stops(self):
        """One email a day that asks their mailbox; it goes in spite of the stop, and the same where there is none."""
        with transaction.atomic():
            queue_emails([emails.emails_again(member) for member in self.exclude(email_index=None)])

    def lift_stops_by(self, link):
        """The button behind that email was pressed."""
        with transaction.atomic():
            if type(link).objects.filter(pk=link.pk).use():
                allow_emails_for_owner(link.to_index)
