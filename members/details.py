"""What somebody can do who holds nothing but a status code: see where things stand, mend, go on without e-mail, go.

A code alone shows nothing that was written. Who asks must never be able to tell an application for a known address from
any other unproved one: both go through the same steps here, and both read the same words.
"""

from django.db import models, transaction
from django.db.models import F

from members.joining import TIMES_MENDED_AT_MOST
from members.my_details.changing import ChangingQuerySet
from members.my_details.staying import StayingQuerySet
from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.blind_index import blind_index
from s4jr.privacy.status_code import code_hash

#: How each status reads to the person it is about. A decision that can still be stopped does not show.
STANDINGS = {
    "unconfirmed": "asked",
    "echo": "asked",
    "waiting": "being_read",
    "on_hold": "being_read",
    "declining": "being_read",
    "approved": "welcomed",
    "stepping_back": "welcomed",
    "declined": "not_now",
    "stepped_back": "not_now",
    "closed": "not_now",
    "left": "left",
    "lapsed": "lapsed",
}


def standing(member):
    """Where things stand, as a word that a page has a paragraph for. Who asked twice hears of the one that was kept."""
    return STANDINGS[(member.same_as or member).status]


def may_ask_again(member):
    return standing(member) in ("not_now", "left", "lapsed")


class DetailsQuerySet(ChangingQuerySet, StayingQuerySet, models.QuerySet):
    def proved(self):
        """Those who are no longer, or never were, an address that somebody typed: only they have details to open."""
        return self.exclude(status__in=self.model.UNPROVED)

    def discreet_among(self, indexes: set[str]) -> set[str]:
        """Those of these blind indexes whose owner chose discreet emails. Whose mailbox it is decides; until somebody
        has shown that, whoever asked for more quiet does."""
        rows = self.filter(email_index__in=indexes).values_list("email_index", "status", "contact")
        settled, discreet = set(self.model.LIVE) - set(self.model.UNPROVED), self.model.Contact.DISCREET
        chosen = {index: contact for index, status, contact in rows if status in settled}
        quiet = {index for index, _status, contact in rows if contact == discreet}
        return {index for index in quiet if chosen.get(index, discreet) == discreet}

    def with_code(self, code):
        """The member whose status code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def at_a_glance(self):
        """The one member here, or None. Nothing sealed is read, so nothing that was written can show."""
        return (
            self.select_related("same_as")
            .only("number", "status", "times_mended", "contact", "same_as__status")
            .first()
        )

    def mend_address(self, email):
        """Another address for these unproved applications, and a letter there. Returns how many could be mended.

        What came of it does not show: not whose the address is, nor whether a letter went.
        """
        with transaction.atomic():
            mendable = list(self.unproved().filter(times_mended__lt=TIMES_MENDED_AT_MOST).select_for_update())
            for member in mendable:
                self._give_address(member, email)
        return len(mendable)

    def _give_address(self, member, email):
        index = blind_index(email)
        if index != member.email_index:
            self._leave_the_address(member)
            self.model.objects.filter(pk=member.pk).update(
                email=email,
                email_index=index,
                status=self.model.Status.ECHO,
                confirm_until=None,
                times_mended=F("times_mended") + 1,
            )
        self._place(self.model.objects.get(pk=member.pk))

    def go_on_without_email(self):
        """No letter came, and none shall: forget the address and go on to being read. Returns how many."""
        with transaction.atomic():
            unproved = list(self.unproved().select_for_update())
            for member in unproved:
                self._forget_address(member)
                self.model.objects.filter(pk=member.pk).update(
                    email="",
                    email_index=None,
                    contact=self.model.Contact.NONE,
                    newsletter=False,
                    status=self._without_address(member.held_for),
                    confirm_until=None,
                )
        return len(unproved)

    def withdraw_by_code(self):
        """Erase these members for somebody who may never have proved an address."""
        with transaction.atomic():
            for member in self.unproved().select_for_update():
                self._forget_address(member)
            return self.withdraw()

    def _forget_address(self, member):
        """Only an emptied letter that was sent stays its 30 days, about nobody: it still counts as this week's letter.

        Without it, anybody could join and withdraw over and over, and have a stranger's mailbox filled.
        """
        self._leave_the_address(member)
        about_them = OutgoingEmail.objects.filter(about=member.about)
        about_them.filter(state=OutgoingEmail.State.SENT).update(about="")
        about_them.erase()
        member.links.all().delete()
