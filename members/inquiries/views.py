"""Writing to the coalition, and reading the answer with a code."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members.inquiries.forms import Act, AnswerCodeForm, InquiryForm, MoreWordsForm, Step, TopicForm
from members.inquiries.permissions import readers_now
from members.models import Inquiry, Member
from members.submission_tokens import INQUIRY_FORM
from s4jr.security.constant_time import in_even_steps
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.ratelimit import peer_key, spend, too_many
from s4jr.security.status_code import code_hash, code_of_form
from s4jr.security.storage_limits import NO_ROOM, cannot_take, take_in

Topic = Inquiry.Topic
#: Past these, what is written is held for a person to look at. Nothing is refused: people behind Tor share a line.
FROM_ONE_LINE, IN_ALL = "10/h", "120/h"
#: As with status codes: only wrong ones are counted, a right one is never refused.
WRONG_CODES = "20/h"
WORDS_WITH_ONE_CODE = "20/d"

WHO_READS = {
    Topic.COALITION: _("The coalition’s coordinators read it."),
    Topic.PRESS: _("Volunteers who answer the media read it, and so do the coalition’s coordinators."),
    Topic.POLICY: _("The coalition’s coordinators read it."),
    Topic.CHAPTER: _("The coalition’s coordinators read it."),
    Topic.SAFETY: _("Only people on the list whose names you didn’t check read it. No one else sees that it exists."),
    Topic.WEBSITE: _("The volunteers who edit this website read it, and so do the coalition’s coordinators."),
}


# --- writing


@keeps_refused_form(TopicForm, InquiryForm)
def contact(request):
    if request.method == "POST":
        step = request.POST.get("step")
        return STEPS[Step(step) if step in Step.values else Step.SEND](request)
    form = TopicForm(request.GET if "topic" in request.GET else None)
    return _write_page(request, _blank(request, form)) if form.is_valid() else _topic_page(request, TopicForm())


def _blank(request, topic_form):
    topic = topic_form.cleaned_data["topic"]
    return InquiryForm(topic=topic, initial={"topic": topic, "form_token": INQUIRY_FORM.new_token(request)})


def _choose_topic(request):
    form = TopicForm(request.POST)
    if not form.is_valid():
        return _topic_page(request, form)
    token = request.POST.get("form_token") or INQUIRY_FORM.new_token(request)
    again = InquiryForm.filled_in_again(form.cleaned_data["topic"], request.POST, form_token=token)
    return _write_page(request, again)


def _change_topic(request):
    return _topic_page(request, TopicForm(initial={"topic": request.POST.get("topic")}))


def _send(request):
    topic_form = TopicForm(request.POST)
    if not topic_form.is_valid():
        return _topic_page(request, topic_form)
    form = InquiryForm(request.POST, topic=topic_form.cleaned_data["topic"])
    if not form.is_valid():
        return _write_page(request, form)
    intake = take_in(request, is_clean=not form.flag_reason)
    if not intake.has_room:
        return cannot_take(request)
    Inquiry.objects.write(form.writing(request.LANGUAGE_CODE, _flag_reason(request, form)))
    response = redirect("contact_sent")
    INQUIRY_FORM.remember(response, form.token.value)
    return response


STEPS = {Step.TOPIC: _choose_topic, Step.CHANGE: _change_topic, Step.SEND: _send}


def _flag_reason(request, form):
    too_much = not spend("inquiries of one line", peer_key(request), FROM_ONE_LINE)
    too_much |= not spend("inquiries in all", "", IN_ALL)
    return form.flag_reason or (Member.FlagReason.TOO_MANY if too_much else "")


def _topic_page(request, form):
    """Whatever was typed already travels along in the page, and nowhere else."""
    names = InquiryForm.base_fields.keys() - {"topic"}
    carried = [(name, value) for name in names for value in request.POST.getlist(name)]
    return render(request, "members/inquiries/topic.html", {"form": form, "carried": carried})


def _write_page(request, form):
    seen = {
        "form": form,
        "topic": Topic(form.topic),
        "who_reads": "" if form.topic == Topic.SAFETY else WHO_READS[form.topic],
        "days": settings.INQUIRY_DAYS,
    }
    return render(request, "members/inquiries/write.html", seen)


def sent(request):
    token, code_was_shown = INQUIRY_FORM.sent_last(request)
    code = code_of_form(token) if token and not code_was_shown else ""
    written = Inquiry.objects.filter(form_token=token).only("topic").first()
    seen = {
        "code": code,
        "code_was_shown": code_was_shown,
        "who_reads": WHO_READS[written.topic] if written else "",
        "days": settings.INQUIRY_DAYS,
    }
    response = render(request, "members/inquiries/sent.html", seen)
    if code:
        INQUIRY_FORM.remember(response, token, code_was_shown=True)
    return response


# --- with a code


def answer(request):
    if request.method != "POST":
        return _code_page(request, AnswerCodeForm())
    return _with_code(request)


@in_even_steps
def _with_code(request):
    form = AnswerCodeForm(request.POST)
    if form.is_valid():
        return ACTS[form.act](request, form)
    if form.is_wrong and not spend("wrong inquiry code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return _code_page(request, form)


def _code_page(request, form, done=""):
    return render(
        request, "members/inquiries/code.html", {"form": form, "done": done, "action": reverse("contact_answer")}
    )


def _look(request, code_form, form=None, *, too_much=False):
    """The answers, and where it stands. A code alone shows nothing that its holder wrote."""
    inquiry = code_form.whose.only("topic", "state").first()
    if inquiry is None:  # erased from another window at this moment
        return render(request, "members/inquiries/erased.html")
    seen = {
        "inquiry": inquiry,
        "answers": inquiry.said.filter(is_ours=True),
        "nobody_reads": not readers_now(inquiry),
        "code": code_form.cleaned_data["code"],
        "form": form or MoreWordsForm(initial={"form_token": INQUIRY_FORM.new_token(request)}),
        "too_much": too_much,
        "days": settings.INQUIRY_DAYS,
        # The page also answers at the address for emails, where there is no form to write.
        "contact_address": settings.SITE_URL + reverse("contact"),
        "support_address": settings.SITE_URL + reverse("support"),
    }
    return render(request, "members/inquiries/answer.html", seen)


def _write_again(request, code_form):
    form = MoreWordsForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, form)
    if not spend("words with one code", code_hash(code_form.cleaned_data["code"]), WORDS_WITH_ONE_CODE):
        return _look(request, code_form, form, too_much=True)
    if not take_in(request, is_clean=True).has_room:
        form.add_error(None, NO_ROOM)
        return _look(request, code_form, form)
    code_form.whose.write_again(*form.said())
    return redirect("contact_added")


@require_safe
def added(request):
    """The page after writing again. The code stands in no address and no session: it is asked for once more."""
    return _code_page(request, AnswerCodeForm(), done=Act.WRITE)


def _erase(request, code_form):
    code_form.whose.erase()
    return redirect("contact_deleted")


@require_safe
def deleted(request):
    return render(request, "members/inquiries/erased.html")


ACTS = {Act.LOOK: _look, Act.WRITE: _write_again, Act.ERASE: _erase}
