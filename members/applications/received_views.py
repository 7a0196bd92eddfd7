"""The page after the join form was sent. It shows the code once, and says what to do if no email comes.

The cookie of the form identifies the application (`s4jr.security.submission_token`). An action also needs the code,
which the page carries along: someone who finds the browser later does not see the code and can change nothing.
"""

import hmac
from collections.abc import Callable

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from members.applications.secret_word import OFFERED_TO
from members.applications.services import correct_address, send_again
from members.models import Member
from members.self_service.forms import AddressForm
from members.submission_tokens import JOIN_FORM
from s4jr.security.constant_time import in_even_steps
from s4jr.security.status_code import code_hash, code_of_form
from s4jr.security.submission_token import SentForm


class Act(models.TextChoices):
    """What a reader can do on this page, and what the page says afterward."""

    SEND_AGAIN = "send_again"
    FIX_EMAIL = "fix_email"
    TOO_LATE = "too_late"


def received(request: HttpRequest) -> HttpResponse:
    sent = JOIN_FORM.sent_last(request)
    if request.method != "POST":
        return _show(request, sent, "" if sent.code_was_shown or not sent.token else code_of_form(sent.token))
    code, act = request.POST.get("code", ""), ACTS.get(request.POST.get("do", ""))
    return act(request, sent, code) if act and _is_its_code(sent, code) else redirect("received")


def _is_its_code(sent: SentForm, code: str) -> bool:
    return bool(sent.token) and hmac.compare_digest(code_hash(code), code_hash(code_of_form(sent.token)))


def _show(request: HttpRequest, sent: SentForm, code: str, form: AddressForm | None = None) -> HttpResponse:
    member = _application(sent)
    seen = {
        "code": code if member else "",
        "code_was_shown": sent.code_was_shown,
        "member": member,
        "is_never_emailed": bool(member) and member.contact == Member.Contact.NONE,
        "is_unproved": bool(member) and member.status in Member.UNPROVED,
        "can_be_corrected": bool(member) and member.times_corrected < Member.CORRECTIONS_AT_MOST,
        "may_choose_word": bool(member) and member.contact in OFFERED_TO and not member.word_hash,
        "form": form or AddressForm(),
        "done": request.GET.get("done", ""),
    }
    seen["key"] = "received-no-email" if seen["is_never_emailed"] else "received"
    response = render(request, "members/received.html", seen)
    if seen["code"]:
        JOIN_FORM.remember(response, sent.token, code_was_shown=True)
    return response


def _application(sent: SentForm) -> Member | None:
    """The application this browser sent, without encrypted fields; None if it sent none, or it was deleted."""
    found = Member.objects.filter(form_token=sent.token) if sent.token else Member.objects.none()
    return found.only("contact", "word_hash", "status", "times_corrected").first()


@in_even_steps
def _send_again(request: HttpRequest, sent: SentForm, code: str) -> HttpResponse:
    return _after(sent, Act.SEND_AGAIN, send_again(Member.objects.with_code(code)))


@in_even_steps
def _fix_email(request: HttpRequest, sent: SentForm, code: str) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, sent, code, form)
    fixed = correct_address(Member.objects.with_code(code), form.cleaned_data["email"], sent.token)
    return _after(sent, Act.FIX_EMAIL, fixed)


def _after(sent: SentForm, act: Act, changed: int) -> HttpResponse:
    """Redirects to the same page with the code, which the person who selected the button could see anyway."""
    done = act if changed else Act.TOO_LATE
    response = redirect(f"{reverse('received')}?done={done}")
    JOIN_FORM.remember(response, sent.token)
    return response


ACTS: dict[str, Callable[..., HttpResponse]] = {Act.SEND_AGAIN: _send_again, Act.FIX_EMAIL: _fix_email}
