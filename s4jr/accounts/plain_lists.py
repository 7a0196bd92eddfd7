"""Django's admin pages without what a volunteer does not need."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ShowFacets  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it
from django.contrib.admin.views.main import ChangeList
from django.db.models.options import Options
from django.http import HttpRequest
from django.utils.text import capfirst

from s4jr.pagination import LongListAdmin

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

#: A list with fewer rows is read faster than it is filtered.
FILTERED_FROM = 20


class PlainLists:
    """Mixed into every ModelAdmin: a list has the name of its rows, no counts beside filters, and no filters if it is
    short and they do not narrow it.

    A list that is made to be long keeps its filters: counting its rows first would cost a query on every page.
    """

    show_facets = ShowFacets.NEVER

    opts: "Options[Any]"
    list_title: "StrPromise | str"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist: Any = super().get_changelist_instance(request)  # pyright: ignore[reportAttributeAccessIssue]
        changelist.title = self.list_title or capfirst(self.opts.verbose_name_plural)
        if changelist.has_filters and not isinstance(self, LongListAdmin) and _is_short(changelist):
            changelist.has_filters = False
        return changelist


def _is_short(changelist: Any) -> bool:
    """Whether the list is short and nothing narrows it: else a row that a filter leaves out could not be found."""
    rows = len(changelist.root_queryset.order_by().values_list("pk")[:FILTERED_FROM])
    is_narrowed = changelist.has_active_filters or changelist.result_count != rows
    return rows < FILTERED_FROM and not is_narrowed
