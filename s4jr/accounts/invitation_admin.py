"""Invitations in the list of users: whether each link is open, and the buttons to cancel it or make a new one."""

from datetime import UTC
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from s4jr.accounts.invitations import cancel_invitation, renew_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.requests import signed_in_user
from s4jr.accounts.two_step import FACTORS
from s4jr.accounts.user_messages import canceled_message, no_link_message, not_canceled_message


class InvitationAdminMixin(admin.ModelAdmin):
    """Goes before ModelAdmin. Each link is shown once, on the page that answers the POST which made it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = Invitation.objects.filter(user=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                enrolled=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)),
                open_until=Subquery(mine.unused().values("expires_at")[:1]),
                is_canceled=Exists(mine.exclude(canceled_at=None)),
                is_managed=self._is_managed_by(request),
            )
        )

    def _is_managed_by(self, request):
        """Whether the admin may change each user: only a superuser changes a superuser."""
        if not self.has_change_permission(request):
            return Value(False)
        return Value(True) if request.user.is_superuser else ExpressionWrapper(Q(is_superuser=False), BooleanField())

    @admin.display(description=_("invitation"), ordering="open_until")
    def invitation(self, user: Any) -> str:
        """The state of the user's link, with the button that changes it. The list is a form: POST only."""
        if not user.is_active:
            return gettext("Can’t sign in")
        if user.open_until:
            label = gettext("Cancel invitation for %(name)s") % {"name": user.username}
            return self._with_button(user, _open_until(user.open_until), "cancel", gettext("Cancel invitation"), label)
        if user.enrolled or user.has_usable_password():
            return gettext("Used")
        state = gettext("Canceled") if user.is_canceled else gettext("Expired")
        label = gettext("New link for %(name)s") % {"name": user.username}
        return state if user.last_login else self._with_button(user, state, "new_link", gettext("New link"), label)

    def _with_button(self, user, state, name, words, label):
        if not user.is_managed:
            return state
        address = reverse(f"admin:accounts_user_{name}", args=[user.pk])
        css = "button button--danger" if name == "cancel" else "button"
        button = '{} <button type="submit" class="{}" formmethod="post" formaction="{}" aria-label="{}">{}</button>'
        return format_html(button, state, css, address, label, words)

    def get_urls(self) -> list[Any]:
        views = {"cancel": self.cancel_view, "new_link": self.new_link_view}
        ours = [
            path(
                f"<path:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"accounts_user_{name}",
            )
            for name, view in views.items()
        ]
        return [*ours, *super().get_urls()]

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.get_changeable(request, object_id)
        if cancel_invitation(user, by=signed_in_user(request)):
            messages.success(request, canceled_message(user))
        else:
            messages.warning(request, not_canceled_message(user))
        return redirect("admin:accounts_user_changelist")

    def new_link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.get_changeable(request, object_id)
        link = renew_invitation(user, by=signed_in_user(request))
        if link:
            return self.show_link(request, user, link, is_new=True)
        messages.warning(request, no_link_message(user))
        return redirect("admin:accounts_user_changelist")

    def get_changeable(self, request: HttpRequest, object_id: str) -> User:
        """The user, if the admin may change them. Raises Http404 or PermissionDenied."""
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    def show_link(
        self, request: HttpRequest, user: User, link: str | None = None, *, is_new: bool = False, is_sent: bool = False
    ) -> HttpResponse:
        """The page that shows a link once, says that it was emailed, or asks before it is made.

        A new invitation can be canceled from it.
        """
        context = {**self.admin_site.each_context(request), "title": str(user), "opts": self.opts, "original": user}
        shown = {"link": link, "is_new": is_new, "is_sent": is_sent}
        return render(request, "accounts/admin/link.html", {**context, **shown})


def _open_until(moment):
    """In UTC, which the text names: the admin's own time zone is not known."""
    moment = moment.astimezone(UTC)
    said = {"day": date_format(moment, "MONTH_DAY_FORMAT"), "time": date_format(moment, "TIME_FORMAT")}
    return gettext("Open until %(day)s, %(time)s UTC") % said
