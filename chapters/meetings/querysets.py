"""Queries for meetings and series. Writes are in `services.py`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone

from chapters.regions import country_of, place_and_country

if TYPE_CHECKING:
    from chapters.models.meeting import Meeting
    from chapters.models.meeting_host import MeetingHost
    from chapters.models.meeting_series import MeetingSeries

#: The longest duration of a meeting. It bounds `starts_at` in queries, so that they can use its index.
LONGEST = timedelta(days=1)


def _at_place(code: str) -> Q:
    if "-" in code:
        return Q(region=code) | Q(chapter__region=code)
    return Q(region=code) | Q(region__startswith=f"{code}-") | Q(chapter__country=code)


def _of_whole_country(code: str) -> Q:
    return Q(region=code) | Q(chapter__country=code, chapter__region="")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, now: datetime | None = None) -> Self:
        """Published meetings that have not ended, also canceled ones; the next one first."""
        now = now or timezone.now()
        to_come = self.filter(is_published=True, starts_at__gt=now - LONGEST, ends_at__gt=now)
        return to_come.order_by("starts_at", "pk")

    def past(self, now: datetime | None = None) -> Self:
        """Published meetings that took place and have ended; the latest one first."""
        now = now or timezone.now()
        over = self.filter(is_published=True, is_canceled=False, starts_at__lt=now, ends_at__lte=now)
        return over.order_by("-starts_at", "-pk")

    def taking_place(self) -> Self:
        return self.filter(is_canceled=False)

    def for_everybody(self) -> Self:
        return self.filter(audience=self.model.Audience.PUBLIC)

    def public(self) -> Self:
        """Published meetings for everyone, also past ones: those with a public page."""
        return self.for_everybody().filter(is_published=True)

    def for_members(self, region: str = "", chapter: int | None = None) -> Self:
        """Meetings that a member may attend: of the coalition, of their place, of its country and of their chapter."""
        near = Q(region__in=["", *place_and_country(region)], chapter=None)
        near |= Q(chapter=chapter) if chapter else Q(pk=None)
        return self.filter(near, audience__in=[self.model.Audience.PUBLIC, self.model.Audience.MEMBERS])

    def for_representatives(self, terms: Iterable[Any]) -> Self:
        """Representatives' meetings for these terms: of the coalition, of their places with their countries, and of
        their chapters."""
        regions = [code for term in terms if term.region for code in place_and_country(term.region)]
        chapters = [term.chapter_id for term in terms if term.chapter_id]
        near = Q(region="", chapter=None) | Q(region__in=regions) | Q(chapter__in=chapters)
        return self.filter(near, audience=self.model.Audience.REPRESENTATIVES)

    def at(self, places: Iterable[str]) -> Self:
        """Meetings of these places, by code, and of chapters there; then those for the whole country of a place.

        A country includes its states and provinces. `nearness` is 0, or 1 for the whole country.
        """
        places = list(places)
        own = reduce(or_, map(_at_place, places), Q(pk=None))
        whole = reduce(or_, (_of_whole_country(country_of(code)) for code in places), Q(pk=None))
        nearness = Case(When(own, then=0), default=1, output_field=models.SmallIntegerField())
        return self.filter(own | whole).annotate(nearness=nearness)

    def about(self, words: Iterable[str]) -> Self:
        """Meetings that have each of these words in their title, topic, description or city."""
        found = self
        for word in words:
            fields = ("title", "topic", "words", "city")
            found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)))
        return found

    def with_notes(self) -> Self:
        return self.exclude(notes="")

    def after(self, meeting: "Meeting") -> Self:
        """The meetings of the same series for the same people that take place later; the next one first."""
        same = {"series": meeting.series_id, "audience": meeting.audience, "is_published": True}
        later = self.taking_place().filter(**same, starts_at__gt=meeting.starts_at)
        return later.exclude(series=None).order_by("starts_at", "pk")

    def not_begun(self, now: datetime | None = None) -> Self:
        return self.filter(starts_at__gt=now or timezone.now())


class SeriesQuerySet(models.QuerySet["MeetingSeries"]):
    def by_title(self) -> Self:
        return self.select_related("chapter").order_by("title", "pk")

    def public(self) -> Self:
        """Published series for everyone: those with a public page."""
        return self.filter(audience=self.model.Audience.PUBLIC, is_published=True)


class HostQuerySet(models.QuerySet["MeetingHost"]):
    def named(self) -> Self:
        """Hosts who agreed to be named on the public page."""
        return self.exclude(shown_name="").order_by("pk")
