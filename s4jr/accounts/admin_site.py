"""The admin site. Django's own accepts a password alone, even where a second factor is enrolled."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import DateField
from django.db.models.options import Options
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from s4jr.accounts import two_step
from s4jr.accounts.plain_lists import PlainLists
from s4jr.accounts.plain_pages import PlainPages
from s4jr.accounts.unremembered_fields import UnrememberedFields
from s4jr.accounts.views import log_out
from s4jr.audit.reason_required import explain_limit
from s4jr.crypto import decryption_guard
from s4jr.providers import admin_dashboard


class ListedLookups:
    """Restricts the lookups of a changelist to those that its `list_filter` names.

    Django accepts lookups on any column of the model, such as `?password__startswith=…`: the number of rows that come
    back would reveal a hash character by character.
    """

    opts: "Options[Any]"
    get_list_filter: Callable[..., Sequence[Any]]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return any(lookup in self._lookups_of(listed) for listed in self.get_list_filter(request))

    def _lookups_of(self, listed):
        """Lookups of one `list_filter` entry: the parameter of a custom filter, or those Django uses for a field."""
        if parameter := getattr(listed, "parameter_name", ""):
            return {parameter}
        name = listed[0] if isinstance(listed, (list, tuple)) else listed
        return {f"{name}{suffix}" for suffix in self._suffixes_of(self.opts.get_field(name))}

    def _suffixes_of(self, field):
        """Only dates are compared: no link of Django's asks whether `is_active` is less than something."""
        if field.is_relation:
            return ("__id__exact", "__isnull")
        return ("__gte", "__lt", "__isnull") if isinstance(field, DateField) else ("", "__exact", "__in", "__isnull")


class StaffAdminSite(AdminSite):
    site_title = _("Admin")
    site_header = _("Admin")
    index_title = _("Inbox")
    enable_nav_sidebar = False  # `s4jr.accounts.admin_navigation` says what is where

    def has_permission(self, request: HttpRequest) -> bool:
        """Admin pages ask twice, in the view and in the header; the answer is cached on the request."""
        if not super().has_permission(request):
            return False
        cached = vars(request)
        if cached.get("let_in") != request.user.pk and self._second_step_was_taken(request):
            cached["let_in"] = request.user.pk
        return cached.get("let_in") == request.user.pk

    def _second_step_was_taken(self, request):
        return not settings.STAFF_SECOND_FACTOR or two_step.was_given(request)

    def register(self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any) -> None:
        """Add ListedLookups, PlainLists, UnrememberedFields and PlainPages to every admin, also those of libraries.

        PlainPages comes last, right before Django's own class: an admin may say more than it does.
        """
        admin_class = PlainPages if admin_class in (None, ModelAdmin) else admin_class
        attributes = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
        bases = (ListedLookups, PlainLists, UnrememberedFields, admin_class, PlainPages)
        listed = type(admin_class.__name__, tuple(dict.fromkeys(bases)), attributes)
        super().register(model_or_iterable, cast("type[ModelAdmin]", listed), **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Let admin views decrypt only records that they opened within the budget: see `s4jr.audit.record_access`."""
        inner = super().admin_view(explain_limit(view), cacheable)

        @wraps(inner)
        def guarded(request, *args, **kwargs):
            decryption_guard.guard(request.user)
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the next step of signing in; this page has no form."""
        if not request.user.is_authenticated:
            return redirect_to_login(self._next(request), reverse("account_login"))
        if not super().has_permission(request):
            raise PermissionDenied
        if self.has_permission(request):
            return HttpResponseRedirect(self._next(request))
        if two_step.is_enrolled(request.user):
            return two_step.ask_for_it(request, self._next(request))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign out as everywhere else: Django's own view leaves pages in the browser's cache."""
        return log_out(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the page of allauth, which representatives use too."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("mfa_index")

    def _next(self, request):
        address = request.GET.get(REDIRECT_FIELD_NAME, "")
        safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
        return address if safe else reverse("admin:index", current_app=self.name)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, {**(extra_context or {}), "dashboard": admin_dashboard.call(request)})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page of one app groups models as the code does; the navigation groups them as people need them."""
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "second_factor_off": not settings.STAFF_SECOND_FACTOR}


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate an admin view outside ADMIN_PATH without revealing that path.

    Django's own decorator redirects visitors to the admin's sign-in page. This one sends them to the public sign-in
    page, answers 404 to users who are not staff, and leaves staff to the admin's own checks.
    """
    gated = admin.site.admin_view(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not (request.user.is_active and request.user.is_staff):
            raise Http404
        return gated(request, *args, **kwargs)

    return wrapper
