"""The part of the members' ModelAdmin that finds people: the box on the list, the filters, and both searches."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.find.forms import HELP_WITH_TERM, FilterForm, FindForm, NameForm, WaysForm
from members.find.list_filters import LIST_FILTERS
from members.find.place_filter import separate_typed, shown_form
from members.find.search import find, is_number, names_one_person
from members.find.services import (
    NAMES_AT_MOST,
    SearchResult,
    TooManySearchesError,
    search_by_name,
    search_by_ways,
)
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit import record_access
from s4jr.invisible_marks import plain_text

TOO_MANY = 429


class FindAdmin(admin.ModelAdmin):
    """Mixin that goes before the members' ModelAdmin."""

    search_fields = ["number"]  # shows the box, which posts to `find_person`
    search_help_text = HELP_WITH_TERM
    finds_at = "admin:members_member_find"
    list_filter = LIST_FILTERS
    #: Counting the rows of each option would read the whole table.
    show_facets = admin.ShowFacets.NEVER  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it

    def get_search_results(
        self, request: HttpRequest, queryset: MemberQuerySet, search_term: str
    ) -> tuple[MemberQuerySet, bool]:
        """Searches by number only, in every status: personal data must not be part of a URL."""
        number = search_term if is_number(search_term) else ""
        return (find(self._everyone(request), number) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirects to the code of a place that was typed; asks which one is meant if that is not clear."""
        request.GET, typed = separate_typed(request.GET)
        if typed and typed.is_valid():
            return redirect(f"{request.path}?{request.GET.urlencode()}")
        context = {**(extra_context or {}), "place_form": typed or shown_form(request)}
        return super().changelist_view(request, context)

    def _everyone(self, request: HttpRequest) -> MemberQuerySet:
        return cast(MemberQuerySet, self.get_queryset(request))

    def get_urls(self):
        views = [
            path("find/", self._for_viewers(self.find_person), name="members_member_find"),
            path("find/name/", self._for_viewers(self.find_by_name), name="members_member_find_by_name"),
            path("find/ways/", self._for_viewers(self.find_by_ways), name="members_member_find_by_ways"),
        ]
        return views + super().get_urls()

    def _for_viewers(self, view: Callable[[SignedInRequest], HttpResponse]) -> Callable[..., HttpResponse]:
        def wrapper(request: SignedInRequest) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return view(request)

        return self.admin_site.admin_view(wrapper)

    # --- by address, number or code

    def find_person(self, request: SignedInRequest) -> HttpResponse:
        """Finds one person. A number leads to the record, a name to the search by name; the rest needs a reason."""
        term = plain_text(request.POST.get("term", "")).strip()
        if is_number(term) and (member := find(self._everyone(request), term).first()):
            return redirect("admin:members_member_change", member.pk)
        if term and not is_number(term) and not names_one_person(term):
            return self._name_page(request, NameForm(initial={"name": term}))
        form = FindForm(request.POST if "reason" in request.POST else None, initial={"term": term})
        found = self._found(request, form) if form.is_valid() else {"is_unknown_number": is_number(term)}
        return self._find_page(request, "find", gettext("Find a person"), form=form, **found)

    def _found(self, request: SignedInRequest, form: FindForm) -> dict[str, Any]:
        """Template context of the result. It is logged and counted first, also if no one was found."""
        found = list(find(self._everyone(request), form.cleaned_data["term"]))
        looked_at, reason = ["email_index", "code_hash"], form.cleaned_data["reason"]
        record_access.note_search(request.user, Member, found, looked_at, reason)
        return {"found": found, "is_searched": True}

    # --- by name

    def find_by_name(self, request: SignedInRequest) -> HttpResponse:
        return self._name_page(request, NameForm(request.POST if request.method == "POST" else None))

    def _name_page(self, request: SignedInRequest, form: NameForm) -> HttpResponse:
        def search(data: dict[str, Any]) -> SearchResult:
            return search_by_name(request, form.filters, data["name"], data["reason"])

        more = {"names_at_most": NAMES_AT_MOST}
        return self._search_page(request, "find_by_name", gettext("Search by name"), form, search, more)

    # --- by way to help

    def find_by_ways(self, request: SignedInRequest) -> HttpResponse:
        form = WaysForm(request.POST if request.method == "POST" else None, initial=_chosen_on_the_list(request))

        def search(data: dict[str, Any]) -> SearchResult:
            return search_by_ways(request, form.filters, set(data["ways"]), data["reason"])

        return self._search_page(request, "find_by_ways", gettext("Find by way to help"), form, search, {})

    # --- pages

    def _search_page(
        self,
        request: SignedInRequest,
        name: str,
        title: str,
        form: FilterForm,
        search: Callable[[dict[str, Any]], SearchResult],
        more: dict[str, Any],
    ) -> HttpResponse:
        status = 200
        if form.is_valid():
            try:
                more = {**more, "result": search(form.cleaned_data)}
            except TooManySearchesError:
                form.add_error(None, _("You made ten of these searches today, which is the limit. Try again tomorrow."))
                status = TOO_MANY
        return self._find_page(request, name, title, status=status, form=form, **more)

    def _find_page(
        self, request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/members/{name}.html", context, status=status)


def _chosen_on_the_list(request: HttpRequest) -> dict[str, str]:
    """The filters of the list that this page was reached from: codes in its URL."""
    listed = ("status", "place", "chapter", "language", "month")
    return {name: request.GET[name] for name in listed if request.GET.get(name)}
