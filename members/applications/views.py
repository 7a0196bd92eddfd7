"""Applying and confirming. Links show a page on GET and act on POST, because mail scanners open links."""

from dataclasses import replace
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from chapters.meetings.timezones import in_full
from members.applications import confirmation
from members.applications.agreement import KEY, version_of
from members.applications.blank_form import blank_fields
from members.applications.descriptions import ZONE, as_sent
from members.applications.forms import JoinForm, Step
from members.applications.services import SAME_BROWSER_SECONDS, ask_to_join
from members.models import Member, MemberLink
from members.review.waiting_time import median_wait_days
from members.submission_tokens import JOIN_FORM
from s4jr.content.live_texts import LiveTexts
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.constant_time import in_even_steps
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.storage_limits import cannot_take, take_in

# --- applying


@keeps_refused_form(JoinForm)
def join(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        chapter, token = request.GET.get("chapter", ""), JOIN_FORM.new_token(request)
        return _join_page(request, JoinForm(initial={"chapter": chapter, "form_token": token}))
    if request.POST.get("step") == LANGUAGE_STEP:
        return _join_page(request, JoinForm(initial=typed_so_far(JoinForm, request.POST)))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _join_page(request, form)
    return STEPS[form.step](request, form)


def _join_page(request: HttpRequest, form: JoinForm) -> HttpResponse:
    seen = {"form": form, "blank_fields": blank_fields, "wait_days": _wait_days()}
    seen["agreement_fold"] = render_to_string("members/_agreement.html", _agreement(request), request)
    return render(request, "members/join.html", seen)


def _agreement(request: HttpRequest) -> dict[str, Any]:
    text = LiveTexts(get_language(), request).text(KEY)
    return {"agreement": text, "version": version_of(text)}


def _check(request: HttpRequest, form: JoinForm) -> HttpResponse:
    carried = form.filled_in_again()
    carried.auto_id = False  # hidden inputs need no ids, and none may refer to help text that is not on the page
    seen = {"answers": form.in_words(), "carried": carried, "suggested_email": form.suggested_email}
    return render(request, "members/check.html", seen)


def _take_suggestion(request: HttpRequest, form: JoinForm) -> HttpResponse:
    form.take_suggestion()
    return _check(request, form)


def _change(request: HttpRequest, form: JoinForm) -> HttpResponse:
    return _join_page(request, form.filled_in_again())


@in_even_steps
def _send(request: HttpRequest, form: JoinForm) -> HttpResponse:
    earlier = JOIN_FORM.sent_last(request, within=SAME_BROWSER_SECONDS).token
    version = _agreement(request)["version"].name
    application = replace(form.application(get_language()), earlier_token=earlier, agreement_version=version)
    intake = take_in(request, is_clean=not application.flag_reason)
    if not intake.has_room:
        return cannot_take(request)
    if intake.is_over_cap:
        application = replace(application, flag_reason=application.flag_reason or Member.FlagReason.TOO_MANY)
    ask_to_join(application)
    response = redirect("received")
    JOIN_FORM.remember(response, application.form_token)
    return response


STEPS = {Step.CHECK: _check, Step.CHANGE: _change, Step.TAKE_SUGGESTION: _take_suggestion, Step.SEND: _send}


def _wait_days() -> int | None:
    days = median_wait_days(timezone.now().date())
    return None if days is None else max(1, ceil(days))


# --- confirming


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _unconfirmed(request, token, "members/confirm.html")


def delete_unwanted(request: HttpRequest, token: str) -> HttpResponse:
    """The same link in a list, for someone who did not apply: the button to delete the application comes first."""
    return _unconfirmed(request, token, "members/delete_unwanted.html")


def _unconfirmed(request: HttpRequest, token: str, template: str) -> HttpResponse:
    link = MemberLink.objects.working(token, MemberLink.Purpose.CONFIRM)
    if link is None:
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        confirmed_at = MemberLink.objects.confirmed_at(link)
        shown = {"sent": as_sent(link.member), "when": confirmed_at and in_full(ZONE, confirmed_at)}
        return render(request, "members/confirmed_before.html" if confirmed_at else template, shown)
    if request.POST.get("do") == "delete":
        confirmation.delete_unwanted(link)
        return redirect("unwanted_deleted")
    return _confirm(request, link)


def _confirm(request: HttpRequest, link: MemberLink) -> HttpResponse:
    try:
        confirmation.confirm(link, keep=request.POST.get("keep", ""))
    except confirmation.ChoiceNeededError as choice:
        return render(request, "members/confirm_which.html", {"this": choice.this, "other": choice.other})
    return redirect("confirmed")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """The page after confirming. It depends on nothing and names no one, so a reload shows it again."""
    return render(request, "members/confirmed.html")


@require_safe
def unwanted_deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "members/unwanted_deleted.html")
