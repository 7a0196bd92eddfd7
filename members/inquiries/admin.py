"""The list of inquiries and the page of one. An inquiry that a user may not read does not exist for them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.inquiries import admin_messages, emails, services
from members.inquiries.admin_forms import AnswerForm, HandOverForm
from members.inquiries.permissions import SAFETY, names_of_readers, reads_any_topic
from members.inquiries.querysets import InquiryQuerySet
from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit import record_access
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.conversations.admin import FlaggedFilter, ReadingAdmin, StateFilter
from s4jr.conversations.forms import TurnForm
from s4jr.conversations.notices import warn_of_newer
from s4jr.crypto.fields import readable
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail

Topic = Inquiry.Topic
#: How many inquiries "Send and open the next one" tries to take, if other volunteers are quicker.
TRIES = 5


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
    list_filter = [OpenFilter, TopicFilter, FlaggedFilter]
    list_select_related = ["chapter", "claimed_by"]
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
        presses = (self.claim, self.unclaim, self.insert_reply, self.answer, self.answer_next, self.close, self.reopen,
                   self.unflag, self.hand_over)  # fmt: skip
        return {"change": self.one, **{press.__name__: require_POST(press) for press in presses}}

    # --- the list

    def get_list_display(self, request: SignedInRequest) -> list[Any]:
        @admin.display(description=_("who has it"))
        def who_has_it(inquiry: Inquiry) -> str:
            return _holder_or_button(inquiry, request.user)

        return ["__str__", "about_what", "waiting", who_has_it, "their_deadline", "state", "flagged"]

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
        return asked or self._page(request, inquiry, self._blank_form(inquiry))

    def _blank_form(self, inquiry: Inquiry, words: str = "") -> AnswerForm:
        return AnswerForm(initial={"seen": inquiry.turn, "words": words}, language=inquiry.language)

    def _page(self, request: SignedInRequest, inquiry: Inquiry, form: forms.Form, status: int = 200) -> HttpResponse:
        if not_open := self.ask_to_continue(request, inquiry):
            return not_open
        return self.page(
            request,
            "admin/members/inquiries/one.html",
            gettext("Inquiry %(number)s") % {"number": inquiry.number},
            status=status,
            inquiry=inquiry,
            is_mine=inquiry.holder == request.user,
            about_what=self.about_what(inquiry),
            their_deadline=self.their_deadline(inquiry),
            said=inquiry.said.select_related("by"),
            form=form,
            another_waits=self._queue(request).exclude(pk=inquiry.pk).exists(),
            turn_form=TurnForm(initial={"seen": inquiry.turn}),
            hand_over_form=None if inquiry.topic == SAFETY else HandOverForm(inquiry=inquiry),
            readers=names_of_readers(inquiry) if inquiry.topic == SAFETY else [],
            emails_stopped=admin_messages.has_stopped_emails(inquiry),
            emails=OutgoingEmail.objects.filter(about=inquiry.about, kind=emails.ANSWER).on_their_way(),
        )

    # --- taking one

    def _queue(self, request: SignedInRequest) -> InquiryQuerySet:
        """What this user could answer next."""
        return self.get_queryset(request).waiting().free_for(request.user)

    def claim(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        """Takes the inquiry and opens it: that someone takes it, to answer it, is the reason that is logged."""
        form = TurnForm(request.POST)
        if form.is_valid() and self._claim_and_open(request, inquiry, form.cleaned_data["seen"]):
            return redirect("admin:members_inquiry_change", inquiry.pk)
        now = get_object_or_404(self.openable(request), pk=inquiry.pk)
        if now.holder == request.user:  # the button was selected twice
            return redirect("admin:members_inquiry_change", inquiry.pk)
        messages.warning(request, admin_messages.not_claimed(now))
        return redirect("admin:members_inquiry_changelist")

    def _claim_and_open(self, request: SignedInRequest, inquiry: Inquiry, seen: int) -> bool:
        """Both or neither: an admin over the budget takes nothing, and the other admins are told."""
        with transaction.atomic():
            won = services.claim(self.rows_of(inquiry), by=request.user, seen=seen)
            if won:
                record_access.open_for(request, inquiry, self.opened_fields, gettext("taking it to answer it"))
        if won:
            messages.success(request, admin_messages.claimed(self.rows_of(inquiry).get()))
        return won

    def _open_next(self, request: SignedInRequest) -> HttpResponse:
        """Takes and opens the most urgent one that no one else has. If others are quicker, tries a few more."""
        for inquiry in self._queue(request)[:TRIES]:
            if self._claim_and_open(request, inquiry, inquiry.turn):
                return redirect("admin:members_inquiry_change", inquiry.pk)
        messages.info(request, gettext("No other inquiry is waiting for you. Thank you."))
        return redirect("admin:members_inquiry_changelist")

    # --- answering

    def answer(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        return self._answer(request, inquiry) or redirect("admin:members_inquiry_changelist")

    def answer_next(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        return self._answer(request, inquiry) or self._open_next(request)

    def _answer(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse | None:
        """None once the answer is saved."""
        form = AnswerForm(request.POST, language=inquiry.language)
        if not form.is_valid():
            return self._page(request, inquiry, form)
        words = form.cleaned_data["words"]
        if not services.answer(self.rows_of(inquiry), words, by=request.user, seen=form.cleaned_data["seen"]):
            return self._too_late(request, inquiry, words)
        messages.success(request, admin_messages.answered(inquiry))
        return None

    def insert_reply(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        """Shows the form again, with the chosen saved reply after what was typed. It changes and sends nothing."""
        form = AnswerForm(request.POST, language=inquiry.language, is_inserting=True)
        if form.is_valid():
            filled_in = {"seen": form.cleaned_data["seen"], "words": form.words_with_reply}
            form = AnswerForm(initial=filled_in, language=inquiry.language)
            form.focus_on_words()
        return self._page(request, inquiry, form)

    def _too_late(self, request: SignedInRequest, inquiry: Inquiry, words: str = "") -> HttpResponse:
        """Another request was first: shows what it said, and keeps the typed answer in the form."""
        warn_of_newer(request, inquiry, "topic", "flag_reason", "claimed_by", "claimed_on")
        return self._page(request, inquiry, self._blank_form(inquiry, words), status=409)

    # --- the other buttons

    def unclaim(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        return self._step(request, inquiry, services.unclaim) or self._done(request, admin_messages.unclaimed(inquiry))

    def close(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        return self._step(request, inquiry, services.close) or self._done(request, admin_messages.closed(inquiry))

    def reopen(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        return self._step(request, inquiry, services.reopen) or self._done(request, admin_messages.reopened(inquiry))

    def unflag(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        if not inquiry.flag_reason:
            messages.warning(request, gettext("It wasn’t flagged anymore. Nothing changed."))
        elif failed := self._step(request, inquiry, services.unflag):
            return failed
        else:
            messages.success(request, admin_messages.unflagged(inquiry))
        return redirect("admin:members_inquiry_change", inquiry.pk)

    def _step(self, request: SignedInRequest, inquiry: Inquiry, step: Callable[..., bool]) -> HttpResponse | None:
        """None once the step is done; else the page as it is now."""
        form = TurnForm(request.POST)
        won = form.is_valid() and step(self.rows_of(inquiry), by=request.user, seen=form.cleaned_data["seen"])
        return None if won else self._too_late(request, inquiry)

    def hand_over(self, request: SignedInRequest, inquiry: Inquiry) -> HttpResponse:
        form = HandOverForm(request.POST, inquiry=inquiry)
        if not form.is_valid():
            messages.warning(request, gettext("It wasn’t handed over. Check the topic and try again."))
            return redirect("admin:members_inquiry_change", inquiry.pk)
        topic, seen = form.cleaned_data["topic"], form.cleaned_data["seen"]
        if services.hand_over(self.rows_of(inquiry), topic, by=request.user, seen=seen):
            return self._done(request, admin_messages.handed_over(inquiry, topic))
        return self._too_late(request, inquiry)

    def _done(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.success(request, text)
        return redirect("admin:members_inquiry_changelist")


def _holder_or_button(inquiry: Inquiry, user: User) -> str:
    """Who else has it, or the button that takes it. The list is one form, so the button says where it posts to."""
    if inquiry.state != Inquiry.State.OPEN or inquiry.flag_reason:
        return "-"
    if inquiry.holder and inquiry.claimed_on and inquiry.holder != user:
        since = date_format(inquiry.claimed_on, "MONTH_DAY_FORMAT")
        return gettext("%(who)s, since %(day)s") % {"who": inquiry.holder, "day": since}
    return format_html(
        '<button type="submit" class="button" formaction="{}" name="seen" value="{}">{}'
        '<span class="visually-hidden"> {}</span></button>',
        reverse("admin:members_inquiry_claim", args=[inquiry.pk]),
        inquiry.turn,
        gettext("Continue") if inquiry.holder else gettext("I’ll take this one"),
        inquiry.number,
    )


def _in_words(days: int) -> str:
    if days < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
    return [gettext("today"), gettext("tomorrow")][days] if days < 2 else gettext("in %(days)d days") % {"days": days}
