"""Queries for offers. Writes are in `services.py`."""

from typing import TYPE_CHECKING, Self

from s4jr.conversations.querysets import SubmittedQuerySet

if TYPE_CHECKING:
    from chapters.models.volunteer_offer import VolunteerOffer


class VolunteerOfferQuerySet(SubmittedQuerySet["VolunteerOffer"]):
    def waiting(self) -> Self:
        return self.filter(state=self.model.State.WAITING, flag_reason="")

    def to_talk_with(self) -> Self:
        """Accepted offers that no one has marked as talked about."""
        return self.filter(state=self.model.State.TAKEN_UP, talked_on=None)

    def to_open(self) -> Self:
        """Accepted requests to start a chapter that is not open yet."""
        asked = self.filter(kind=self.model.Kind.START_CHAPTER, state=self.model.State.TAKEN_UP)
        return asked.filter(chapter=None)

    def oldest_first(self) -> Self:
        return self.order_by("received_on", "pk")

    def by_member(self, number: str) -> Self:
        """The waiting offers of a member to represent a place or a chapter."""
        return self.filter(member_number=number, kind=self.model.Kind.REPRESENT, state=self.model.State.WAITING)
