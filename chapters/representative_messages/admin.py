"""The admin of messages to representatives: unread for a week, possible spam, and reports.

Other messages do not show here, not even their number. A text opens only if its sender agreed, and the access log
records it.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chapters.models import ConversationMessage, RepresentativeMessage
from chapters.representative_messages import admin_messages, escalation, moderation, services
from chapters.representative_messages.answer_forms import AdminAnswerForm
from chapters.representative_messages.querysets import ConversationMessageQuerySet, RepresentativeMessageQuerySet
from s4jr.audit import record_access
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.conversations.admin import FlaggedFilter, ReadingAdmin
from s4jr.conversations.forms import TurnForm
from s4jr.conversations.notices import warn_of_newer

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


def _days_since(day: date) -> str:
    days = (timezone.now().date() - day).days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else gettext("since today")


class WaitingFilter(admin.SimpleListFilter):
    """Why the coalition is asked to act."""

    title = _("waiting for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [("unread", _("unread for a week")), ("answer", _("taken over, to answer"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "unread":
            return queryset.unread_for_a_week(timezone.now().date())
        return queryset.taken_over().open() if self.value() == "answer" else queryset


class SettledFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [("no", _("to look into"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.waiting_reports() if self.value() == "no" else queryset


@admin.register(RepresentativeMessage)
class MessageAdmin(ReasonRequiredMixin, ReadingAdmin):
    """Messages unread for a week, possible spam, and messages taken over. The text shows only after taking over.

    If the sender did not agree that the coalition answers, the row has no page.
    """

    opened_fields, suggested_reason = ["name", "words"], _("to answer it")
    right, key, heading = "chapters.take_over", "uuid", _("Representatives’ messages left unread")
    list_display = ["which", "place", "received_on", "waiting", "who_has_it", "state", "next_step"]
    list_display_links = None
    list_filter = [WaitingFilter, FlaggedFilter]
    list_select_related = ["representative__chapter", "taken_over_by"]

    def pages(self) -> dict[str, Callable[..., HttpResponse]]:
        presses = (self.take_over, self.insert_reply, self.answer, self.close, self.reopen, self.unflag)
        return {"change": self.one, **{press.__name__: require_POST(press) for press in presses}}

    def get_queryset(self, request: HttpRequest) -> RepresentativeMessageQuerySet:
        """All rows that the dashboard counts, so that its link leads to them."""
        rows = cast(RepresentativeMessageQuerySet, super().get_queryset(request))
        found = rows.unread_for_a_week(timezone.now().date()) | rows.taken_over() | rows.flagged()
        return found.defer("email").order_by("received_on", "number")

    def openable(self, request: HttpRequest) -> RepresentativeMessageQuerySet:
        agreed = Q(coalition_may_answer=True)
        return self.get_queryset(request).filter(
            agreed | Q(pk__in=RepresentativeMessage.objects.flagged().values("pk"))
        )

    @admin.display(description=_("message"))
    def which(self, message: RepresentativeMessage) -> str:
        if not (message.coalition_may_answer or message.is_flagged):
            return str(message)
        url = reverse("admin:chapters_representativemessage_change", args=[message.pk])
        return format_html('<a href="{}">{}</a>', url, message)

    @admin.display(description=_("sent to"))
    def place(self, message: RepresentativeMessage) -> str:
        return message.representative.place if message.representative else gettext("a former representative")

    @admin.display(description=_("waiting"))
    def waiting(self, message: RepresentativeMessage) -> str:
        return _days_since(message.last_word_on) if message.state == message.State.OPEN else "-"

    @admin.display(description=_("who has it"))
    def who_has_it(self, message: RepresentativeMessage) -> str:
        if not message.taken_over_on:
            return "-"
        said = {"who": message.taken_over_by or gettext("the coalition"), "day": date_format(message.taken_over_on)}
        return gettext("%(who)s, since %(day)s") % said

    @admin.display(description=_("next step"))
    def next_step(self, message: RepresentativeMessage) -> str:
        if message.taken_over_on:
            return gettext("The coalition took it over.")
        if message.is_flagged:
            return gettext("Possible spam: %(why)s") % {"why": message.get_flag_reason_display()}
        if message.coalition_may_answer:
            return gettext("Take it over.")
        return gettext("The sender didn’t agree to let you read it. Talk with the representative.")

    # --- one conversation

    def one(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        asked = self.ask_to_open(request, message)
        return asked or self._page(request, message, AdminAnswerForm.for_message(request, message))

    def needs_reason(self, request: HttpRequest, record: RepresentativeMessage) -> bool:
        return bool(record.taken_over_on)

    def _page(
        self, request: "SignedInRequest", message: RepresentativeMessage, form: AdminAnswerForm, status: int = 200
    ) -> HttpResponse:
        if not_open := self.ask_to_continue(request, message):
            return not_open
        return self.page(
            request,
            "admin/chapters/message.html",
            gettext("Message %(number)s") % {"number": message.number},
            status=status,
            message=message,
            place=self.place(message),
            said=message.said.select_related("by") if message.taken_over_on else [],
            is_mine=message.taken_over_by == request.user,
            form=form,
            turn_form=TurnForm(initial={"seen": message.turn}),
        )

    def unflag(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        form = TurnForm(request.POST)
        seen = form.cleaned_data["seen"] if form.is_valid() else 0
        if services.unflag(self.rows_of(message), by=request.user, seen=seen):
            messages.success(request, admin_messages.unflagged(message))
        else:
            messages.warning(request, admin_messages.not_unflagged(message))
        return redirect("admin:chapters_representativemessage_changelist")

    def take_over(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        if not self._take_over_and_open(request, message):
            messages.warning(request, admin_messages.not_taken_over(message))
            return redirect("admin:chapters_representativemessage_changelist")
        messages.success(request, admin_messages.taken_over(message))
        return redirect("admin:chapters_representativemessage_change", message.pk)

    def _take_over_and_open(self, request: "SignedInRequest", message: RepresentativeMessage) -> bool:
        """Both or neither: an admin over the budget takes over nothing."""
        record_access.refuse_past_budget(request.user)
        with transaction.atomic():
            won = escalation.take_over(self.rows_of(message), by=request.user)
            if won:
                record_access.open_record(request, message, self.opened_fields, gettext("taking over the message"))
        return won

    def answer(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        form = AdminAnswerForm(request.POST, own_address=request.user.address, language=message.language)
        if not message.taken_over_on or not form.is_valid():
            return self._page(request, message, form)
        said = form.cleaned_data
        sent = {"by": request.user, "seen": said["seen"], "form_token": form.mark}
        if services.answer(self.rows_of(message), said["words"], **sent):
            messages.success(request, admin_messages.answered(message))
            return redirect("admin:chapters_representativemessage_changelist")
        return self._too_late(request, message, said["words"])

    def insert_reply(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        """Shows the form again, with the chosen saved reply after what was typed. It changes and sends nothing."""
        form = AdminAnswerForm(request.POST, language=message.language, is_inserting=True)
        if form.is_valid():
            seen = form.cleaned_data["seen"]
            form = AdminAnswerForm.for_message(request, message, form.words_with_reply, seen)
            form.focus_on_words()
        return self._page(request, message, form)

    def close(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        return self._step(request, message, services.close, admin_messages.closed)

    def reopen(self, request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
        return self._step(request, message, services.reopen, admin_messages.reopened)

    def _step(
        self,
        request: "SignedInRequest",
        message: RepresentativeMessage,
        step: Callable[..., bool],
        say: Callable[[RepresentativeMessage], str],
    ) -> HttpResponse:
        form = TurnForm(request.POST)
        seen = form.cleaned_data["seen"] if form.is_valid() and message.taken_over_on else 0
        if not step(self.rows_of(message), by=request.user, seen=seen):
            return self._too_late(request, message, "")
        messages.success(request, say(message))
        return redirect("admin:chapters_representativemessage_changelist")

    def _too_late(self, request: "SignedInRequest", message: RepresentativeMessage, words: str) -> HttpResponse:
        warn_of_newer(request, message)
        return self._page(request, message, AdminAnswerForm.for_message(request, message, words), status=409)


@admin.register(ConversationMessage)
class ReportAdmin(ReadingAdmin):
    """Reported messages. Of a conversation, only the reported message can be read, and only here."""

    right, key, heading = "chapters.settle_reports", "int", _("Reported messages")
    list_display = ["which", "who_reported", "reported_on", "waiting"]
    list_filter = [SettledFilter]
    list_select_related = ["conversation"]

    def pages(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"change": self.one, "settle": require_POST(self.settle), "unsettle": require_POST(self.unsettle)}

    def get_queryset(self, request: HttpRequest) -> ConversationMessageQuerySet:
        return cast(ConversationMessageQuerySet, super().get_queryset(request)).reported().waiting_first()

    @admin.display(description=_("report"))
    def which(self, word: ConversationMessage) -> str:
        return gettext("Report in conversation No. %(number)s") % {"number": word.conversation.number}

    @admin.display(description=_("reported by"))
    def who_reported(self, word: ConversationMessage) -> str:
        return gettext("the sender") if word.is_answer else gettext("the representative")

    @admin.display(description=_("waiting"))
    def waiting(self, word: ConversationMessage) -> str:
        return "-" if word.settled_on or not word.reported_on else _days_since(word.reported_on)

    def one(self, request: "SignedInRequest", word: ConversationMessage) -> HttpResponse:
        why = gettext("to look into a report")
        record_access.open_record(request, word.conversation, ["words", "report"], why, parts=[word])
        seen = {"word": word, "who_reported": self.who_reported(word)}
        return self.page(request, "admin/chapters/report.html", self.which(word), **seen)

    def settle(self, request: "SignedInRequest", word: ConversationMessage) -> HttpResponse:
        if moderation.settle_reports(self.rows_of(word), by=request.user):
            messages.success(request, admin_messages.settled(word))
        else:
            messages.warning(request, admin_messages.changed_report(word))
        return redirect("admin:chapters_conversationmessage_changelist")

    def unsettle(self, request: "SignedInRequest", word: ConversationMessage) -> HttpResponse:
        if moderation.unsettle_reports(self.rows_of(word), by=request.user):
            messages.success(request, admin_messages.unsettled(word))
        else:
            messages.warning(request, admin_messages.changed_report(word))
        return redirect("admin:chapters_conversationmessage_changelist")
