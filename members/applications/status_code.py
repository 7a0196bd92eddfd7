"""What someone can do with nothing but a status code: see the status, correct the address, go on without email, cancel.

A code alone shows nothing that was written. Who asks must never be able to tell an application for a known address from
any other unproved one: both go through the same steps here, and both read the same words.
"""

from django.db import models, transaction
from django.db.models import F

from members.applications import confirmation_emails
from members.applications.submission import CORRECTIONS_AT_MOST
from members.self_service.membership import StayingQuerySet
from members.self_service.services import ChangingQuerySet
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails
from s4jr.security.status_code import code_hash

#: How each status reads to the person it is about. A decision that can still be stopped does not show.
PUBLIC_STATUSES = {
    "unconfirmed": "asked",
    "duplicate_address": "being_read",
    "waiting": "being_read",
    "on_hold": "being_read",
    "declining": "being_read",
    "approved": "welcomed",
    "ending_membership": "welcomed",
    "declined": "not_now",
    "membership_ended": "not_now",
    "closed": "not_now",
    "left": "left",
    "lapsed": "lapsed",
}
#: The statuses of members, whether or not the end of their membership can still be undone.
WELCOMED = [status for status, shown in PUBLIC_STATUSES.items() if shown == "welcomed"]


def public_status(member):
    """Where things stand, as a word that a page has a paragraph for. Who asked twice hears of the one that was kept."""
    return PUBLIC_STATUSES[(member.same_as or member).status]


def may_ask_again(member):
    return public_status(member) in ("not_now", "left", "lapsed")


class DetailsQuerySet(ChangingQuerySet, StayingQuerySet, models.QuerySet):
    def proved(self):
        """Those who are no longer, or never were, an address that somebody typed: only they have details to open."""
        return self.exclude(status__in=self.model.UNPROVED)

    def is_nobodys(self):
        """Whether this application speaks for no one's inbox: it was not confirmed, or another one was kept."""
        return self.filter(status__in=[*self.model.UNPROVED, self.model.Status.DUPLICATE_ADDRESS]).exists()

    def with_code(self, code):
        """The member whose status code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def at_a_glance(self):
        """The one member here, or None. Nothing encrypted is read, so nothing that was written can show."""
        return (
            self.select_related("same_as")
            .only("number", "status", "times_corrected", "contact", "same_as__status")
            .first()
        )

    def correct_address(self, email, browser_token=""):
        """Another address for these unproved applications, and an email there. Returns how many could be amended.

        `browser_token` is the form that the same browser sent last: what it became ends too, where it waits at the old
        address. What came of it does not show: not whose the address is, nor whether an email went. The same address
        again asks for the email once more.
        """
        with transaction.atomic():
            amendable = list(self.unproved().filter(times_corrected__lt=CORRECTIONS_AT_MOST).select_for_update())
            for member in amendable:
                self._give_address(member, email, browser_token)
        return len(amendable)

    def _give_address(self, member, email, browser_token):
        index, row = blind_index(email), self.model.objects.filter(pk=member.pk)
        if index == member.email_index:
            row.send_again()
            return
        row.update(
            email=email,
            email_index=index,
            limit_index=limit_index(email),
            status=self.model.Status.UNCONFIRMED,
            confirm_until=None,
            list_due_at=None,
            times_corrected=F("times_corrected") + 1,
        )
        self._leave_address(member, browser_token)
        self._assign_address(row.get())

    def go_on_without_email(self, browser_token=""):
        """No email came, and none shall: forget the address and wait for a volunteer. Returns how many."""
        with transaction.atomic():
            unproved = list(self.unproved().select_for_update())
            for member in unproved:
                self.model.objects.filter(pk=member.pk).update(
                    email="",
                    email_index=None,
                    limit_index=None,
                    contact=self.model.Contact.NONE,
                    newsletter=False,
                    status=self._without_address(member.flag_reason),
                    confirm_until=None,
                    list_due_at=None,
                    browser_mark="",
                )
                self._forget_address(member, browser_token)
        return len(unproved)

    def withdraw_by_code(self):
        """Erase these members for somebody who may never have proved an address."""
        with transaction.atomic():
            for member in self.unproved().select_for_update():
                self._forget_emails(member)
                confirmation_emails.recall_list(self.model, confirmation_emails.limit_of(member))
            return self.withdraw()

    def _forget_address(self, member, browser_token):
        self._leave_address(member, browser_token)
        self._forget_emails(member)
        member.links.all().delete()

    def _forget_emails(self, member):
        erase_emails(OutgoingEmail.objects.filter(about=member.about))
