"""Deciding. Each press is one compare-and-set UPDATE with a stamp; who carries the stamp was decided by this press."""

import uuid
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import emails
from s4jr.audit.models import AccessLog
from s4jr.chunked import batches_of
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

#: How long a "not now", or a stepping back, can still be stopped.
IN_GRACE_PERIOD = timedelta(hours=1)
#: How long before the day of a promised next step admins are reminded: a digest comes within this time.
REMINDED_BEFORE = timedelta(days=4)
#: How long "close without an email" can be undone.
UNDO_CLOSING = timedelta(days=1)
#: How many lapse, and how many are marked, in one transaction.
LAPSE_AT_ONCE, MARKED_AT_ONCE = 200, 200
#: What somebody wrote in their own words: gone at once where it is abuse, or where nobody answered in time.
#: It is we who empty it: that makes no other version of what an admin has read.
WORDS = {
    "message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": "", "version": F("version"),
}  # fmt: skip
#: Undoing leaves these as they were: the day of approval is what waiting times are counted by.
APPROVAL_STAYS = {"decided_by": F("decided_by"), "decided_at": F("decided_at")}
#: A "not now" that was taken away within its hour.
NOT_DECLINED = {"status": "waiting", "decided_at": None, "declining_until": None, "reason": "", "parting_email": ""}
#: The application is another version than the "not now" was about.
_AMENDED_SINCE = Q(declined_version__lt=F("version"))


class Decision(NamedTuple):
    """What a press did: the members it decided, and how many of those it named had been decided already.

    Neither counts who is no longer the version that was named.
    """

    won: list
    already: int


class DecidingQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(status__in=self.model.UNDECIDED)

    def of_versions(self, versions):
        """Those among these that are still as they were read: `versions` holds a version by primary key."""
        by_version = {}
        for pk, version in versions.items():
            by_version.setdefault(version, []).append(pk)
        still = [Q(version=version, pk__in=pks) for version, pks in by_version.items()]
        return self.filter(reduce(or_, still, Q(pk=None)))

    # --- welcome, keep, close

    def approve(self, by):
        """Welcome these members and write their welcome emails, each once. Returns a Decision."""
        with transaction.atomic():
            decision = self._decide(by, self.model.UNDECIDED, status=self.model.Status.APPROVED, proposed_by=None)
            queue_emails(emails.welcome([member for member in decision.won if member.gets_emails]))
        return decision

    def keep_waiting(self, by):
        """Put these members aside for later. Returns a Decision."""
        with transaction.atomic():
            return self._decide(by, [self.model.Status.WAITING], status=self.model.Status.ON_HOLD, decided_at=None)

    def close(self, by, reason=""):
        """Abuse or spam: no email, and their words go at once. Returns a Decision."""
        return self._close(by, reason=reason)

    def close_as_same_as(self, kept, by, reason=""):
        """A second form of a person who is kept: closed in silence, so that there is one email. Returns a Decision."""
        return self._close(by, reason=reason, same_as=kept)

    def _close(self, by, **changes):
        closed = self.model.Status.CLOSED
        with transaction.atomic():
            return self._decide(by, self.model.UNDECIDED, status=closed, proposed_by=None, **changes, **WORDS)

    def reopen(self, by):
        """Undo a closing within a day; the words stay gone. Nothing happens where they have asked anew since."""
        lately = self.filter(decided_at__gt=timezone.now() - UNDO_CLOSING)
        again = {"status": self.model.Status.WAITING, "decided_at": None, "same_as": None}
        try:
            with transaction.atomic():
                return lately._decide(by, [self.model.Status.CLOSED], **again)
        except IntegrityError:
            return Decision([], self.count())

    # --- not now, stepping back

    def decline(self, by, reason="", parting_email=""):
        """Begin a "not now". For an hour anybody with the right may stop it; then the email goes. Returns a Decision.

        With DECLINE_NEEDS_TWO the first press proposes it (`won` is empty) and another admin's press begins the hour.
        """
        said = {"reason": reason, "parting_email": parting_email}
        if settings.DECLINE_NEEDS_TWO:
            return self._decline_by_two(by, said)
        return self._begin_not_now(by, **said)

    def _decline_by_two(self, by, said):
        proposed_by_another = self.filter(proposed_by__isnull=False).exclude(proposed_by=by)
        decision = proposed_by_another._begin_not_now(by)
        won = {member.pk for member in decision.won}
        self.undecided().filter(proposed_by=None).exclude(pk__in=won).update(proposed_by=by, **said)
        return decision

    def _begin_not_now(self, by, **said):
        as_read = {"declined_version": F("version")}
        return self._cool(by, self.model.UNDECIDED, self.model.Status.DECLINING, **as_read, **said)

    def end_membership(self, by, reason, parting_email, next_step_on=None):
        """Ask a welcomed member to leave, through the same hour. Returns a Decision.

        Who approved them and when stays until the hour is over: stopped, nothing of it has happened. `next_step_on` is
        the day that the email promises, of which admins are reminded.
        """
        asked = {"asked_to_leave_at": timezone.now(), "proposed_by": by, **APPROVAL_STAYS}
        said = {"reason": reason, "parting_email": parting_email, "next_step_on": next_step_on}
        return self._cool(by, [self.model.Status.APPROVED], self.model.Status.ENDING_MEMBERSHIP, **said, **asked)

    def _cool(self, by, from_statuses, status, **changes):
        in_grace_period = {"status": status, "declining_until": timezone.now() + IN_GRACE_PERIOD, "proposed_by": None}
        with transaction.atomic():
            return self._decide(by, from_statuses, **{**in_grace_period, **changes})

    def stop(self, by):
        """Take a "not now" or a stepping back away within its hour. Returns a Decision."""
        statuses = self.model.Status
        forgotten = {"declining_until": None, "reason": "", "parting_email": "", "next_step_on": None}
        with transaction.atomic():
            read_again = self._decide(by, [statuses.DECLINING], **NOT_DECLINED)
            still_in = {"status": statuses.APPROVED, "asked_to_leave_at": None, "proposed_by": None, **APPROVAL_STAYS}
            still_welcome = self._decide(by, [statuses.ENDING_MEMBERSHIP], **still_in, **forgotten)
        return Decision(read_again.won + still_welcome.won, still_welcome.already - len(read_again.won))

    def end_grace_periods(self):
        """The hour is over: what was not stopped stands, and its email is written. Returns how many.

        A "not now" is about the version that was read. Who amended their application since waits again.
        """
        statuses = self.model.Status
        asked = {
            "decided_at": Coalesce("asked_to_leave_at", "decided_at"),
            "decided_by": Coalesce("proposed_by", "decided_by"),
            "proposed_by": None,
        }
        declined = self._settle(statuses.DECLINING, status=statuses.DECLINED)
        self.filter(_AMENDED_SINCE, status=statuses.DECLINING).update(**NOT_DECLINED)
        return declined + self._settle(statuses.ENDING_MEMBERSHIP, status=statuses.MEMBERSHIP_ENDED, **asked)

    @transaction.atomic
    def _settle(self, begun, **stands):
        stamp = uuid.uuid4()
        over = self.filter(status=begun, declining_until__lte=timezone.now()).exclude(_AMENDED_SINCE)
        settled = over.update(**stands, declining_until=None, decision=stamp)
        self._part_with(stamp)
        return settled

    def _part_with(self, stamp):
        gone = self.model.objects.filter(decision=stamp)
        queue_emails(made_for_each((one for one in gone if one.gets_emails), emails.parting))
        gone.update(parting_email="")

    # --- what was promised

    def next_steps_due(self, today):
        """Those who were asked to leave and promised a next step within the days to come, or before today."""
        membership_ended = self.filter(status=self.model.Status.MEMBERSHIP_ENDED)
        return membership_ended.filter(next_step_on__lte=today + REMINDED_BEFORE)

    def note_next_step(self, by):
        """The promised step took place. Returns a Decision."""
        with transaction.atomic():
            done = list(self.filter(status=self.model.Status.MEMBERSHIP_ENDED, next_step_on__isnull=False))
            done = [member for member in done if self.filter(pk=member.pk, next_step_on__isnull=False)._forget_step()]
            note = {"action": AccessLog.Action.CHANGED, "field_names": ["next_step_on"]}
            AccessLog.objects.note(who=by, records=done, **note)
        return Decision(done, self.count() - len(done))

    def _forget_step(self):
        return self.update(next_step_on=None)

    # --- nobody answered in time

    def waiting_since(self, days, today):
        """Those undecided for `days` of whom nobody has been told yet."""
        return self.undecided().filter(received_on__lte=today - timedelta(days=days), reminded_days__lt=days)

    def mark_as_told(self, days):
        """Somebody was told that these have waited for `days`. A batch at a time: others want to write to them."""
        for pks in batches_of(self, MARKED_AT_ONCE):
            self.filter(pk__in=pks).update(reminded_days=days)

    def lapse(self, today):
        """Undecided for too long: that is ours. Their words are erased and they are told. Returns how many."""
        cutoff = today - timedelta(days=settings.UNDECIDED_DAYS)
        # A duplicate ends with the others: its code must not tell that a member has the address. No one is written to.
        undecided = [*self.model.UNDECIDED, self.model.Status.DUPLICATE_ADDRESS]
        late, lapsed = self.filter(status__in=undecided, received_on__lte=cutoff).order_by("pk"), 0
        while pks := list(late.values_list("pk", flat=True)[:LAPSE_AT_ONCE]):
            lapsed += late.filter(pk__in=pks)._lapse()
        return lapsed

    @transaction.atomic
    def _lapse(self):
        stamp = uuid.uuid4()
        silent = set(self.filter(status=self.model.Status.DUPLICATE_ADDRESS).values_list("pk", flat=True))
        gone = {"status": self.model.Status.LAPSED, "decided_at": timezone.now(), "proposed_by": None}
        self.order_by().update(**gone, decision=stamp)
        lapsed = self.model.objects.filter(decision=stamp)
        told = (member for member in lapsed if member.gets_emails and member.pk not in silent)
        queue_emails(made_for_each(told, emails.lapsed))
        lapsed._of_these("credential_changes").filter(kind="address").delete()
        return lapsed.update(name="", email="", email_index=None, limit_index=None, reason="", **WORDS)

    # --- the one way a status changes by a person's press

    def _decide(self, by, from_statuses, **changes):
        stamp = uuid.uuid4()
        stamps = {
            "decision": stamp,
            "decided_by": by,
            "decided_at": timezone.now(),
            "declined_version": None,
            **changes,
        }
        self.filter(status__in=from_statuses).order_by().update(**stamps)
        won = list(self._with_stamp(stamp))
        AccessLog.objects.note(who=by, action=AccessLog.Action.DECIDED, records=won, field_names=["status"])
        return Decision(won, won[0].others if won else self.count())

    def _with_stamp(self, stamp):
        """Those who carry the stamp, each with `others`: how many of those named do not. Both in one question."""
        others = (
            self.exclude(decision=stamp).order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")
        )
        winners = self.model.objects.filter(decision=stamp).order_by("pk")
        return winners.annotate(others=Coalesce(Subquery(others), 0))
