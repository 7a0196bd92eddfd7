"""Queries on the outbox and the do-not-email list. Changes are in `services.py`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from s4jr.mail.kinds import OWNER_ASKS, TO_MANY

if TYPE_CHECKING:
    from s4jr.mail.models import OutgoingEmail, SendingPause, Suppression


def counted_by(limit_key: str) -> Q:
    """The emails that a limit counts by this key: to the address, or to the spellings of an inbox."""
    return Q(to_index=limit_key) | Q(limit_index=limit_key)


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    def due(self) -> Self:
        return self.filter(state=self.model.State.PENDING, next_attempt_at__lte=timezone.now())

    def needing_somebody(self) -> Self:
        return self.filter(state__in=[self.model.State.FAILED, self.model.State.UNKNOWN])

    def in_doubt(self) -> Self:
        return self.filter(state=self.model.State.UNKNOWN)

    def out_of_date(self) -> Self:
        """Those not handed over yet whose `not_after` is past."""
        states = self.model.State
        return self.filter(state__in=[states.PENDING, states.CLAIMED], not_after__lte=timezone.now())

    def sent(self) -> Self:
        return self.filter(state=self.model.State.SENT)

    def in_hand(self) -> Self:
        return self.filter(state__in=[self.model.State.CLAIMED, self.model.State.COMMITTING])

    def on_their_way(self) -> Self:
        states = self.model.State
        return self.filter(state__in=[states.PENDING, states.CLAIMED, states.COMMITTING])

    def not_canceled(self) -> Self:
        return self.exclude(state=self.model.State.CANCELED)

    def about(self, records: Iterable[Any]) -> Self:
        """The emails about these records, by each record's `about`; for members this needs their number."""
        return self.filter(about__in=[record.about for record in records])

    def to_many(self) -> Self:
        return self.filter(kind=TO_MANY)

    def within_limit(self, limit_key: str) -> Self:
        """Those that one limit on emails to a typed address counts (`s4jr.mail.mailbox.limit_key`)."""
        return self.filter(counted_by(limit_key))


class SendingPauseQuerySet(models.QuerySet["SendingPause"]):
    def active(self) -> Self:
        """The pause, while no email is sent."""
        return self.filter(next_try_at__isnull=False)

    def suspected(self) -> Self:
        """What may become a pause once a second address gets the same reply."""
        return self.filter(next_try_at=None, ended_at=None)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Without a kind, these methods mean any email except an announcement."""

    def holding_for(self, kind: str = "") -> Self:
        """The suppressions that apply to this kind: those of every email, and for announcements also theirs."""
        if kind == OWNER_ASKS:
            return self.exclude(reason__in=self.model.BY_A_LINK)
        return self if kind == TO_MANY else self.filter(scope=self.model.Scope.EVERY_EMAIL)

    def among(self, indexes: set[str], kind: str = "") -> set[str]:
        """Those of the given blind indexes that get no emails of this kind."""
        return set(self.holding_for(kind).filter(to_index__in=indexes).values_list("to_index", flat=True))

    def reason_for(self, to_index: str | None, kind: str = "") -> Any:
        """Why the address behind this blind index gets no emails of this kind; None if it gets them.

        A `Suppression.Reason`; that of every email if there is one, else that of announcements.
        """
        stops = self.holding_for(kind).filter(to_index=to_index).order_by("-scope")
        found = stops.values_list("reason", flat=True).first() if to_index else None
        return self.model.Reason(found) if found else None
