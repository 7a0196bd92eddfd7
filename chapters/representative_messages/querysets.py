"""Queries for messages to representatives. Writes are in `services.py` and the modules it names."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from s4jr.conversations.choices import NOT_SPAM, FlagReason
from s4jr.conversations.querysets import ThreadQuerySet

if TYPE_CHECKING:
    from chapters.models.representative_message import ConversationMessage, RepresentativeMessage

UNREAD_AFTER = timedelta(days=7)


class RepresentativeMessageQuerySet(ThreadQuerySet["RepresentativeMessage"]):
    def to(self, terms: Iterable[Any]) -> Self:
        """Conversations that the representatives of these terms may read: none of blocked senders, none taken over."""
        return self.filter(representative__in=terms, taken_over_on=None).exclude(flag_reason=FlagReason.BLOCKED)

    def unread_by(self, term: Any) -> Self:
        """Unread conversations of a term, without flagged ones and those of blocked senders."""
        return self.open().filter(representative=term, read_on=None, flag_reason="", taken_over_on=None)

    def longest_waiting_first(self) -> Self:
        """Open conversations first, then answered or closed ones, then flagged ones; the oldest first in each."""
        waits = When(state=self.model.State.OPEN, then=0)
        rank = Case(When(~Q(flag_reason=""), then=2), waits, default=1)
        return self.annotate(rank=rank).order_by("rank", "received_on", "number")

    def unread_for_a_week(self, today: date) -> Self:
        """Conversations unread for a week since the last message; without possible spam, but with blocked senders."""
        unread = self.open().filter(read_on=None, last_word_on__lte=today - UNREAD_AFTER)
        return unread.filter(flag_reason__in=NOT_SPAM, taken_over_on=None)

    def to_take_over(self, today: date | None = None) -> Self:
        """Those unread for a week whose senders agreed that the coalition may answer."""
        return self.unread_for_a_week(today or timezone.now().date()).filter(coalition_may_answer=True)

    def flagged(self) -> Self:
        """Unread conversations flagged as possible spam. Their representatives were not notified."""
        return self.open().exclude(flag_reason__in=NOT_SPAM).filter(read_on=None, taken_over_on=None)

    def taken_over(self) -> Self:
        return self.filter(taken_over_on__isnull=False)

    def over(self, now: datetime) -> Self:
        """Conversations whose retention period has ended."""
        return self.filter(last_word_on__lte=now.date() - timedelta(days=settings.CONVERSATION_DAYS))


class ConversationMessageQuerySet(models.QuerySet["ConversationMessage"]):
    """Queries for single messages."""

    def reported(self) -> Self:
        return self.filter(reported_on__isnull=False)

    def waiting_reports(self) -> Self:
        return self.reported().filter(settled_on=None)

    def waiting_first(self) -> Self:
        return self.order_by(F("settled_on").asc(nulls_first=True), "reported_on", "pk")
