"""Writing to a representative, and reading the answer with a code."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chapters.models import Representative, RepresentativeMessage
from chapters.representative_messages.forms import MESSAGES, Act, CodeForm, MessageForm, NextWordsForm, ReportForm
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.constant_time import in_even_steps
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.ratelimit import peer_key, spend, too_many
from s4jr.security.status_code import code_hash, code_of_form
from s4jr.security.storage_limits import NO_ROOM, cannot_take, take_in

#: As with status codes: only wrong ones are counted, a right one is never refused.
WRONG_CODES = "20/h"
WORDS_WITH_ONE_CODE = "20/d"


# --- writing


@keeps_refused_form(MessageForm)
def write_to(request, pk):
    """The form beside the profile. What is hidden answers as what does not exist, with the same one query."""
    representative = get_object_or_404(Representative.objects.public().select_related("chapter", "user"), pk=pk)
    if request.POST.get("step") == LANGUAGE_STEP:
        return _write_page(request, representative, MessageForm(initial=typed_so_far(MessageForm, request.POST)))
    if request.method == "POST":
        return _send(request, representative)
    return _write_page(request, representative, MessageForm.blank(request))


@in_even_steps
def _send(request, representative):
    """The same answer, after the same time, whoever wrote and whether or not it reaches anybody."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _write_page(request, representative, form)
    if not take_in(request, is_clean=form.is_clean).has_room:
        return cannot_take(request)
    writing = form.writing(representative, request.LANGUAGE_CODE, form.flag_reason(request))
    RepresentativeMessage.objects.write(writing)
    response = redirect("message_sent")
    MESSAGES.remember(response, writing.form_token)
    return response


def _write_page(request, representative, form):
    seen = {"representative": representative, "form": form, "days": settings.CONVERSATION_DAYS}
    return render(request, "chapters/representative_messages/write.html", seen)


def sent(request):
    last = MESSAGES.sent_last(request)
    code = code_of_form(last.token) if last.token and not last.code_was_shown else ""
    seen = {"code": code, "code_was_shown": last.code_was_shown, "days": settings.CONVERSATION_DAYS}
    response = render(request, "chapters/representative_messages/sent.html", seen)
    if code:
        MESSAGES.remember(response, last.token, code_was_shown=True)
    return response


# --- with a code


def answer(request):
    return _with_code(request) if request.method == "POST" else _code_page(request, CodeForm())


@in_even_steps
def _with_code(request):
    form = CodeForm(request.POST)
    if form.is_valid():
        return ACTS[form.act](request, form)
    if form.is_wrong and not spend("wrong message code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return _code_page(request, form)


def _code_page(request, form, done=""):
    return render(
        request,
        "chapters/representative_messages/code.html",
        {"form": form, "done": done, "action": reverse("message_answer")},
    )


def _look(request, code_form, form=None, done="", report_form=None):
    """The answers, and where it stands. A code alone shows nothing that its holder wrote."""
    message = code_form.whose.select_related("representative__user").defer("name", "email").first()
    if message is None:  # erased from another window at this moment
        return _erased(request)
    seen = {
        "message": message,
        "answers": message.said.filter(is_answer=True),
        "nobody_there": not (message.taken_over_on or (message.representative and message.representative.is_serving)),
        "code": code_form.cleaned_data["code"],
        "form": form or NextWordsForm.blank(request),
        "report_form": report_form or ReportForm(),
        "done": done,
        "days": settings.CONVERSATION_DAYS,
        # The page also answers at the address for emails, where there is no form to write.
        "contact_address": f"{settings.SITE_URL}{reverse('home')}contact/",
        "directory_address": settings.SITE_URL + reverse("representatives"),
    }
    return render(request, "chapters/representative_messages/answer.html", seen)


def _erased(request):
    return render(request, "chapters/representative_messages/erased.html")


def _write_again(request, code_form):
    form = NextWordsForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, form)
    if not spend("words with one message code", code_hash(code_form.cleaned_data["code"]), WORDS_WITH_ONE_CODE):
        return _look(request, code_form, form, done="too_much")
    if not take_in(request, is_clean=True).has_room:
        form.add_error(None, NO_ROOM)
        return _look(request, code_form, form)
    code_form.whose.write_again(form.cleaned_data["words"], form.mark)
    return redirect("message_added")


@require_safe
def added(request):
    """The page after writing again. The code stands in no address and no session: it is asked for once more."""
    return _code_page(request, CodeForm(), done=Act.WRITE)


def _report(request, code_form):
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, done="too_long")
    if not take_in(request, is_clean=True).has_room:
        return _look(request, code_form, done="no_room", report_form=form)
    code_form.whose.report(form.cleaned_data["word"], form.cleaned_data["why"], answers=True)
    return redirect("message_reported")


@require_safe
def reported(request):
    return _code_page(request, CodeForm(), done=Act.REPORT)


def _erase(request, code_form):
    code_form.whose.erase()
    return redirect("message_deleted")


@require_safe
def deleted(request):
    return _erased(request)


ACTS = {Act.LOOK: _look, Act.WRITE: _write_again, Act.REPORT: _report, Act.ERASE: _erase}
