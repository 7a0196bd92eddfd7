"""The contact form, and the pages that show the answer for a code."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members.inquiries import services
from members.inquiries.forms import AnswerCodeForm, InquiryForm, MoreWordsForm, Step, TopicForm
from members.inquiries.permissions import readers_now
from members.inquiries.querysets import InquiryQuerySet
from members.models import Inquiry
from members.submission_tokens import INQUIRY_FORM
from s4jr.conversations.code_pages import CodePages, sent_page
from s4jr.conversations.forms import Act
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.storage_limits import cannot_take, take_in

Topic = Inquiry.Topic
WHO_READS: dict[str, Any] = {
    Topic.COALITION: _("The coalition’s coordinators read it."),
    Topic.PRESS: _("Volunteers who answer the media read it, and so do the coalition’s coordinators."),
    Topic.POLICY: _("The coalition’s coordinators read it."),
    Topic.CHAPTER: _("The coalition’s coordinators read it."),
    Topic.SAFETY: _("Only people on the list whose names you didn’t check read it. No one else sees that it exists."),
    Topic.WEBSITE: _("The volunteers who edit this website read it, and so do the coalition’s coordinators."),
}


# --- the form


@keeps_refused_form(TopicForm, InquiryForm)
def contact(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        step = request.POST.get("step")
        return STEPS[Step(step) if step in Step.values else Step.SEND](request)
    form = TopicForm(request.GET if "topic" in request.GET else None)
    if not form.is_valid():
        return _topic_page(request, TopicForm())
    return _write_page(request, InquiryForm.blank(request, topic=form.cleaned_data["topic"]))


def _choose_topic(request: HttpRequest) -> HttpResponse:
    form = TopicForm(request.POST)
    if not form.is_valid():
        return _topic_page(request, form)
    token = request.POST.get("form_token") or INQUIRY_FORM.new_token(request)
    again = InquiryForm.filled_in_again(form.cleaned_data["topic"], request.POST, form_token=token)
    return _write_page(request, again)


def _change_topic(request: HttpRequest) -> HttpResponse:
    return _topic_page(request, TopicForm(initial={"topic": request.POST.get("topic")}))


def _send(request: HttpRequest) -> HttpResponse:
    topic_form = TopicForm(request.POST)
    if not topic_form.is_valid():
        return _topic_page(request, topic_form)
    form = InquiryForm(request.POST, topic=topic_form.cleaned_data["topic"])
    if not form.is_valid():
        return _write_page(request, form)
    if not take_in(request, is_clean=form.is_clean).has_room:
        return cannot_take(request)
    # LocaleMiddleware adds the attribute, which the stubs do not know.
    language: str = request.LANGUAGE_CODE  # pyright: ignore[reportAttributeAccessIssue]
    services.submit_inquiry(form.submission(language, form.flag_reason(request)))
    response = redirect("contact_sent")
    INQUIRY_FORM.remember(response, form.token.value)
    return response


STEPS = {Step.TOPIC: _choose_topic, Step.CHANGE: _change_topic, Step.SEND: _send}


def _topic_page(request: HttpRequest, form: TopicForm) -> HttpResponse:
    """Carries the typed values in hidden fields of the page, and stores them nowhere else."""
    names = InquiryForm.base_fields.keys() - {"topic"}
    carried = [(name, value) for name in names for value in request.POST.getlist(name)]
    return render(request, "members/inquiries/topic.html", {"form": form, "carried": carried})


def _write_page(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    topic = Topic(form.topic)
    seen = {
        "form": form,
        "topic": topic,
        "who_reads": "" if topic == Topic.SAFETY else WHO_READS[topic],
        "days": settings.INQUIRY_DAYS,
    }
    return render(request, "members/inquiries/write.html", seen)


def sent(request: HttpRequest) -> HttpResponse:
    written = Inquiry.objects.filter(form_token=INQUIRY_FORM.sent_last(request).token).only("topic").first()
    who_reads = WHO_READS[written.topic] if written else ""
    return sent_page(
        request, INQUIRY_FORM, "members/inquiries/sent.html", who_reads=who_reads, days=settings.INQUIRY_DAYS
    )


# --- with a code


class InquiryPages(CodePages):
    code_form, next_form = AnswerCodeForm, MoreWordsForm
    templates, url_names = "members/inquiries", "contact"
    wrong_codes, words_with_one_code = "wrong inquiry code", "words with one code"

    def load(self, threads: InquiryQuerySet) -> Inquiry | None:
        return threads.only("topic", "state").first()

    def seen_with(self, thread: Inquiry) -> dict[str, Any]:
        return {
            "inquiry": thread,
            "nobody_reads": not readers_now(thread),
            "days": settings.INQUIRY_DAYS,
            # The host of email links serves this page too, but not these two.
            "contact_address": settings.SITE_URL + reverse("contact"),
            "support_address": settings.SITE_URL + reverse("support"),
        }

    def add_message(self, threads: InquiryQuerySet, words: str, form_token: str) -> None:
        services.add_message(threads, words, form_token)

    def erase(self, threads: InquiryQuerySet) -> None:
        services.erase_inquiries(threads)


PAGES = InquiryPages()


def answer(request: HttpRequest) -> HttpResponse:
    return PAGES.answer(request)


@require_safe
def added(request: HttpRequest) -> HttpResponse:
    return PAGES.ask_for_code(request, done=Act.WRITE)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return PAGES.erased_page(request)
