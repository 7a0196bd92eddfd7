"""The ways to open one's own information: a status code, a sign-in link, and the other links in our emails."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.applications.services import (
    SAME_BROWSER_SECONDS,
    correct_address,
    go_on_without_email,
    send_again,
)
from members.applications.status_code import public_status
from members.links import use_link
from members.models import Member, MemberLink
from members.self_service import page_context
from members.self_service.address_change import confirm_address_change
from members.self_service.deletion_receipt import erase_by_code_with_receipt, erase_with_receipt
from members.self_service.deletion_views import show_receipt
from members.self_service.forms import Act, AddressForm, CodeBesideForm, CodeForm, LinkForm, WordForm
from members.self_service.requested_emails import send_sign_in_link
from members.self_service.secret_word import note_inbox_shown
from members.self_service.services import confirm_resuming_emails
from members.self_service.session import MemberSession, Proof
from members.submission_tokens import JOIN_FORM
from s4jr.crypto.fields import readable
from s4jr.security.constant_time import in_even_steps
from s4jr.security.ratelimit import peer_key, spend, too_many

Purpose = MemberLink.Purpose
#: A code has 60 bits, so guessing is hopeless. Correct codes are never counted or refused: otherwise others on a shared
#: IP address (Tor, a shelter) could keep someone from deleting their information.
WRONG_CODES = "20/h"


def my_details(request: HttpRequest) -> HttpResponse:
    """The member's page; without a session, the ways to open it."""
    if request.method == "POST":
        return _carry_out(request)
    visit = MemberSession.of(request)
    return page_context.whole(request, visit) if visit else page_context.ways_in(request)


def _carry_out(request: HttpRequest) -> HttpResponse:
    action = request.POST.get("do")
    if action == Act.SEND_LINK:
        return _send_link(request)
    if action == Act.GIVE_WORD:
        return _give_word(request)
    if action == Act.GIVE_CODE:
        return _give_code(request)
    return _with_code(request, Act(action) if action in Act.values else Act.LOOK)


# --- a link by email


