"""The filters of the People list, in one form: drop-downs, and a box for the place. The URL holds codes only."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.place_search import place_choices
from members.find.filters import FILTERS, chapter_choices, language_choices, month_choices, status_choices
from members.models import Member
from members.querysets import MemberQuerySet
from members.review.statistics import closed_this_week
from members.review.waiting_kinds import in_grace_period

#: What the front page counts across statuses: the words and the rows of each.
SPANS: dict[str, tuple[Any, Callable[[MemberQuerySet], MemberQuerySet]]] = {
    "undecided": (_("To review"), MemberQuerySet.undecided),
    "in_grace_period": (_("Decided, can still be undone"), in_grace_period),
    "closed_this_week": (_("Closed in the last seven days"), closed_this_week),
    "next_step_due": (_("A promised next step is due"), lambda members: members.next_steps_due(timezone.now().date())),
}


class SelectFilter(admin.SimpleListFilter):
    """A drop-down of codes. A subclass lists them; `FILTERS` says what each asks of the database."""

    def queryset(self, request: HttpRequest, queryset: MemberQuerySet) -> MemberQuerySet:
        value = self.value()
        if not value:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(FILTERS[self.parameter_name](value))

    def options(self) -> list[tuple[str, Any, bool]]:
        """(value, label, whether it is chosen) of each option, with one for no limit first."""
        listed = self.lookup_choices if self.is_always_set else [("", _("Any")), *self.lookup_choices]
        return [(value, label, value == (self.value() or "")) for value, label in listed]

    #: Whether one of the listed options always applies.
    is_always_set = False


class StatusFilter(SelectFilter):
    """Opens on applications that are waiting for review."""

    title, parameter_name, is_always_set = _("Status"), "status", True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        everyone, *statuses = status_choices()
        return [everyone, *((name, said) for name, (said, _rows) in SPANS.items()), *statuses]

    def value(self) -> str:
        return super().value() or Member.Status.WAITING

    def queryset(self, request: HttpRequest, queryset: MemberQuerySet) -> MemberQuerySet:
        if self.value() in SPANS:
            return SPANS[self.value()][1](queryset)
        return super().queryset(request, queryset)


class PlaceFilter(SelectFilter):
    """The list shows a box for it: see `members.find.place_filter`."""

    title, parameter_name = _("Place"), "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return place_choices()


class ChapterFilter(SelectFilter):
    """Left out where there are no chapters."""

    title, parameter_name = _("Chapter"), "chapter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return chapter_choices()


class LanguageFilter(SelectFilter):
    title, parameter_name = _("Language"), "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return language_choices()


class MonthFilter(SelectFilter):
    title, parameter_name = _("Month applied"), "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return month_choices()


class FlaggedFilter(SelectFilter):
    title, parameter_name = _("Possible spam"), "flagged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Flagged"))]

    def queryset(self, request: HttpRequest, queryset: MemberQuerySet) -> MemberQuerySet:
        return queryset.exclude(flag_reason="") if self.value() else queryset


LIST_FILTERS = [StatusFilter, PlaceFilter, ChapterFilter, LanguageFilter, MonthFilter, FlaggedFilter]
