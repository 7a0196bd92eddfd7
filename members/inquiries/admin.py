"""The list of inquiries and the page of one. What somebody may not read is, for them, not there."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.inquiries import emails, services
from members.inquiries.admin_forms import AnswerForm, HandOverForm
from members.inquiries.permissions import SAFETY, names_of_readers, reads_any_topic
from members.models import Inquiry
from s4jr.audit import record_access
from s4jr.conversations.admin import FlaggedFilter, ReadingAdmin, StateFilter
from s4jr.conversations.forms import TurnForm
from s4jr.conversations.notices import choose_delivery_notice, warn_of_newer
from s4jr.crypto.fields import readable
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail, Suppression

Topic = Inquiry.Topic
SHOWN = ["name", "contact", "words"]


class OpenFilter(StateFilter):
    opens_on = Inquiry.State.OPEN


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return [choice for choice in Topic.choices if request.user.has_perm(Topic(choice[0]).right)]

    def queryset(self, request, queryset):
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(Inquiry)
class InquiryAdmin(ReadingAdmin):
    heading = _("Inquiries")
    list_display = ["__str__", "about_what", "waiting", "their_deadline", "state", "flagged"]
    list_filter = [OpenFilter, TopicFilter, FlaggedFilter]
    list_select_related = ["chapter"]
    search_fields = ["number"]
    search_help_text = _("The full number, such as W4F2A91.")
    change_list_template = "admin/members/inquiries/list.html"

    def has_view_permission(self, request, obj=None):
        return reads_any_topic(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).readable_by(request.user).most_urgent_first()

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().upper()
        return (self.get_queryset(request).filter(number=number) if number else queryset), False

    def pages(self):
        return {"change": self.one, "answer": require_POST(self.answer), "close": require_POST(self.close),
                "unflag": require_POST(self.unflag), "hand_over": require_POST(self.hand_over)}  # fmt: skip

    # --- the list

    def changelist_view(self, request, extra_context=None):
        without_name = request.user.has_perm(SAFETY.right) and not readable(request.user, "display_name")
        return super().changelist_view(request, {"without_name": without_name, **(extra_context or {})})

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
        return self.page(
            request,
            "admin/members/inquiries/one.html",
            str(inquiry),
            status=status,
            inquiry=inquiry,
            about_what=self.about_what(inquiry),
            their_deadline=self.their_deadline(inquiry),
            said=inquiry.said.select_related("by"),
            form=form,
            turn_form=TurnForm(initial={"seen": inquiry.turn}),
            hand_over_form=None if inquiry.topic == SAFETY else HandOverForm(inquiry=inquiry),
            readers=names_of_readers(inquiry) if inquiry.topic == SAFETY else [],
            emails_stopped=_has_stopped_emails(inquiry),
            emails=OutgoingEmail.objects.filter(about=inquiry.about, kind=emails.ANSWER).on_their_way(),
        )

    # --- presses

    def answer(self, request, inquiry):
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(request, inquiry, form)
        said = form.cleaned_data
        if services.answer(self.rows_of(inquiry), said["words"], by=request.user, seen=said["seen"]):
            return self._done(request, gettext("Your answer is saved. %(how)s") % {"how": _delivery_notice(inquiry)})
        return self._too_late(request, inquiry, said["words"])

    def _too_late(self, request, inquiry, words):
        """Somebody came first: what they said is shown, and what was typed here stays in its box."""
        warn_of_newer(request, inquiry, "topic", "flag_reason")
        return self._page(request, inquiry, AnswerForm(initial={"seen": inquiry.turn, "words": words}), status=409)

    def close(self, request, inquiry):
        form = TurnForm(request.POST)
        if form.is_valid() and services.close(self.rows_of(inquiry), by=request.user, seen=form.cleaned_data["seen"]):
            return self._done(request, gettext("Closed without an answer."))
        return self._too_late(request, inquiry, "")

    def unflag(self, request, inquiry):
        if services.unflag(self.rows_of(inquiry), by=request.user):
            messages.success(request, gettext("Marked as not spam. It’s now waiting for an answer."))
        else:
            messages.warning(request, gettext("It wasn’t flagged anymore. Nothing changed."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def hand_over(self, request, inquiry):
        form = HandOverForm(request.POST, inquiry=inquiry)
        if form.is_valid() and services.hand_over(self.rows_of(inquiry), form.cleaned_data["topic"], by=request.user):
            return self._done(request, gettext("Handed over. We told the volunteers who read that topic."))
        messages.warning(request, gettext("It wasn’t handed over. Check the topic and try again."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def _done(self, request, said):
        messages.success(request, said)
        return redirect("admin:members_inquiry_changelist")


def _in_words(days):
    if days < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
    return [gettext("today"), gettext("tomorrow")][days] if days < 2 else gettext("in %(days)d days") % {"days": days}


def _delivery_notice(inquiry):
    return choose_delivery_notice(
        inquiry,
        by_code=gettext("We won’t email them. They read it with their code."),
        by_notice=gettext("An email tells them that an answer is waiting, and nothing else."),
        by_email=gettext("We’ll email it to them."),
        is_stopped=_has_stopped_emails(inquiry),
    )


def _has_stopped_emails(inquiry):
    """Whether somebody stopped emails to an address that they could go to."""
    return inquiry.gets_emails and bool(Suppression.objects.reason_for(inquiry.email_index))
