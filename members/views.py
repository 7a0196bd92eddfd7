"""Joining, confirming and withdrawing. Links show on GET and act on POST: mail scanners press links."""

from math import ceil

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from members.answer_time import in_even_steps
from members.details import may_ask_again, standing
from members.form_token import new_token, remember, sent_last
from members.forms import Act, AddressForm, CodeForm, JoinForm, Step
from members.models import Member, MemberLink
from members.status_code import code_of_form
from members.waiting_time import median_wait_days
from s4jr.privacy.limits import peer_key, spend, too_many

#: A code has 60 bits: nobody guesses one. Right codes are never counted nor refused, or whoever shares a line with
#: others (Tor, a shelter) could be kept from withdrawing by them.
WRONG_CODES = "20/h"


# --- asking to join


def join(request):
    if request.method != "POST":
        return _join_page(request, JoinForm(initial={"form_token": new_token(request)}))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _join_page(request, form)
    return STEPS[form.step](request, form)


def _join_page(request, form):
    return render(request, "members/join.html", {"form": form, "wait_days": _wait_days()})


def _check(request, form):
    return render(request, "members/check.html", {"answers": form.in_words(), "carried": form.filled_in_again()})


def _change(request, form):
    return _join_page(request, form.filled_in_again())


@in_even_steps
def _send(request, form):
    application = form.application(request.LANGUAGE_CODE)
    Member.objects.ask_to_join(application)
    response = redirect("received")
    remember(response, application.form_token)
    return response


STEPS = {Step.CHECK: _check, Step.CHANGE: _change, Step.SEND: _send}


def received(request):
    sent = sent_last(request)
    code = code_of_form(sent.token) if sent.token and not sent.code_was_shown else ""
    seen = {"code": code, "code_was_shown": sent.code_was_shown, "wait_days": _wait_days()}
    response = render(request, "members/received.html", seen)
    if code:
        remember(response, sent.token, code_was_shown=True)
    return response


def _wait_days():
    days = median_wait_days(timezone.now().date())
    return None if days is None else max(1, ceil(days))


# --- with a status code


def my_details(request):
    if request.method != "POST":
        return render(request, "members/code.html", {"form": CodeForm()})
    form = CodeForm(request.POST)
    if form.is_valid():
        return ACTS[form.act](request, form)
    if form.is_wrong and not spend("wrong status code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return render(request, "members/code.html", {"form": form})


def _look(request, code_form, form=None, done=""):
    member, code = code_form.whose.at_a_glance(), code_form.cleaned_data["code"]
    if member is None:  # withdrawn from another window at this moment
        return render(request, "members/withdrawn.html")
    seen = {"standing": standing(member), "can_be_mended": member.can_be_mended, "may_ask_again": may_ask_again(member)}
    # The page also answers at the address for letters, where there is no form to join.
    join_address = settings.SITE_URL + reverse("join")
    seen |= {"code": code, "form": form or AddressForm(), "done": done, "join_address": join_address}
    return render(request, "members/standing.html", seen)


@in_even_steps
def _mend(request, code_form):
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, form=form)
    mended = code_form.whose.mend_address(form.cleaned_data["email"])
    return _look(request, code_form, done=Act.MEND if mended else "")


@in_even_steps
def _go_on_without_email(request, code_form):
    gone_on = code_form.whose.go_on_without_email()
    return _look(request, code_form, done=Act.WITHOUT_EMAIL if gone_on else "")


@in_even_steps
def _withdraw(request, code_form):
    code_form.whose.withdraw_by_code()
    return render(request, "members/withdrawn.html")


ACTS = {Act.LOOK: _look, Act.MEND: _mend, Act.WITHOUT_EMAIL: _go_on_without_email, Act.WITHDRAW: _withdraw}


# --- with a link


def confirm(request, token):
    link = MemberLink.objects.working(token, MemberLink.Purpose.CONFIRM)
    if link is None:
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/confirm.html")
    Member.objects.confirm(link)
    return render(request, "members/confirmed.html")


def my_details_link(request, token):
    link = MemberLink.objects.working(token, MemberLink.Purpose.DETAILS)
    if link is None:
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/my_details.html")
    Member.objects.filter(pk=link.member_id).withdraw_with_echoes()
    return render(request, "members/withdrawn.html")
