"""Pages of a list that may be a million rows long: nobody counts them all to show fifty."""

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.utils.functional import cached_property

#: How many pages past the one that is shown can be reached from it.
PAGES_AHEAD = 10
LAST_PAGE = 1_000_000  # further on no list goes, whatever somebody types into an address


class NearbyPaginator(Paginator):
    """Counts PAGES_AHEAD pages past the one that is asked for, and no further.

    `is_cut` says that more follow; `count` then ends with the last page that can be reached from here.
    """

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        self.reach = (max(1, page) + PAGES_AHEAD) * self.per_page

    @cached_property
    def _found(self):
        return self.object_list.order_by().values("pk")[: self.reach + 1].count()

    @property
    def is_cut(self):
        return self._found > self.reach

    @property
    def count(self):
        return min(self._found, self.reach)


class LongListAdmin:
    """Mixed into a ModelAdmin, before it. What was not counted cannot be ticked: see templates/admin/actions.html."""

    show_full_result_count = False
    list_per_page = 50

    def get_paginator(self, request, queryset, per_page, **kwargs):
        asked = request.GET.get("p", "")
        page = min(int(asked), LAST_PAGE) if asked.isdecimal() else 1
        return NearbyPaginator(queryset, per_page, page=page, **kwargs)


class ListedFilter(SimpleListFilter):
    """A filter by a text column whose choices a subclass lists: Django's own reads the whole table for them."""

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset
