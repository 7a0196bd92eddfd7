"""The admin of representatives: lists terms, and begins, hands over and ends them.

Representatives write their own profiles; an admin can only hide one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chapters.local_days import last_today_in_place
from chapters.models import Representative, VolunteerOffer
from chapters.place_search import place_label
from chapters.representatives.appointment_forms import AppointForm, TermForm
from chapters.representatives.appointments import Appointed, appoint, end_term, hand_over, may_be_invited
from chapters.representatives.prepared import invite_first_or_again, is_prepared, prepared_terms
from chapters.representatives.prepared_admin import PreparedTermsMixin
from chapters.representatives.reachability import email_states, stopped_terms, terms_without_address, unreached_terms
from chapters.representatives.services import hide_profile
from chapters.representatives.step_down_admin import StepDownPagesMixin, step_down_context
from chapters.volunteer_offers.admin import SHOWN, changed
from chapters.volunteer_offers.services import close_as_appointed
from s4jr.accounts.session_timeout import MINUTES_FOR_RECORDS, idle
from s4jr.audit import record_access
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.days import westernmost_today

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class TermFilter(admin.SimpleListFilter):
    """Shows current and upcoming terms by default."""

    title = _("term")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        waits = [("prepared", _("prepared, not invited yet")), ("stepped_down", _("stepped down, to thank"))]
        return [("all", _("all")), ("now", _("current or upcoming")), ("over", _("ended")), *waits]

    def value(self) -> str:
        return super().value() or "now"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        runs = Q(ends_on=None) | Q(ends_on__gte=westernmost_today())
        found = {"now": queryset.filter(runs), "over": queryset.exclude(runs), "stepped_down": queryset.stepped_down(),
                 "prepared": queryset.filter(pk__in=prepared_terms().values("pk"))}  # fmt: skip
        return found.get(self.value(), queryset)

    def choices(self, changelist: ChangeList) -> list[Any]:
        return list(super().choices(changelist) or ())[1:]


class EmailFilter(admin.SimpleListFilter):
    title = _("email")
    parameter_name = "email"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [
            ("no", _("can’t be reached by email")),
            ("stopped", _("emails are stopped")),
            ("none", _("no email address")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        terms = {"no": unreached_terms, "stopped": stopped_terms, "none": terms_without_address}
        found = terms.get(self.value() or "")
        return queryset.filter(pk__in=[term.pk for term in found()]) if found else queryset


class Terms(ChangeList):
    """Adds to each term whether our emails reach the user, in one query for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        states = email_states(term.user for term in self.result_list)
        for term in self.result_list:
            term.email_state = states[term.user_id]


