"""Confirming an application with the link in an email. A link confirms its own application and no other."""

from django.db import models

from members.applications import confirmation_emails
from members.applications.descriptions import as_sent
from members.applications.submission import retry_on_conflict
from s4jr.mail.models import Suppression
from s4jr.mail.services import allow_emails

#: Which of two applications somebody keeps who confirms a second one from the same inbox.
THIS, OTHER = "this", "other"


class ChoiceNeededError(Exception):
    """Another application from the same inbox waits for a decision: its owner says which to keep."""

    def __init__(self, this, other):
        super().__init__()
        self.this, self.other = this, other


class ConfirmationQuerySet(models.QuerySet):
    def confirm(self, link, keep: str = "") -> bool:
        """The inbox is theirs. Returns whether a volunteer reads this application because of this call.

        Where a member has the address, nothing changes for them, and the application only reads as if it waited. Where
        another application waits there, `keep` says which of the two goes on; raises ChoiceNeededError without it.
        """
        return retry_on_conflict(lambda: self._confirm(link, keep))

    def _confirm(self, link, keep):
        mine = self.filter(pk=link.member_id, email_index=link.to_index, status__in=self.model.UNPROVED)
        if not (this := mine.only("pk", "newsletter", *_SHOWN).select_for_update().first()):
            return False
        other = self.model.objects.live().filter(email_index=link.to_index).only("status", *_SHOWN).first()
        if other and self._waits_too(other) and keep not in (THIS, OTHER):
            raise ChoiceNeededError(as_sent(this), as_sent(other))
        is_free = other is None or (keep == THIS and self._yield_address(other))
        statuses = self.model.Status
        status = statuses.WAITING if is_free else statuses.DUPLICATE_ADDRESS
        mine.update(status=status, confirm_until=None, list_due_at=None, browser_mark="")
        if is_free:
            self._write_there_again(this, link.to_index)
        type(link).objects.filter(pk=link.pk).use()
        return bool(is_free)

    def _waits_too(self, other):
        """Whether the other one reads as undecided. A decision that can still be undone does not show here either."""
        return other.status in self.model.READS_AS_WAITING

    def _yield_address(self, other):
        """The other one is no longer read, and its code goes on saying that it waits. False once it was decided."""
        undecided = self.model.objects.filter(pk=other.pk, status__in=self.model.UNDECIDED)
        return undecided.update(status=self.model.Status.DUPLICATE_ADDRESS)

    def _write_there_again(self, member, to_index):
        allow_emails(to_index)
        if member.newsletter:
            allow_emails(to_index, Suppression.Scope.ANNOUNCEMENTS)

    def delete_unwanted(self, link) -> int:
        """ "This wasn't me": delete the application that a link confirms, until a volunteer has decided about it.

        Nothing else that is kept of the address is touched. Returns how many, 0 or 1.
        """
        can_go = [*self.model.UNPROVED, *self.model.READS_AS_WAITING]
        return retry_on_conflict(lambda: self._delete_unwanted(link, can_go))

    def _delete_unwanted(self, link, can_go):
        limit_key = confirmation_emails.limit_of(link.member)
        gone = self.filter(pk=link.member_id, email_index=link.to_index, status__in=can_go).withdraw()
        confirmation_emails.recall_list(self.model, limit_key)
        return gone


#: What names an application.
_SHOWN = ("agreed_at", "form_token", "code_hash")
