"""The list of inquiries and the page of one. An inquiry that a user may not read does not exist for them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.inquiries import emails, services
from members.inquiries.admin_forms import AnswerForm, HandOverForm
from members.inquiries.permissions import SAFETY, names_of_readers, reads_any_topic
from members.inquiries.querysets import InquiryQuerySet
from members.models import Inquiry
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.conversations.admin import FlaggedFilter, ReadingAdmin, StateFilter
from s4jr.conversations.forms import TurnForm
from s4jr.conversations.notices import choose_delivery_notice, warn_of_newer
from s4jr.crypto.fields import readable
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail, Suppression

Topic = Inquiry.Topic


class OpenFilter(StateFilter):
    opens_on = Inquiry.State.OPEN


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return [choice for choice in Topic.choices if request.user.has_perm(Topic(choice[0]).right)]

    def queryset(self, request: HttpRequest, queryset: InquiryQuerySet) -> InquiryQuerySet:
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(Inquiry)
class InquiryAdmin(ReasonRequiredMixin, ReadingAdmin):
    opened_fields, suggested_reason = ["name", "contact", "words"], _("to answer it")
    heading = _("Inquiries")
    list_display = ["__str__", "about_what", "waiting", "their_deadline", "state", "flagged"]
    list_filter = [OpenFilter, TopicFilter, FlaggedFilter]
    list_select_related = ["chapter"]
    search_fields = ["number"]
    search_help_text = _("The full number, such as W4F2A91.")
    change_list_template = "admin/members/inquiries/list.html"

    def has_view_permission(self, request: SignedInRequest, obj: Inquiry | None = None) -> bool:
        return reads_any_topic(request.user)

    def get_queryset(self, request: SignedInRequest) -> InquiryQuerySet:
        inquiries: Any = super().get_queryset(request)
        return inquiries.readable_by(request.user).most_urgent_first()

    def get_search_results(
        self, request: SignedInRequest, queryset: InquiryQuerySet, search_term: str
    ) -> tuple[InquiryQuerySet, bool]:
        number = search_term.strip().upper()
        return (self.get_queryset(request).filter(number=number) if number else queryset), False

    def pages(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"change": self.one, "answer": require_POST(self.answer), "close": require_POST(self.close),
                "unflag": require_POST(self.unflag), "hand_over": require_POST(self.hand_over)}  # fmt: skip

    # --- the list

    def changelist_view(self, request: SignedInRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        without_name = request.user.has_perm(SAFETY.right) and not readable(request.user, "display_name")
        context: dict[str, Any] = {"without_name": without_name, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("topic"))
    def about_what(self, inquiry: Inquiry) -> str:
        topic = inquiry.get_topic_display()
        return f"{topic}: {inquiry.chapter}" if inquiry.chapter else topic

    @admin.display(description=_("waiting"))
    def waiting(self, inquiry: Inquiry) -> str:
        if inquiry.state != Inquiry.State.OPEN:
            return "-"
        days = (timezone.now().date() - inquiry.last_word_on).days
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}

    @admin.display(description=_("their deadline"))
    def their_deadline(self, inquiry: Inquiry) -> str:
        if not inquiry.deadline:
            return "-"
        days = (inquiry.deadline - westernmost_today()).days
        return _in_words(days) if days > 1 else format_html('<strong class="overdue">{}</strong>', _in_words(days))

    @admin.display(description=_("flagged"))
    def flagged(self, inquiry: Inquiry) -> str:
        return inquiry.get_flag_reason_display() or "-"

    # --- one inquiry

    def one(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        """Shows one inquiry, after the admin gave a reason that is logged first."""
        asked = self.ask_to_open(request, inquiry)
        return asked or self._page(request, inquiry, AnswerForm(initial={"seen": inquiry.turn}))

    def _page(self, request: SignedInRequest, inquiry: Inquiry, form: forms.Form, status: int = 200) -> HttpResponse:
        if not_open := self.ask_to_continue(request, inquiry):
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

    # --- actions

    def answer(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(request, inquiry, form)
        said = form.cleaned_data
        if services.answer(self.rows_of(inquiry), said["words"], by=request.user, seen=said["seen"]):
            return self._done(request, gettext("Your answer is saved. %(how)s") % {"how": _delivery_notice(inquiry)})
        return self._too_late(request, inquiry, said["words"])

    def _too_late(self, request: SignedInRequest, inquiry: Inquiry, words: str) -> HttpResponse:
        """Another request was first: shows what it said, and keeps the typed answer in the form."""
        warn_of_newer(request, inquiry, "topic", "flag_reason")
        return self._page(request, inquiry, AnswerForm(initial={"seen": inquiry.turn, "words": words}), status=409)

    def close(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        form = TurnForm(request.POST)
        if form.is_valid() and services.close(self.rows_of(inquiry), by=request.user, seen=form.cleaned_data["seen"]):
            return self._done(request, gettext("Closed without an answer."))
        return self._too_late(request, inquiry, "")

    def unflag(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        if services.unflag(self.rows_of(inquiry), by=request.user):
            messages.success(request, gettext("Marked as not spam. It’s now waiting for an answer."))
        else:
            messages.warning(request, gettext("It wasn’t flagged anymore. Nothing changed."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def hand_over(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        form = HandOverForm(request.POST, inquiry=inquiry)
        if form.is_valid() and services.hand_over(self.rows_of(inquiry), form.cleaned_data["topic"], by=request.user):
            return self._done(request, gettext("Handed over. We told the volunteers who read that topic."))
        messages.warning(request, gettext("It wasn’t handed over. Check the topic and try again."))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def _done(self, request: HttpRequest, said: str) -> HttpResponse:
        messages.success(request, said)
        return redirect("admin:members_inquiry_changelist")


def _in_words(days: int) -> str:
    if days < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
    return [gettext("today"), gettext("tomorrow")][days] if days < 2 else gettext("in %(days)d days") % {"days": days}


def _delivery_notice(inquiry: Inquiry) -> str:
    return choose_delivery_notice(
        inquiry,
        by_code=gettext("We won’t email them. They read it with their code."),
        by_notice=gettext("An email tells them that an answer is waiting, and nothing else."),
        by_email=gettext("We’ll email it to them."),
        is_stopped=_has_stopped_emails(inquiry),
    )


def _has_stopped_emails(inquiry: Inquiry) -> bool:
    """Whether the sender asked for emails, and emails to their address are stopped."""
    return inquiry.gets_emails and bool(Suppression.objects.reason_for(inquiry.email_index))
