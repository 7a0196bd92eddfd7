"""The list of users, which shows whether our emails reach each of them.

Revealing the email state of an address costs an opening when the address is typed: see `UserAdmin._note_changes`.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chapters.representatives.reachability import email_states, stopped_admins
from s4jr.accounts.admin import UserAdmin
from s4jr.accounts.models import User

admin.site.unregister(User)


class EmailFilter(admin.SimpleListFilter):
    title = _("email")
    parameter_name = "email"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, Any]]:
        return [("no", _("admins whose emails are stopped"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=[user.pk for user in stopped_admins()]) if self.value() else queryset


class Users(ChangeList):
    """Adds `email_state` to each user on the page, in one query. A short list: filters show only while one is used."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.has_filters = bool(self.get_filters_params())
        states = email_states(self.result_list)
        for user in self.result_list:
            user.email_state = states[user.pk]


@admin.register(User)
class ReachedUserAdmin(UserAdmin):
    list_display = [*UserAdmin.list_display, "emails"]
    list_filter = [*UserAdmin.list_filter, EmailFilter]

    @admin.display(description=_("reachable by email"))
    def emails(self, user: Any) -> str:
        return user.email_state.label

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Users
