"""The filters of the People list, each a drop-down in one form. The URL holds codes only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chapters.place_search import place_choices
from members.find.filters import FILTERS, chapter_choices, language_choices, month_choices, status_choices
from members.models import Member
from members.querysets import MemberQuerySet


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
        return status_choices()

    def value(self) -> str:
        return super().value() or Member.Status.WAITING


class PlaceFilter(SelectFilter):
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
