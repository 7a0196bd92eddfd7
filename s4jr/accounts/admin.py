"""Users and groups. No list shows an address."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Field, ManyToManyField, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.account_recovery import correct_for_another, take_trust_away
from s4jr.accounts.forms import PersonForm
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.requests import signed_in_user
from s4jr.accounts.services import issue_invitation
from s4jr.accounts.sessions import end_sessions_of
from s4jr.accounts.two_step import FACTORS
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.audit.services import log_access

admin.site.unregister(Group)
#: One labeled checkbox per choice: Django's two-list widget has inputs without an accessible name.
BOXES: dict[type[Field], dict[str, Any]] = {ManyToManyField: {"widget": CheckboxSelectMultiple, "help_text": ""}}


@admin.register(User)
class UserAdmin(ReasonRequiredMixin, admin.ModelAdmin):
    """Passwords are never set here: a new user, or one who lost a sign-in, gets a one-time link that is shown once."""

    list_display = ["username", "is_active", "is_staff", "is_superuser", "group_names", "has_second_factor"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    search_fields = ["username"]
    ordering = ["username"]
    actions = None
    form = PersonForm
    fields = ["username", "display_name", "address", "is_active", "is_staff", "groups", "is_superuser", "last_login"]
    formfield_overrides = BOXES
    change_form_template = "accounts/admin/user_change_form.html"
    opened_fields, implied_reason = ["address", "display_name"], _("managing users")
    ROLES = ["is_staff", "groups", "is_superuser"]
    ENDS_SESSIONS = {*ROLES, "is_active"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        theirs = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        return super().get_queryset(request).annotate(enrolled=Exists(theirs)).prefetch_related("groups")

    @admin.display(description=_("groups"))
    def group_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("two-step sign-in"), boolean=True, ordering="enrolled")
    def has_second_factor(self, user: Any) -> bool:
        return user.enrolled

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only a superuser assigns roles, and no one removes their own."""
        own = obj is not None and obj == request.user
        roles_stay = own or not request.user.is_superuser
        # Users choose their own display name, on a page of their own.
        fixed = ["username"] if obj else []  # the access log and other users know them by it
        return [
            *fixed,
            "last_login",
            "display_name",
            *(self.ROLES if roles_stay else []),
            *(["is_active"] if own else []),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj) and obj != request.user

    def _may_touch(self, request, obj):
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def may_recover(self, request: HttpRequest, obj: User) -> bool:
        """Only another admin recovers a sign-in, never its owner: theirs is the one in doubt."""
        return self.has_change_permission(request, obj) and obj != request.user and obj.is_active

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "address" in form.changed_data and obj != request.user:
            take_trust_away(obj)  # a recovery link would now go to an address that someone else entered
        self._note_changes(request, obj, form)

    def _note_changes(self, request, obj, form):
        """Log the changed fields. A new address costs an opening, since other pages show whether emails go to it."""
        names = list(form.changed_data)
        if "address" in names and form.cleaned_data["address"]:
            names.remove("address")
            record_access.note_address(request.user, obj, "address", gettext("entering a user’s email address"))
        if names or not form.changed_data:
            self._note(request, AccessLog.Action.CHANGED, obj, names)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A user whose roles changed must sign in again."""
        super().save_related(request, form, formsets, change)
        if self.ENDS_SESSIONS & set(form.changed_data):
            end_sessions_of(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._note(request, AccessLog.Action.ERASED, obj, [])
        super().delete_model(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """List the users alone: not every admin may count what relates to them, such as the inquiries they read."""
        _all, _counts, rights_missing, protected = super().get_deleted_objects(objs, request)
        people = [str(person) for person in objs]
        return people, {self.opts.verbose_name_plural: len(people)}, rights_missing, protected

    def needs_reason(self, request: HttpRequest, record: Any) -> bool:
        """No one needs a reason for their own record."""
        return record != request.user

    def get_record_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        return {"may_recover": self.may_recover(request, record)}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        link = issue_invitation(user=obj, purpose=Invitation.Purpose.JOIN_STAFF, made_by=signed_in_user(request))
        return self._show_link(request, obj, link)

    def get_urls(self) -> list[Any]:
        recover = path(
            "<path:object_id>/recover/", self.admin_site.admin_view(self.recover_view), name="accounts_user_recover"
        )
        return [recover, *super().get_urls()]

    def recover_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.may_recover(request, user):
            raise PermissionDenied
        if request.method == "POST":
            link = correct_for_another(user, by=signed_in_user(request))
            return self._show_link(request, user, link, is_sent=not link)
        return self._show_link(request, user)

    def _show_link(self, request, user, link=None, *, is_sent=False):
        context = {**self.admin_site.each_context(request), "title": str(user), "opts": self.opts, "original": user}
        return render(request, "accounts/admin/link.html", {**context, "link": link, "is_sent": is_sent})

    def _note(self, request, action, user, field_names):
        log_access(who=request.user, action=action, records=[user], field_names=field_names)


@admin.register(Group)
class RolesAdmin(GroupAdmin):
    """Only a superuser changes what a group may do. Its users then sign in again."""

    actions = None
    filter_horizontal = ()
    formfield_overrides = BOXES

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "permissions" in form.changed_data:
            self._end_sessions(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._end_sessions(obj)
        super().delete_model(request, obj)

    def _end_sessions(self, group):
        """Superusers stay signed in: they may do everything without any group."""
        end_sessions_of(*group.user_set.filter(is_superuser=False))
