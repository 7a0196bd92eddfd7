"""The list of inquiries and the page of one. What somebody may not read is, for them, not there."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.inquiries import emails
from members.inquiries.admin_forms import AnswerForm, HandOverForm, TurnForm
from members.inquiries.permissions import SAFETY, names_of_readers, reads_any_topic, right
from members.models import Inquiry
from s4jr.audit import record_access
from s4jr.crypto.fields import readable
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail, Suppression

Topic = Inquiry.Topic
SHOWN = ["name", "contact", "words"]


class StateFilter(admin.SimpleListFilter):
    """The list opens on what waits; everything else is one press away."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("all", _("all")), *Inquiry.State.choices]

    def value(self):
        return super().value() or Inquiry.State.OPEN

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.filter(state=self.value())

    def choices(self, changelist):
        return list(super().choices(changelist))[1:]


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return [choice for choice in Topic.choices if request.user.has_perm(right(choice[0]))]

    def queryset(self, request, queryset):
        return queryset.filter(topic=self.value()) if self.value() else queryset


class FlaggedFilter(admin.SimpleListFilter):
    title = _("flagged")
    parameter_name = "flagged"

    def lookups(self, request, model_admin):
        return [("1", _("flagged as possible spam"))]

    def queryset(self, request, queryset):
        return queryset.flagged() if self.value() else queryset


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin):
    list_display = ["__str__", "about_what", "waiting", "their_deadline", "state", "flagged"]
    list_filter = [StateFilter, TopicFilter, FlaggedFilter]
    list_per_page = 50
    list_select_related = ["chapter"]
    sortable_by = ()  # what is most urgent first, always
    show_full_result_count = False
    search_fields = ["number"]
    search_help_text = _("The full number, such as W4F2A91.")
    actions = None
    change_list_template = "admin/members/inquiries/list.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return reads_any_topic(request.user)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        return super().get_queryset(request).readable_by(request.user).most_urgent_first()

    def get_ordering(self, request):
        return ()

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().upper()
        return (self.get_queryset(request).filter(number=number) if number else queryset), False

    def get_urls(self):
        """The list and our own pages; none of those of Django that would show or say more of an inquiry."""
        pages = {"change": self.one, "answer": require_POST(self.answer), "close": require_POST(self.close),
                 "unflag": require_POST(self.unflag), "hand-over": require_POST(self.hand_over)}  # fmt: skip
        [changelist] = [url for url in super().get_urls() if url.name == "members_inquiry_changelist"]
        ours = [
            path(f"<uuid:pk>/{word}/", self._door(view), name=f"members_inquiry_{word.replace('-', '_')}")
            for word, view in pages.items()
        ]
        return [changelist, *ours]

    def _door(self, view):
        """What this person may not read answers as what does not exist."""

        def wrapper(request, pk):
            return view(request, get_object_or_404(self.get_queryset(request), pk=pk))

        return self.admin_site.admin_view(wrapper)

    # --- the list

    def changelist_view(self, request, extra_context=None):
        without_name = request.user.has_perm(right(SAFETY)) and not readable(request.user, "display_name")
        context = {"title": gettext("Inquiries"), "without_name": without_name, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("topic"))
    def about_what(self, inquiry):
        topic = inquiry.get_topic_display()
        return f"{topic}: {inquiry.chapter}" if inquiry.chapter else topic

    @admin.display(description=_("waiting"))
    def waiting(self, inquiry):
        if inquiry.state != Inquiry.State.OPEN:
            return "-"
        days = (timezone.now().date() - inquiry.last_word_on).days
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}

    @admin.display(description=_("their deadline"))
    def their_deadline(self, inquiry):
        if not inquiry.deadline:
            return "-"
        days = (inquiry.deadline - westernmost_today()).days
        return _in_words(days) if days > 1 else format_html('<strong class="overdue">{}</strong>', _in_words(days))

    @admin.display(description=_("flagged"))
    def flagged(self, inquiry):
        return inquiry.get_flag_reason_display() or "-"

    # --- one inquiry

    def one(self, request, inquiry):
        """One inquiry, for a reason that is written down before anything is shown."""
        asked = record_access.ask_to_open(request, inquiry, SHOWN, initial=gettext("to answer it"))
        return asked or self._page(request, inquiry, AnswerForm(initial={"seen": inquiry.turn}))

    def _page(self, request, inquiry, form, status=200):
        if not_open := record_access.open_again(request, inquiry, SHOWN):
            return not_open
        context = {
            **self._context(request, str(inquiry)),
            "inquiry": inquiry,
            "about_what": self.about_what(inquiry),
            "their_deadline": self.their_deadline(inquiry),
            "said": inquiry.said.select_related("by"),
            "form": form,
            "turn_form": TurnForm(initial={"seen": inquiry.turn}),
            "hand_over_form": None if inquiry.topic == SAFETY else HandOverForm(inquiry=inquiry),
            "readers": names_of_readers(inquiry) if inquiry.topic == SAFETY else [],
            "emails_stopped": inquiry.gets_emails and Suppression.objects.reason_for(inquiry.email_index),
            "emails": OutgoingEmail.objects.filter(about=inquiry.about, kind=emails.ANSWER).on_their_way(),
        }
        return render(request, "admin/members/inquiries/one.html", context, status=status)

    def _context(self, request, title):
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    # --- presses

    def answer(self, request, inquiry):
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(request, inquiry, form)
        said = form.cleaned_data
        if self._these(inquiry).answer(said["words"], by=request.user, seen=said["seen"]):
            return self._done(request, gettext("Your answer is saved. %(how)s") % {"how": _how_it_goes(inquiry)})
        return self._too_late(request, inquiry, said["words"])

    def _too_late(self, request, inquiry, words):
        """Somebody came first: what they said is shown, and what was typed here stays in its box."""
        inquiry.refresh_from_db(fields=["turn", "state", "topic", "flag_reason"])
        said = gettext(
            "This changed while you were writing. Read what’s new first. Your own text is below and hasn’t been sent."
        )
        messages.warning(request, said)
        return self._page(request, inquiry, AnswerForm(initial={"seen": inquiry.turn, "words": words}), status=409)

    def close(self, request, inquiry):
        form = TurnForm(request.POST)
        if form.is_valid() and self._these(inquiry).close(by=request.user, seen=form.cleaned_data["seen"]):
            return self._done(request, gettext("Closed without an answer."))
        return self._too_late(request, inquiry, "")

    def unflag(self, request, inquiry):
        if self._these(inquiry).unflag(by=request.user):
            messages.success(request, gettext("Marked as not spam. It’s now waiting for an answer."))
        else:
            messages.warning(request, gettext("It wasn’t flagged anymore. Nothing changed."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def hand_over(self, request, inquiry):
        form = HandOverForm(request.POST, inquiry=inquiry)
        if form.is_valid() and self._these(inquiry).hand_over(form.cleaned_data["topic"], by=request.user):
            return self._done(request, gettext("Handed over. We told the volunteers who read that topic."))
        messages.warning(request, gettext("It wasn’t handed over. Check the topic and try again."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def _these(self, inquiry):
        return Inquiry.objects.filter(pk=inquiry.pk)

    def _done(self, request, said):
        messages.success(request, said)
        return redirect("admin:members_inquiry_changelist")


def _in_words(days):
    if days < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
    return [gettext("today"), gettext("tomorrow")][days] if days < 2 else gettext("in %(days)d days") % {"days": days}


def _how_it_goes(inquiry):
    """What becomes of an answer, for whoever wrote it."""
    if not inquiry.gets_emails or Suppression.objects.reason_for(inquiry.email_index):
        return gettext("We won’t email them. They read it with their code.")
    if inquiry.is_discreet:
        return gettext("An email tells them that an answer is waiting, and nothing else.")
    return gettext("We’ll email it to them.")
