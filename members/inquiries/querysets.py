"""Queries of inquiries. `services.py` changes them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.crypto.fields import readable

if TYPE_CHECKING:
    from django.db.models.query import ValuesQuerySet

    from members.models.inquiry import Inquiry

#: For how long "I’ll take this one" counts: long enough to ask someone, short enough that nobody waits for a volunteer
#: who had no time. The whole day counts on which someone took it.
CLAIM_LASTS = timedelta(days=3)


class InquiryQuerySet(ThreadQuerySet["Inquiry"]):
    def readable_by(self, user: User) -> Self:
        """The inquiries this user may know of. Everything shown or counted goes through here."""
        safety = self.model.Topic.SAFETY
        topics = {topic for topic in self.model.Topic if user.has_perm(topic.right)}
        theirs = Q(topic__in=topics - {safety})
        if safety in topics and readable(user, "display_name"):
            chosen = self.model.readers.through.objects.filter(user=user)
            theirs |= Q(topic=safety, pk__in=chosen.values("inquiry"))
        return self.filter(theirs)

    def waiting(self) -> Self:
        return self.open().filter(flag_reason="")

    def free_for(self, user: User) -> Self:
        """Those that no one else has taken."""
        lapsed = Q(claimed_on__lte=timezone.now().date() - CLAIM_LASTS)
        return self.filter(Q(claimed_by=None) | Q(claimed_by=user) | lapsed)

    def most_urgent_first(self) -> Self:
        return self.order_by(F("deadline").asc(nulls_last=True), "received_on", "pk")

    def numbers_known_to(self, user: User) -> "ValuesQuerySet[Inquiry, dict[str, Any]]":
        """The numbers of records this user may see elsewhere, as in the access log."""
        return self.readable_by(user).values("number")
