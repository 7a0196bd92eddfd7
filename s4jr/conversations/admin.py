"""Shared parts of the admin pages of conversations and volunteer offers."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.session_timeout import MINUTES_FOR_RECORDS, idle


class FlaggedFilter(admin.SimpleListFilter):
    title = _("flagged")
    parameter_name = "flagged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("flagged as possible spam")), ("0", _("not flagged"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        found = {"1": lambda: queryset.flagged(), "0": lambda: queryset.filter(flag_reason="")}
        return found.get(self.value() or "", lambda: queryset)()


class StateFilter(admin.SimpleListFilter):
    """The list opens on rows that wait for an answer; the other states are one click away."""

    title = _("status")
    parameter_name = "state"
    opens_on = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("all")), *model_admin.model.State.choices]

    def value(self) -> str | None:
        return super().value() or self.opens_on

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return queryset if self.value() == "all" else queryset.filter(state=self.value())

    def choices(self, changelist: Any) -> list[Any]:
        return list(super().choices(changelist) or [])[1:]


class ReadingAdmin(admin.ModelAdmin):
    """A changelist with custom pages behind it, and none of Django's pages that would show or say more.

    Subclasses set the required permission (`right`), the path converter of the primary key (`key`), the heading of the
    list and their `pages`.
    """

    right, key, heading = "", "uuid", ""
    list_per_page = 50
    sortable_by = ()
    show_full_result_count = False
    actions = None

    def pages(self) -> dict[str, Callable[..., HttpResponse]]:
        """The view of each custom page by its name; each takes the request and the row."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.user.has_perm(self.right)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        [changelist] = [url for url in super().get_urls() if url.name == f"{name}_changelist"]
        ours = [
            path(f"<{self.key}:pk>/{word.replace('_', '-')}/", self._door(view), name=f"{name}_{word}")
            for word, view in self.pages().items()
        ]
        return [changelist, *ours]

    def openable(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that have a page. The list may show more than these."""
        return self.get_queryset(request)

    def _door(self, view):
        """Answer 404 to users without the permission, as for a row that does not exist."""

        @idle(minutes=MINUTES_FOR_RECORDS)
        def wrapper(request, pk):
            allowed = self.openable(request) if self.has_view_permission(request) else self.model.objects.none()
            return view(request, get_object_or_404(allowed, pk=pk))

        return self.admin_site.admin_view(wrapper)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})

    def page(self, request: HttpRequest, template: str, title: str, *, status: int = 200, **seen: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **seen}
        return render(request, template, context, status=status)

    def rows_of(self, row: Model) -> Any:
        """A QuerySet of this row, as services take it."""
        return self.model._default_manager.filter(pk=row.pk)
