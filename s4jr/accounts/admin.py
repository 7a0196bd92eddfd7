"""Users. No list shows an address."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts import role_admin  # noqa: F401  registers roles
from s4jr.accounts.account_recovery import correct_for_another
from s4jr.accounts.forms import UserForm
from s4jr.accounts.invitation_admin import InvitationAdminMixin
from s4jr.accounts.models import User
from s4jr.accounts.repeated_form import RepeatedFormMixin
from s4jr.accounts.requests import signed_in_user
from s4jr.accounts.role_choices import role_words
from s4jr.accounts.services import (
    NO_ROLE,
    change_user,
    delete_user,
    invite_user,
)
from s4jr.accounts.user_messages import CHANGED_MEANWHILE, change_message, delete_message
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.conflicts import ChangedMeanwhileError

#: In the order of the page.
FIELDS = ["username", "display_name", "address", "role", "topics", "is_active", "last_sign_in"]


@admin.register(User)
class UserAdmin(ReasonRequiredMixin, InvitationAdminMixin, RepeatedFormMixin, admin.ModelAdmin):
    """Passwords are never set here: a new user, or one who lost a sign-in, gets a one-time link that is shown once."""

    list_display = ["username", "role", "has_second_factor", "last_sign_in", "invitation"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ["username"]
    ordering = ["username"]
    actions = None
    form = UserForm
    fields = FIELDS
    change_form_template = "accounts/admin/user_change_form.html"
    opened_fields, implied_reason = ["address", "display_name"], _("managing users")
    instead_of_deleting = _("To end their access instead, open their name, clear “Can sign in” and save.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        return role_words(user) if user.pk else gettext("No role")

    @admin.display(description=_("two-step sign-in"), boolean=True, ordering="enrolled")
    def has_second_factor(self, user: Any) -> bool:
        return user.enrolled

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_sign_in(self, user: User) -> str:
        return date_format(timezone.localtime(user.last_login), "DATE_FORMAT") if user.last_login else gettext("Never")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A new user has no display name, which they choose themselves, and no sign-in yet."""
        hidden = {"topics"} if self._roles_stay(request, obj) else set()
        hidden |= set() if obj else {"display_name", "is_active", "last_sign_in"}
        return [name for name in FIELDS if name not in hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only a superuser assigns roles, and no one changes their own."""
        # The access log and other users know them by the username. Users choose their display name themselves.
        fixed = ["username", "display_name", "last_sign_in"] if obj else []
        roles = ["role", "topics"] if self._roles_stay(request, obj) else []
        return [*fixed, *roles, *(["is_active"] if obj is not None and obj == request.user else [])]

    def _roles_stay(self, request, obj):
        return (obj is not None and obj == request.user) or not request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj) and obj != request.user

    def _may_touch(self, request, obj):
        """No one manages a user who may do more than they may: a new link would let them in as that user."""
        return obj is None or not obj.may_do_more_than(request.user)

    def may_recover(self, request: HttpRequest, obj: User) -> bool:
        """Only another admin recovers a sign-in, never its owner: theirs is the one in doubt."""
        return self.has_change_permission(request, obj) and obj != request.user and obj.is_active

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ChangedMeanwhileError:
            messages.warning(request, gettext(CHANGED_MEANWHILE))
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = signed_in_user(request)
        if not change:
            obj.link = invite_user(obj, form.role_chosen or NO_ROLE, by=by)
            return
        obj.role_before = role_words(obj)
        obj.changed = change_user(obj, form.change, by=by, seen=form.cleaned_data.get("seen", ""))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has saved the groups."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_user(obj, by=signed_in_user(request))

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
        return self.show_link(request, obj, obj.link, is_new=True)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, change_message(obj, obj.changed, role_before=obj.role_before))
        return self.response_post_save_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        messages.success(request, delete_message(obj_display))
        return redirect("admin:accounts_user_changelist")

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
            return self.show_link(request, user, link, is_sent=not link)
        return self.show_link(request, user)
