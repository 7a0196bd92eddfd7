"""The list of users, with whether our emails reach each of them.

What is told of an address that was typed for somebody is paid for where it is typed: see `UserAdmin._note_changes`.
"""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.translation import gettext_lazy as _

from chapters.representatives.reachability import email_states, stopped_admins
from s4jr.accounts.admin import UserAdmin
from s4jr.accounts.models import User

admin.site.unregister(User)


class EmailFilter(admin.SimpleListFilter):
    title = _("email")
    parameter_name = "email"

    def lookups(self, request, model_admin):
        return [("no", _("admins whose emails are stopped"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=[user.pk for user in stopped_admins()]) if self.value() else queryset


class Users(ChangeList):
    """The list says of each whether our emails reach them; one query for the whole page."""

    def get_results(self, request):
        super().get_results(request)
        states = email_states(self.result_list)
        for user in self.result_list:
            user.email_state = states[user.pk]


@admin.register(User)
class ReachedUserAdmin(UserAdmin):
    list_display = [*UserAdmin.list_display, "emails"]
    list_filter = [*UserAdmin.list_filter, EmailFilter]

    @admin.display(description=_("reachable by email"))
    def emails(self, user):
        return user.email_state.label

    def get_changelist(self, request, **kwargs):
        return Users