@admin.register(Representative)
class RepresentativeAdmin(StepDownPagesMixin, PreparedTermsMixin, admin.ModelAdmin):
    add_label = _("Appoint a representative")
    list_display = ["of_what", "user", "begins_on", "ends_on", "is_shown", "emails"]
    list_display_links = ["of_what", "user"]
    list_filter = [TermFilter, EmailFilter]
    list_select_related = ["user", "chapter"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["user__username", "=region", "chapter__name"]
    search_help_text = _("A username, a place code such as CA-ON, or a chapter.")
    ordering = ["country", "region", "begins_on"]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Representative | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The list and our own pages: terms change through actions, never through a model form."""
        [changelist] = [url for url in super().get_urls() if url.name == "chapters_representative_changelist"]
        presses = {"end": self.end, "hide": self.hide, "invite": self.invite}
        presses |= {"settle": self.settle, "unsettle": self.unsettle, "discard": self.discard}
        ours = {
            "change": self.one,
            "hand-over": self.hand_over,
            "handover-note": self.handover_note,
            **{k: require_POST(v) for k, v in presses.items()},
        }
        add = path("add/", self.admin_site.admin_view(self.appoint), name="chapters_representative_add")
        pages = [path(f"<uuid:pk>/{k}/", self._door(v), name=f"chapters_representative_{k.replace('-', '_')}")
                 for k, v in ours.items()]  # fmt: skip
        return [changelist, add, *self.prepared_urls(), *pages]

    def _door(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @idle(minutes=MINUTES_FOR_RECORDS)
        def wrapper(request: "SignedInRequest", pk: UUID) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            found = Representative.objects.select_related("user", "chapter", "appointed_by")
            return view(request, get_object_or_404(found, pk=pk))

        return self.admin_site.admin_view(wrapper)

    # --- the list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return super().changelist_view(request, {"title": gettext("Representatives"), **(extra_context or {})})

    @admin.display(description=_("place or chapter"), ordering="region")
    def of_what(self, term: Representative) -> str:
        return term.place

    @admin.display(description=_("profile shown"), boolean=True)
    def is_shown(self, term: Representative) -> bool:
        return term.is_public

    @admin.display(description=_("reachable by email"))
    def emails(self, term: Any) -> str:
        return term.email_state.label  # set by `Terms`

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Terms

    # --- beginning a term

    def appoint(self, request: "SignedInRequest") -> HttpResponse:
        """Creates the user, the term and the invitation. Also accepts the offer that led here, if there is one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        offer = _offer_in(request)
        if offer and (not_open := self.ask_to_continue(request, offer, SHOWN)):
            return not_open  # the form shows the offer, also its encrypted address
        if offer and request.GET.get("version") != str(offer.version):
            return changed(request, offer)
        form = (
            AppointForm(request.POST) if request.POST else AppointForm.blank(request, **_known_answers(request, offer))
        )
        return self._begun(request, form, lambda: self._appoint(request, form, offer)) or self._form_page(
            request, gettext("Appoint a representative"), form, gettext("Appoint")
        )

    def _appoint(self, request: "SignedInRequest", form: AppointForm, offer: VolunteerOffer | None) -> Appointed:
        earlier, made = form.handed_over, form.made()
        appointed = hand_over(earlier, made, by=request.user) if earlier else appoint(made, by=request.user)
        if offer:
            close_as_appointed(VolunteerOffer.objects.filter(pk=offer.pk), by=request.user, seen=offer)
        return appointed

    def hand_over(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        title = gettext("Hand over %(place)s to a new representative") % {"place": term.place}
        usual = {"language": term.language, "begins_on": last_today_in_place(term.place_code)}
        form = TermForm(request.POST) if request.POST else TermForm.blank(request, **usual)
        place = {"region": term.region, "chapter": term.chapter}
        begun = self._begun(request, form, lambda: hand_over(term, form.appointment(**place), by=request.user))
        return begun or self._form_page(request, title, form, gettext("Hand over"), term)

    def _begun(self, request: "SignedInRequest", form: TermForm, begin: Callable[[], Appointed]) -> HttpResponse | None:
        """The page after `begin()`; None if the form is invalid or was submitted before.

        That page and the list disclose whether emails reach the new address, so it counts against the budget like a
        search.
        """
        if not form.is_valid():
            return None
        if form.new_address:
            record_access.refuse_past_budget(request.user)
        if not form.is_sent_first():
            return None
        try:
            return self._appointed(request, self._begin(request, form, begin))
        except ChangedMeanwhileError:
            form.add_error(None, gettext("Someone else was faster, so nothing was saved. Check the list first."))
            return None

    @transaction.atomic
    def _begin(self, request: "SignedInRequest", form: TermForm, begin: Callable[[], Appointed]) -> Appointed:
        appointed = begin()
        if form.new_address:
            why = gettext("appointing a representative")
            record_access.note_address(request.user, appointed.term.user, "address", why)
        return appointed

    def _appointed(self, request: "SignedInRequest", appointed: Appointed) -> HttpResponse:
        """The next steps, and the one-time link if it is not emailed."""
        context = {**self._context(request, gettext("Appointed")), "term": appointed.term, "link": appointed.link}
        return render(request, "admin/chapters/appointed.html", context)

    # --- one term

    def one(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        context = {**self._context(request, term.place), "term": term, "may_invite": may_be_invited(term)}
        context |= {**step_down_context(term), "is_prepared": is_prepared(term.user)}
        context["email_state"] = email_states([term.user])[term.user_id].label
        return render(request, "admin/chapters/term.html", context)

    def invite(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        appointed = invite_first_or_again(term, by=request.user)
        if appointed is None:
            raise PermissionDenied
        return self._appointed(request, appointed)

    def end(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        if end_term(term, by=request.user):
            messages.success(
                request,
                gettext(
                    "Term ended. Their representative page is closed, their profile is hidden, and they’re signed out."
                ),
            )
        else:
            messages.warning(request, gettext("This term had already ended."))
        return redirect("admin:chapters_representative_change", term.pk)

    def hide(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        if hide_profile(term, by=request.user):
            messages.success(request, gettext("Their profile is now hidden. They can show it again."))
        else:
            messages.warning(request, gettext("Their profile was already hidden."))
        return redirect("admin:chapters_representative_change", term.pk)

    def _form_page(
        self, request: "SignedInRequest", title: str, form: TermForm, button: str, term: Representative | None = None
    ) -> HttpResponse:
        context = {**self._context(request, title), "form": form, "button": button, "term": term}
        return render(request, "admin/chapters/appoint.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}


def _offer_in(request: HttpRequest) -> VolunteerOffer | None:
    """The offer in the query string, or None."""
    try:
        return VolunteerOffer.objects.filter(pk=request.GET.get("offer")).first()
    except ValidationError:
        return None


def _known_answers(request: HttpRequest, offer: VolunteerOffer | None) -> dict[str, Any]:
    """Initial form values from an offer, or from a link that names the place or the chapter."""
    if offer is None:
        return {name: request.GET[name] for name in ("place", "chapter") if name in request.GET}
    code = offer.region or offer.country
    return {
        "place": place_label(code) if code else "",
        "chapter": offer.chapter,
        "address": offer.email,
        "language": offer.language,
    }
