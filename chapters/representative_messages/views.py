"""Public pages to write to a representative, and to read the answer with a status code."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from chapters.models import Representative, RepresentativeMessage
from chapters.representative_messages.forms import (
    MESSAGES,
    Act,
    MessageCodeForm,
    MessageForm,
    NextWordsForm,
    ReportForm,
)
from chapters.representative_messages.moderation import report
from chapters.representative_messages.retention import erase_messages
from chapters.representative_messages.services import add_message, submit_message
from s4jr.conversations.code_pages import CodePages, sent_page
from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.constant_time import in_even_steps
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.storage_limits import cannot_take, take_in

# --- writing


@keeps_refused_form(MessageForm)
def write_to(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form. A hidden profile gives the same answer, with the same query, as one that does not exist."""
    representative = get_object_or_404(Representative.objects.public().select_related("chapter", "user"), pk=pk)
    if request.POST.get("step") == LANGUAGE_STEP:
        return _write_page(request, representative, MessageForm(initial=typed_so_far(MessageForm, request.POST)))
    if request.method == "POST":
        return _send(request, representative)
    return _write_page(request, representative, MessageForm.blank(request))


@in_even_steps
def _send(request: HttpRequest, representative: Representative) -> HttpResponse:
    """The same response after the same time for every sender, whether or not the message is delivered."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _write_page(request, representative, form)
    if not take_in(request, is_clean=form.is_clean).has_room:
        return cannot_take(request)
    said = form.submission(representative, get_language(), form.flag_reason(request))
    submit_message(said)
    response = redirect("message_sent")
    MESSAGES.remember(response, said.form_token)
    return response


def _write_page(request: HttpRequest, representative: Representative, form: MessageForm) -> HttpResponse:
    seen = {"representative": representative, "form": form, "days": settings.CONVERSATION_DAYS}
    return render(request, "chapters/representative_messages/write.html", seen)


def sent(request: HttpRequest) -> HttpResponse:
    template = "chapters/representative_messages/sent.html"
    return sent_page(request, MESSAGES, template, days=settings.CONVERSATION_DAYS)


# --- with a status code


class MessagePages(CodePages):
    code_form, next_form = MessageCodeForm, NextWordsForm
    templates, url_names = "chapters/representative_messages", "message"
    wrong_codes, words_with_one_code = "wrong message code", "words with one message code"

    def load(self, threads: ThreadQuerySet[Any]) -> RepresentativeMessage | None:
        return threads.select_related("representative__user").defer("name", "email").first()

    def seen_with(self, thread: RepresentativeMessage) -> dict[str, Any]:
        is_served = thread.representative and thread.representative.is_serving
        return {
            "message": thread,
            "nobody_there": not (thread.taken_over_on or is_served),
            "report_form": ReportForm(),
            "days": settings.CONVERSATION_DAYS,
            # Absolute, because the host for email links serves this page but not those.
            "contact_address": f"{settings.SITE_URL}{reverse('home')}contact/",
            "directory_address": settings.SITE_URL + reverse("representatives"),
        }

    def add_message(self, threads: Any, words: str, form_token: str) -> None:
        add_message(threads, words, form_token)

    def erase(self, threads: Any) -> None:
        erase_messages(threads)

    def acts(self) -> dict[str, Callable[[HttpRequest, Any], HttpResponse]]:
        return {**super().acts(), Act.REPORT: self._report}

    def _report(self, request: HttpRequest, code_form: Any) -> HttpResponse:
        form = ReportForm(request.POST)
        if not form.is_valid():
            return self.look(request, code_form, done="too_long")
        if not take_in(request, is_clean=True).has_room:
            return self.look(request, code_form, done="no_room", report_form=form)
        report(code_form.whose, form.cleaned_data["word"], form.cleaned_data["why"], answers=True)
        return redirect("message_reported")


PAGES = MessagePages()


def answer(request: HttpRequest) -> HttpResponse:
    return PAGES.answer(request)


@require_safe
def added(request: HttpRequest) -> HttpResponse:
    return PAGES.ask_for_code(request, done=Act.WRITE)


@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    return PAGES.ask_for_code(request, done=Act.REPORT)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return PAGES.erased_page(request)
