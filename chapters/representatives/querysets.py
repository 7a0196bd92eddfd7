"""Queries for representatives. Writes are in `services.py` and, for terms, in `appointments.py`."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from chapters.regions import folded
from chapters.representatives.consent import ASKED_AFTER, REMINDED_AFTER, REMINDERS, shown_on
from s4jr.days import easternmost_today, westernmost_today
from s4jr.security.link_tokens import StoredLinks

if TYPE_CHECKING:
    from chapters.models.group_message import GroupMessage
    from chapters.models.photo_draft import PhotoDraft
    from chapters.models.representative import Representative
    from chapters.models.step_down import StepDown
    from s4jr.accounts.models import User

RENEWAL_LINKS = StoredLinks("renewal-link")
#: For how long the photo of a preview can be saved.
DRAFT_KEPT = timedelta(hours=1)


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def serving(self, today: date | None = None) -> Self:
        """Current terms. A term runs from the start of its first day anywhere until its last day is over everywhere, so
        that it never ends while they are at work."""
        begun = self.filter(begins_on__lte=today or easternmost_today(), user__is_active=True)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gte=today or westernmost_today()))

    def of(self, region: str, chapter: Any) -> Self:
        """Terms for a place, by its code, or for a chapter; either may be blank."""
        of_place = Q(region=region) if region else Q(pk=None)
        return self.filter(of_place | (Q(chapter=chapter) if chapter else Q(pk=None)))

    def stepped_down(self) -> Self:
        """Terms that their representatives ended, until an admin has thanked them."""
        return self.filter(step_down__isnull=False, step_down__settled_on=None)

    # --- consent

    def public(self, today: date | None = None) -> Self:
        """Current terms with a public profile."""
        return self.serving(today).filter(shown_on(today))

    def hidden(self, today: date | None = None) -> Self:
        """Current terms whose profile is hidden because the consent expired; renewing shows it again."""
        return self.serving(today).filter(~shown_on(today), consent_until__isnull=False)

    def due_for_renewal(self, today: date | None = None) -> Self:
        """Current terms for which a renewal email or reminder is due."""
        day = today or timezone.now().date()
        never = Q(emails_written=0, confirmed_on__lte=day - ASKED_AFTER)
        again = Q(emails_written__range=(1, REMINDERS), asked_on__lte=day - REMINDED_AFTER)
        return self.serving(today).filter(never | again, consent_until__isnull=False)

    def with_link(self, token: str) -> Self:
        """The current term with this renewal token."""
        return self.serving().filter(renewal_hash=RENEWAL_LINKS.token_hash(token))

    # --- the directory

    def placed(self) -> Self:
        """Adds the public place: `at_country`, and `at_region` if they show it.

        A representative of a chapter is at the place of the chapter.
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
        """Those at a country, state or province, by its code; all for ""."""
        if not place:
            return self
        return self.filter(at_region=place) if "-" in place else self.filter(at_country=place)

    def saying(self, words: Iterable[str]) -> Self:
        """Those whose profile contains each of these words, ignoring accents."""
        for word in words:
            self = self.filter(searched__contains=folded(word))
        return self

    def count_by_place(self) -> dict[tuple[str, str], int]:
        """Counts by place in one query: {(country, region or ""): count}."""
        rows = self.order_by().values_list("at_country", "at_region").annotate(Count("pk"))
        return {(country, region): count for country, region, count in rows}

    def in_order(self) -> Self:
        """By place, then by name; a stable order for pagination."""
        return self.order_by("at_country", "at_region", "display_name", "pk")

    def latest_first(self) -> Self:
        """Those who confirmed their profile last come first: each renewal brings someone to the front."""
        return self.order_by("-confirmed_on", "display_name", "pk")

    def with_place(self) -> Self:
        """With the chapter, which a profile shows, in the same query."""
        return self.select_related("chapter")


class PhotoDraftQuerySet(models.QuerySet["PhotoDraft"]):
    def fresh(self, now: datetime | None = None) -> Self:
        """Those that their form may still save."""
        return self.filter(made_at__gt=(now or timezone.now()) - DRAFT_KEPT)

    def older(self, now: datetime) -> Self:
        return self.filter(made_at__lte=now - DRAFT_KEPT)


class StepDownQuerySet(models.QuerySet["StepDown"]):
    def with_note_for(self, term: "Representative") -> Self:
        """Those who left a note and represented the same place or chapter, the latest first."""
        same = {"term__chapter": term.chapter_id} if term.chapter_id else {"term__region": term.region}
        return self.filter(has_note=True, **same).order_by("-on", "-pk")

    def to_settle(self) -> Self:
        return self.filter(settled_on=None)


class GroupMessageQuerySet(models.QuerySet["GroupMessage"]):
    def newest_first(self) -> Self:
        """With the terms of their writers, in the same query."""
        return self.select_related("term__chapter", "term__user").order_by("-sent_on", "-pk")

    def deletable_by(self, user: "User") -> Self:
        """Their own, or all for an admin who settles reports."""
        return self if user.is_staff and user.has_perm("chapters.settle_reports") else self.filter(term__user=user)
