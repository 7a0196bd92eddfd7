"""Representatives as coordinators see them: who serves where, and the presses that begin, hand over and end a term.

What a representative shows of themselves is theirs to write, at their desk; an admin can take it off the site.
"""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chapters.local_days import last_today_in_place
from chapters.models import Representative, VolunteerOffer
from chapters.representatives.appointment_forms import AppointForm, TermForm
from chapters.representatives.appointments import appoint, end_term, hand_over, invite, may_be_invited
from chapters.representatives.reachability import email_states, unreached_terms
from chapters.representatives.services import hide_profile
from chapters.volunteer_offers.admin import SHOWN, changed
from chapters.volunteer_offers.services import close_as_appointed
from s4jr.accounts.session_timeout import MINUTES_FOR_RECORDS, idle
from s4jr.audit import record_access
from s4jr.days import westernmost_today


class TermFilter(admin.SimpleListFilter):
    """The list opens on who serves, now or soon; who served is one press away."""

    title = _("term")
    parameter_name = "term"

    def lookups(self, request, model_admin):
        return [("all", _("all")), ("now", _("current or upcoming")), ("over", _("ended"))]

    def value(self):
        return super().value() or "now"

    def queryset(self, request, queryset):
        runs = Q(ends_on=None) | Q(ends_on__gte=westernmost_today())
        return {"now": queryset.filter(runs), "over": queryset.exclude(runs)}.get(self.value(), queryset)

    def choices(self, changelist):
        return list(super().choices(changelist))[1:]


class EmailFilter(admin.SimpleListFilter):
    title = _("email")
    parameter_name = "email"

    def lookups(self, request, model_admin):
        return [("no", _("can’t be reached by email"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=[term.pk for term in unreached_terms()]) if self.value() else queryset


class Terms(ChangeList):
    """The list says of each whether our emails reach them; one query for the whole page."""

    def get_results(self, request):
        super().get_results(request)
        states = email_states(term.user for term in self.result_list)
        for term in self.result_list:
            term.email_state = states[term.user_id]


@admin.register(Representative)
class RepresentativeAdmin(admin.ModelAdmin):
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

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        """The list and our own pages: a term is begun and ended by verbs, and is never typed over."""
        [changelist] = [url for url in super().get_urls() if url.name == "chapters_representative_changelist"]
        presses = {"end": self.end, "hide": self.hide, "invite": self.invite}
        ours = {"change": self.one, "hand-over": self.hand_over, **{k: require_POST(v) for k, v in presses.items()}}
        add = path("add/", self.admin_site.admin_view(self.appoint), name="chapters_representative_add")
        pages = [path(f"<uuid:pk>/{k}/", self._door(v), name=f"chapters_representative_{k.replace('-', '_')}")
                 for k, v in ours.items()]  # fmt: skip
        return [changelist, add, *pages]

    def _door(self, view):
        @idle(minutes=MINUTES_FOR_RECORDS)
        def wrapper(request, pk):
            if not self.has_change_permission(request):
                raise PermissionDenied
            found = Representative.objects.select_related("user", "chapter", "appointed_by")
            return view(request, get_object_or_404(found, pk=pk))

        return self.admin_site.admin_view(wrapper)

    # --- the list

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": gettext("Representatives"), **(extra_context or {})})

    @admin.display(description=_("place or chapter"), ordering="region")
    def of_what(self, term):
        return term.place

    @admin.display(description=_("profile shown"), boolean=True)
    def is_shown(self, term):
        return term.is_public

    @admin.display(description=_("reachable by email"))
    def emails(self, term):
        return term.email_state.label

    def get_changelist(self, request, **kwargs):
        return Terms

    # --- beginning

    def appoint(self, request):
        """One press: who signs in, their term, and the invitation. An offer that led here is taken up with it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        offer = _offer_in(request)
        if offer and (not_open := record_access.open_again(request, offer, SHOWN)):
            return not_open  # the form holds what the offer says, its address too
        if offer and request.GET.get("version") != str(offer.version):
            return changed(request, offer)
        form = AppointForm(request.POST) if request.POST else AppointForm.blank(request, **_answers_of(offer))
        return self._begun(request, form, lambda: self._appoint(request, form, offer)) or self._form_page(
            request, gettext("Appoint a representative"), form, gettext("Appoint")
        )

    def _appoint(self, request, form, offer):
        appointed = appoint(form.made(), by=request.user)
        if offer:
            close_as_appointed(VolunteerOffer.objects.filter(pk=offer.pk), by=request.user)
        return appointed

    def hand_over(self, request, term):
        title = gettext("Hand over %(place)s to a new representative") % {"place": term.place}
        usual = {"language": term.language, "begins_on": last_today_in_place(term.place_code)}
        form = TermForm(request.POST) if request.POST else TermForm.blank(request, **usual)
        place = {"region": term.region, "chapter": term.chapter}
        begun = self._begun(request, form, lambda: hand_over(term, form.appointment(**place), by=request.user))
        return begun or self._form_page(request, title, form, gettext("Hand over"), term)

    def _begun(self, request, form, begin):
        """The page after `begin()`, which makes an `Appointed`; None where the form is not valid, or was sent before.

        That page, and the list, tell whether emails go to the address that was typed: it is counted like a search.
        """
        if not form.is_valid():
            return None
        try:
            if form.new_address:
                record_access.refuse_past_budget(request.user)
            return self._appointed(request, self._begin(request, form, begin)) if form.is_sent_first() else None
        except record_access.TooManyOpeningsError:
            return record_access.too_many_openings(request)

    @transaction.atomic
    def _begin(self, request, form, begin):
        appointed = begin()
        if form.new_address:
            why = gettext("appointing a representative")
            record_access.note_address(request.user, appointed.term.user, "address", why)
        return appointed

    def _appointed(self, request, appointed):
        """What happens next, and the one-time link where no email takes it."""
        context = {**self._context(request, gettext("Appointed")), "term": appointed.term, "link": appointed.link}
        return render(request, "admin/chapters/appointed.html", context)

    # --- one term

    def one(self, request, term):
        context = {**self._context(request, term.place), "term": term, "may_invite": may_be_invited(term.user)}
        context["email_state"] = email_states([term.user])[term.user_id].label
        return render(request, "admin/chapters/term.html", context)

    def invite(self, request, term):
        if not may_be_invited(term.user):
            raise PermissionDenied
        return self._appointed(request, invite(term, by=request.user))

    def end(self, request, term):
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

    def hide(self, request, term):
        if hide_profile(term, by=request.user):
            messages.success(request, gettext("Their profile is now hidden. They can show it again."))
        else:
            messages.warning(request, gettext("Their profile was already hidden."))
        return redirect("admin:chapters_representative_change", term.pk)

    def _form_page(self, request, title, form, button, term=None):
        context = {**self._context(request, title), "form": form, "button": button, "term": term}
        return render(request, "admin/chapters/appoint.html", context)

    def _context(self, request, title):
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}


def _offer_in(request):
    """The offer that led to this page, or None."""
    try:
        return VolunteerOffer.objects.filter(pk=request.GET.get("offer")).first()
    except ValidationError:
        return None


def _answers_of(offer):
    """What an offer says already."""
    if offer is None:
        return {}
    return {
        "place": offer.region or offer.country,
        "chapter": offer.chapter,
        "address": offer.email,
        "language": offer.language,
    }
