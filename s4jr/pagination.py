"""Pagination of lists with up to a million rows, without counting them all."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

#: How many pages past the current one can be reached from it.
PAGES_AHEAD = 10
LAST_PAGE = 1_000_000  # the highest page number a URL may name


class NearbyPaginator(Paginator):
    """Counts PAGES_AHEAD pages past the requested one, and no further.

    `is_cut` says that more follow; `count` then ends with the last page that can be reached from here.
    """

    def __init__(self, *args: Any, page: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = (max(1, page) + PAGES_AHEAD) * self.per_page

    @cached_property
    def _found(self):
        return self.object_list.order_by().values("pk")[: self.reach + 1].count()

    @property
    def is_cut(self) -> bool:
        return self._found > self.reach

    @property
    def count(self) -> int:
        return min(self._found, self.reach)


class LongListAdmin:
    """Mix in before ModelAdmin. Rows that were not counted cannot be selected: see templates/admin/actions.html."""

    show_full_result_count = False
    list_per_page = 50

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, **kwargs: Any
    ) -> NearbyPaginator:
        asked = request.GET.get("p", "")
        page = min(int(asked), LAST_PAGE) if asked.isdecimal() else 1
        return NearbyPaginator(queryset, per_page, page=page, **kwargs)


class ListedFilter(SimpleListFilter):
    """A filter on a text column with the choices of a subclass: Django's own would read the whole table for them."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset
