"""Django's admin pages without what a volunteer does not need."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from s4jr.pagination import LongListAdmin

#: A list with fewer rows is read faster than it is filtered.
FILTERED_FROM = 20


class PlainLists:
    """Mixed into every ModelAdmin: no counts beside filters, and no filters on a short list that they do not narrow.

    A list that is made to be long keeps its filters: counting its rows first would cost a query on every page.
    """

    show_facets = ShowFacets.NEVER

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist: ChangeList = super().get_changelist_instance(request)  # pyright: ignore[reportAttributeAccessIssue]
        if changelist.has_filters and not isinstance(self, LongListAdmin) and _is_short(changelist):
            changelist.has_filters = False
        return changelist


def _is_short(changelist: Any) -> bool:
    """Whether the list is short and nothing narrows it: else a row that a filter leaves out could not be found."""
    rows = len(changelist.root_queryset.order_by().values_list("pk")[:FILTERED_FROM])
    is_narrowed = changelist.has_active_filters or changelist.result_count != rows
    return rows < FILTERED_FROM and not is_narrowed
