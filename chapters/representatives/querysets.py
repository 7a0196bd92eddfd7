"""Questions about representatives. What changes them is in `services.py` and, for their terms, `appointments.py`."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from chapters.regions import folded
from chapters.representatives.consent import ASKED_AFTER, REMINDED_AFTER, REMINDERS, shown_on, token_hash
from s4jr.days import easternmost_today, westernmost_today

if TYPE_CHECKING:
    from chapters.models.representative import Representative


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def serving(self, today: date | None = None) -> Self:
        """Those whose term has begun and has not ended: it runs from when its first day begins anywhere until its last
        one is over everywhere, so that nobody's ends while they are at work."""
        begun = self.filter(begins_on__lte=today or easternmost_today(), user__is_active=True)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gte=today or westernmost_today()))

    def of(self, region: str, chapter: Any) -> Self:
        """Those of a place, by its code, or of a chapter; either may be blank."""
        of_place = Q(region=region) if region else Q(pk=None)
        return self.filter(of_place | (Q(chapter=chapter) if chapter else Q(pk=None)))

    # --- their consent

    def public(self, today: date | None = None) -> Self:
        """Those who serve and whose profile is shown."""
        return self.serving(today).filter(shown_on(today))

    def hidden(self, today: date | None = None) -> Self:
        """Those who serve and whose profile hides because nobody renewed it; renewing it brings it back."""
        return self.serving(today).filter(~shown_on(today), consent_until__isnull=False)

    def due_for_renewal(self, today: date | None = None) -> Self:
        """Those who serve and have not yet had the email, or the reminder, that is due by today."""
        day = today or timezone.now().date()
        never = Q(emails_written=0, confirmed_on__lte=day - ASKED_AFTER)
        again = Q(emails_written__range=(1, REMINDERS), asked_on__lte=day - REMINDED_AFTER)
        return self.serving(today).filter(never | again, consent_until__isnull=False)

    def with_link(self, token: str) -> Self:
        """Those who hold the link with this token and still serve."""
        return self.serving().filter(renewal_hash=token_hash(token))

    # --- the directory

    def placed(self) -> Self:
        """With where everybody may see them: `at_country`, and `at_region` if they show it.

        A representative of a chapter is where the chapter is.
        """
        of_chapter = Q(chapter__isnull=False)
        country = Case(When(of_chapter, then=F("chapter__country")), default=Substr("region", 1, 2))
        region = Case(
            When(shows_region=False, then=Value("")),
            When(of_chapter, then=F("chapter__region")),
            When(region__contains="-", then=F("region")),
            default=Value(""),
            output_field=CharField(),
        )
        return self.annotate(at_country=country, at_region=region)

    def at(self, place: str) -> Self:
        """Those of a country, or of a state or province, by its code; all for ""."""
        if not place:
            return self
        return self.filter(at_region=place) if "-" in place else self.filter(at_country=place)

    def saying(self, words: Iterable[str]) -> Self:
        """Those on whose profiles each of these words stands, whatever its accents."""
        for word in words:
            self = self.filter(searched__contains=folded(word))
        return self

    def count_by_place(self) -> dict[tuple[str, str], int]:
        """How many are where, in one query: {(country, region or ""): how many}."""
        rows = self.order_by().values_list("at_country", "at_region").annotate(Count("pk"))
        return {(country, region): count for country, region, count in rows}

    def in_order(self) -> Self:
        """By place, then by name: the same order on every page."""
        return self.order_by("at_country", "at_region", "display_name", "pk")

    def with_place(self) -> Self:
        """With what a profile says of the place, in the same query."""
        return self.select_related("chapter")
