"""Deciding. Each press is one compare-and-set UPDATE with a stamp; who carries the stamp was decided by this press."""

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone

from members import letters
from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.models import AccessLog

#: How long a "not now" can still be stopped.
COOLING = timedelta(hours=1)


class Decision(NamedTuple):
    """What a press did: the members it decided, and how many of those it named had been decided already."""

    won: list
    already: int


class DecidingQuerySet(models.QuerySet):
    def approve(self, by):
        """Welcome these members and write their welcome letters, each once. Returns a Decision."""
        statuses = self.model.Status
        with transaction.atomic():
            decision = self._decide(by, self.model.UNDECIDED, status=statuses.APPROVED)
            OutgoingEmail.objects.write(letters.welcome([member for member in decision.won if member.gets_letters]))
        return decision

    def decline(self, by):
        """Begin a "not now". For an hour anybody with the right may stop it. Returns a Decision."""
        until = timezone.now() + COOLING
        with transaction.atomic():
            return self._decide(by, self.model.UNDECIDED, status=self.model.Status.DECLINING, declining_until=until)

    def stop_declining(self, by):
        """Take a "not now" back within its hour: on with being read. Returns a Decision."""
        with transaction.atomic():
            return self._decide(
                by, [self.model.Status.DECLINING], status=self.model.Status.WAITING, declining_until=None
            )

    def settle_declining(self):
        """The hour is over: those not stopped are "not now". Returns how many."""
        over = self.filter(status=self.model.Status.DECLINING, declining_until__lte=timezone.now())
        return over.update(status=self.model.Status.DECLINED, declining_until=None)

    def _decide(self, by, from_statuses, **changes):
        stamp, named = uuid.uuid4(), self.count()
        chosen = self.filter(status__in=from_statuses)
        chosen.order_by().update(decision=stamp, decided_by=by, decided_at=timezone.now(), **changes)
        won = list(self.model.objects.filter(decision=stamp).order_by("pk"))
        AccessLog.objects.note(who=by, action=AccessLog.Action.DECIDED, records=won, field_names=["status"])
        return Decision(won, named - len(won))