@in_even_steps
def _send_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return page_context.ways_in(request, link_form=form)
    send_sign_in_link(form.cleaned_data["email"], get_language())
    return redirect("my_details_link_sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "members/link_sent.html")


# --- a secret word in addition to a link or code


def _give_word(request: HttpRequest) -> HttpResponse:
    visit = MemberSession.of(request)
    if not visit:
        return page_context.over(request)
    form = WordForm(request.POST, visit=visit)
    if not form.is_valid():
        return page_context.whole(request, visit, word_form=form)
    visit.note_word(form.kept)
    if visit.is_by_link:
        note_inbox_shown(visit.member, form.kept)
    return page_context.onward(request, visit, form)


# --- a code in addition to a link


def _give_code(request: HttpRequest) -> HttpResponse:
    visit = MemberSession.of(request)
    if not visit:
        return page_context.over(request)
    form = CodeBesideForm(request.POST, visit=visit)
    if not form.is_valid():
        if form.is_wrong and not spend("wrong status code", peer_key(request), WRONG_CODES):
            return too_many(request)
        return page_context.with_code_beside(request, visit, form)
    visit.note_code()
    messages.success(request, _("Your code is right. You can now see and change everything here."))
    return redirect("my_details")


# --- a status code


def _with_code(request: HttpRequest, act: Act) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        return ACTS[act](request, form)
    if form.is_wrong and not spend("wrong status code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return page_context.ways_in(request, code_form=form)


def _look(request: HttpRequest, code_form: CodeForm, form: AddressForm | None = None) -> HttpResponse:
    """Shows only the status of an unproved application; starts a session for everyone else."""
    member, code = code_form.whose.at_a_glance(), code_form.cleaned_data["code"]
    if member is None:  # deleted in another window just now
        return redirect("my_details_deleted")
    if public_status(member) != "asked":
        proof = Proof.NEW_CODE if code_form.is_new else Proof.CODE
        visit = MemberSession.begin(request, member, proof)
        return page_context.onward(request, visit, code_form) if visit else redirect("my_details_deleted")
    seen = {"public_status": public_status(member), "can_be_corrected": member.can_be_corrected}
    seen |= {"code": code, "form": form or AddressForm()}
    return render(request, "members/public_status.html", seen)


@in_even_steps
def _correct(request: HttpRequest, code_form: CodeForm) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, form=form)
    corrected = correct_address(code_form.whose, form.cleaned_data["email"], _browser_token(request))
    return redirect("my_details_address_corrected") if corrected else _look(request, code_form)


def _browser_token(request: HttpRequest) -> str:
    """The token of the join form that this browser sent last, within a week."""
    return JOIN_FORM.sent_last(request, within=SAME_BROWSER_SECONDS).token


@in_even_steps
def _send_again(request: HttpRequest, code_form: CodeForm) -> HttpResponse:
    """Sends the confirmation email again, with the next list of its address. Everyone gets the same answer."""
    if not send_again(code_form.whose):
        return _look(request, code_form)
    return redirect("my_details_sent_again")


@in_even_steps
def _go_on_without_email(request: HttpRequest, code_form: CodeForm) -> HttpResponse:
    if go_on_without_email(code_form.whose, _browser_token(request)):
        messages.success(
            request,
            _("We deleted your address and won’t email you. From now on, only your code opens your information."),
        )
    return _look(request, code_form)


@in_even_steps
def _withdraw(request: HttpRequest, code_form: CodeForm) -> HttpResponse:
    return show_receipt(request, erase_by_code_with_receipt(code_form.whose))


ACTS: dict[Act, Callable[[HttpRequest, CodeForm], HttpResponse]] = {
    Act.LOOK: _look,
    Act.CORRECT: _correct,
    Act.SEND_AGAIN: _send_again,
    Act.WITHOUT_EMAIL: _go_on_without_email,
    Act.WITHDRAW: _withdraw,
}


# --- the pages after these: each says what happened and asks for the code again, which is in no URL


@require_safe
def address_corrected(request: HttpRequest) -> HttpResponse:
    return page_context.ways_in(request, done=Act.CORRECT)


@require_safe
def sent_again(request: HttpRequest) -> HttpResponse:
    return page_context.ways_in(request, done=Act.SEND_AGAIN)


# --- links: GET shows a page, POST acts


def link(request: HttpRequest, token: str) -> HttpResponse:
    found = MemberLink.objects.working(token, *LINKS)
    if found is None:
        return render(request, "members/link_over.html", status=410)
    return LINKS[found.purpose](request, found)


def _opening_link(request: HttpRequest, found: MemberLink) -> HttpResponse:
    if request.method != "POST":
        return render(request, "members/open_link.html")
    if not use_link(found):  # confirmed twice at the same moment
        return render(request, "members/link_over.html", status=410)
    MemberSession.begin(request, found.member, Proof.LINK)
    return redirect("my_details")


def _lasting_link(request: HttpRequest, found: MemberLink) -> HttpResponse:
    action = request.POST.get("do")
    if action == Act.SEND_LINK:
        return _send_fresh_link(request, found.member)
    if action == Act.WITHDRAW:
        return show_receipt(request, erase_with_receipt(Member.objects.filter(pk=found.member_id)))
    return page_context.public_status_page(request, "members/lasting_link.html", found.member)


@in_even_steps
def _send_fresh_link(request: HttpRequest, member: Member) -> HttpResponse:
    """Gives the same answer if the address is not proved yet or cannot be decrypted."""
    if address := readable(member, "email"):
        send_sign_in_link(address, member.language)
    return redirect("my_details_link_sent")


def _changing_link(request: HttpRequest, found: MemberLink) -> HttpResponse:
    if found.to_index == found.member.new_email_index and not readable(found.member, "new_email"):
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/change_link.html")
    visit = MemberSession.of(request)
    taken = confirm_address_change(found)
    if taken and visit and visit.member == found.member:
        visit.renew()
    return redirect("my_details_address_confirmed") if taken else render(request, "members/address_not_free.html")


def _emails_again_link(request: HttpRequest, found: MemberLink) -> HttpResponse:
    if request.method != "POST":
        return render(request, "members/emails_again.html", {"done": False})
    confirm_resuming_emails(found)
    return redirect("my_details_emails_again")


# --- the pages after a link was used: each says what happened and depends on nothing


@require_safe
def address_confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "members/address_taken.html")


@require_safe
def emails_again(request: HttpRequest) -> HttpResponse:
    return render(request, "members/emails_again.html", {"done": True})


LINKS: dict[str, Callable[[HttpRequest, MemberLink], HttpResponse]] = {
    Purpose.OPEN: _opening_link,
    Purpose.DETAILS: _lasting_link,
    Purpose.CHANGE: _changing_link,
    Purpose.EMAILS_AGAIN: _emails_again_link,
}
