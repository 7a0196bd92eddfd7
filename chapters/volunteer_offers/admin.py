"""The admin of offers: opening one needs a reason, and each decision is one button."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chapters.models import Chapter, VolunteerOffer
from chapters.regions import place_name
from chapters.volunteer_offers import admin_messages, services
from chapters.volunteer_offers.admin_forms import OpenChapterForm
from chapters.volunteer_offers.chapter_opening import open_chapter, open_with_representative
from s4jr.accounts.session_timeout import MINUTES_FOR_RECORDS, idle
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.conversations.admin import FlaggedFilter, StateFilter
from s4jr.mail.models import Suppression

if TYPE_CHECKING:
    from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
    from s4jr.accounts.requests import SignedInRequest

SHOWN = ["name", "email", "contact", "words"]
ACTIONS = {
    "accept": services.accept,
    "not-now": services.decline,
    "unflag": services.unflag,
    "talked": services.mark_talked,
    "not-talked": services.mark_not_talked,
}
#: They change nothing that its sender wrote or reads, so the page may be older than the offer.
WITHOUT_VERSION = (services.mark_talked, services.mark_not_talked)
TO_TALK_WITH = "to_talk_with"


class WaitingFilter(StateFilter):
    opens_on = VolunteerOffer.State.WAITING

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [*super().lookups(request, model_admin), (TO_TALK_WITH, _("still to talk with"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == TO_TALK_WITH:
            return queryset.to_talk_with()
        return super().queryset(request, queryset)


@admin.register(VolunteerOffer)
class VolunteerOfferAdmin(ReasonRequiredMixin, admin.ModelAdmin):
    opened_fields, suggested_reason = SHOWN, _("to answer it")
    list_display = ["__str__", "kind", "place", "waiting", "who_has_it", "state", "flagged"]
    list_filter = [WaitingFilter, "kind", FlaggedFilter]
    list_select_related = ["chapter", "decided_by"]
    list_per_page = 50
    sortable_by = ()  # always the oldest first
    show_full_result_count = False
    search_fields = ["=number"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VolunteerOffer | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "VolunteerOfferQuerySet":
        return cast("VolunteerOfferQuerySet", super().get_queryset(request)).oldest_first()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def get_urls(self) -> list[URLPattern]:
        """The list and our own pages, without Django's, which would show an offer without a reason."""
        [changelist] = [url for url in super().get_urls() if url.name == "chapters_volunteeroffer_changelist"]
        pages = {"change": self.one, "open-chapter": self.open_chapter, "action": require_POST(self.action)}
        ours = [
            path(f"<uuid:pk>/{word}/", self._door(view), name=f"chapters_volunteeroffer_{word.replace('-', '_')}")
            for word, view in pages.items()
        ]
        return [changelist, *ours]

    def _door(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @idle(minutes=MINUTES_FOR_RECORDS)
        def wrapper(request: "SignedInRequest", pk: UUID) -> HttpResponse:
            offer = get_object_or_404(self.get_queryset(request), pk=pk)
            return view(request, offer) if self.has_change_permission(request, offer) else redirect("admin:index")

        return self.admin_site.admin_view(wrapper)

    # --- the list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return super().changelist_view(request, {"title": gettext("Volunteer offers"), **(extra_context or {})})

    @admin.display(description=_("place"))
    def place(self, offer: VolunteerOffer) -> Chapter | str:
        return offer.chapter or place_name(offer.country, offer.region)

    @admin.display(description=_("waiting"))
    def waiting(self, offer: VolunteerOffer) -> str:
        days: dict[str, date | None] = {
            VolunteerOffer.State.WAITING: offer.received_on,
            VolunteerOffer.State.TAKEN_UP: offer.decided_on,
        }
        since = days.get(offer.state)
        if offer.talked_on or since is None:
            return "-"
        count = (timezone.now().date() - since).days
        return ngettext("%(days)d day", "%(days)d days", count) % {"days": count}

    @admin.display(description=_("who has it"))
    def who_has_it(self, offer: VolunteerOffer) -> str:
        """Who accepted it, until someone has talked with its sender."""
        is_to_talk_with = offer.state == VolunteerOffer.State.TAKEN_UP and not offer.talked_on
        if not (is_to_talk_with and offer.decided_by and offer.decided_on):
            return "-"
        return gettext("%(who)s, since %(day)s") % {"who": offer.decided_by, "day": date_format(offer.decided_on)}

    @admin.display(description=_("flagged"))
    def flagged(self, offer: VolunteerOffer) -> str:
        return offer.get_flag_reason_display() or "-"

    # --- one offer

    def one(self, request: "SignedInRequest", offer: VolunteerOffer) -> HttpResponse:
        """One offer. It asks for a reason and logs it before it shows anything."""
        if asked := self.ask_to_open(request, offer):
            return asked
        context = {
            **self._context(request, capfirst(str(offer))),
            "offer": offer,
            "place": self.place(offer),
            "emails_stopped": offer.email_index and Suppression.objects.reason_for(offer.email_index),
        }
        return render(request, "admin/chapters/offer.html", context)

    def _form_page(
        self, request: "SignedInRequest", offer: VolunteerOffer, form: OpenChapterForm, button: str
    ) -> HttpResponse:
        context = {**self._context(request, capfirst(str(offer))), "form": form, "button": button}
        return render(request, "admin/one_form.html", context)

    def _context(self, request: HttpRequest, title: str | None) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    # --- actions

    def action(self, request: "SignedInRequest", offer: VolunteerOffer) -> HttpResponse:
        """Accepts, declines or unflags the offer, or marks it as talked about: the button's `word` says which."""
        decide = ACTIONS.get(request.POST.get("word", ""))
        if decide not in WITHOUT_VERSION and request.POST.get("version") != str(offer.version):
            return changed(request, offer)
        these = _as_read(offer)
        if decide and decide(these, by=request.user):
            messages.success(request, admin_messages.decided(decide, offer))
        elif not these.exists():
            return changed(request, offer)
        else:
            messages.warning(request, admin_messages.too_late(offer))
        return redirect("admin:chapters_volunteeroffer_changelist")

    def open_chapter(self, request: "SignedInRequest", offer: VolunteerOffer) -> HttpResponse:
        if request.GET.get("version") != str(offer.version):
            return changed(request, offer)
        may_invite = request.user.has_perm("chapters.add_representative")
        form = OpenChapterForm(request.POST or None, offer=offer, may_invite=may_invite)
        if not form.is_valid():
            return self._form_page(request, offer, form, gettext("Open the chapter"))
        facts = {name: value for name, value in form.cleaned_data.items() if name != "invites"}
        if form.cleaned_data.get("invites"):
            return self._open_with_representative(request, offer, facts)
        chapter = open_chapter(_as_read(offer), by=request.user, **facts)
        return self._opened(request, offer, chapter)

    def _opened(self, request: "SignedInRequest", offer: VolunteerOffer, chapter: Chapter | None) -> HttpResponse:
        if chapter:
            messages.success(request, admin_messages.opened_chapter(chapter.name, offer))
        else:
            messages.warning(request, admin_messages.too_late(offer))
        return redirect("admin:chapters_volunteeroffer_changelist")

    def _open_with_representative(
        self, request: "SignedInRequest", offer: VolunteerOffer, facts: dict[str, Any]
    ) -> HttpResponse:
        """Shows the one-time link if it is not emailed."""
        if asked := self.ask_to_continue(request, offer, SHOWN):
            return asked  # the invitation goes to the encrypted address
        appointed = open_with_representative(_as_read(offer), by=request.user, **facts)
        if appointed is None:
            return self._opened(request, offer, None)
        messages.success(request, admin_messages.opened_chapter(facts["name"], offer))
        if not appointed.link:
            messages.success(request, admin_messages.invited(offer))
            return redirect("admin:chapters_volunteeroffer_changelist")
        context = self._context(request, gettext("Appointed"))
        return render(request, "admin/chapters/appointed.html", {**context, **appointed._asdict()})


def changed(request: HttpRequest, offer: VolunteerOffer) -> HttpResponse:
    """Redirects to the offer without a decision, because it changed after the admin opened it."""
    messages.warning(request, gettext("This changed since you opened it. No decision was saved. Read it again first."))
    return redirect("admin:chapters_volunteeroffer_change", offer.pk)


def _as_read(offer: VolunteerOffer) -> "VolunteerOfferQuerySet":
    return VolunteerOffer.objects.filter(pk=offer.pk, version=offer.version)
