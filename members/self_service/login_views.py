"""The ways into one's own details: a status code, a link that opens them, the link that stands in our emails."""

from django.contrib import messages
from django.shortcuts import redirect, render
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
#: A code has 60 bits: nobody guesses one. Right codes are never counted nor refused, or whoever shares a line with
#: others (Tor, a shelter) could be kept from withdrawing by them.
WRONG_CODES = "20/h"


def my_details(request):
    """The page of whoever has come in; for everybody else the ways in."""
    if request.method == "POST":
        return _carry_out(request)
    visit = MemberSession.of(request)
    return page_context.whole(request, visit) if visit.member else page_context.ways_in(request)


def _carry_out(request):
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
def _send_link(request):
    form = LinkForm(request.POST)
    if not form.is_valid():
        return page_context.ways_in(request, link_form=form)
    send_sign_in_link(form.cleaned_data["email"], request.LANGUAGE_CODE)
    return redirect("my_details_link_sent")


@require_safe
def link_sent(request):
    return render(request, "members/link_sent.html")


# --- a word beside link or code


def _give_word(request):
    visit = MemberSession.of(request)
    if not visit.member:
        return page_context.over(request)
    form = WordForm(request.POST, visit=visit)
    if not form.is_valid():
        return page_context.whole(request, visit, word_form=form)
    visit.note_word(form.kept)
    if visit.is_by_link:
        note_inbox_shown(visit.member, form.kept)
    return page_context.onward(request, visit, form)


# --- the code beside a link


def _give_code(request):
    visit = MemberSession.of(request)
    if not visit.member:
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


def _with_code(request, act):
    form = CodeForm(request.POST)
    if form.is_valid():
        return ACTS[act](request, form)
    if form.is_wrong and not spend("wrong status code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return page_context.ways_in(request, code_form=form)


def _look(request, code_form, form=None):
    """Nothing can be opened of who has not proved an address yet; everybody else begins a visit."""
    member, code = code_form.whose.at_a_glance(), code_form.cleaned_data["code"]
    if member is None:  # withdrawn from another window at this moment
        return redirect("my_details_deleted")
    if public_status(member) != "asked":
        proof = Proof.NEW_CODE if code_form.is_new else Proof.CODE
        return page_context.onward(request, MemberSession.begin(request, member, proof), code_form)
    seen = {"public_status": public_status(member), "can_be_corrected": member.can_be_corrected}
    seen |= {"code": code, "form": form or AddressForm()}
    return render(request, "members/public_status.html", seen)


@in_even_steps
def _correct(request, code_form):
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _look(request, code_form, form=form)
    corrected = correct_address(code_form.whose, form.cleaned_data["email"], _browser_token(request))
    return redirect("my_details_address_corrected") if corrected else _look(request, code_form)


def _browser_token(request):
    """The join form that this browser sent last, within a week."""
    return JOIN_FORM.sent_last(request, within=SAME_BROWSER_SECONDS).token


@in_even_steps
def _send_again(request, code_form):
    """The confirmation email once more, with the next list of its address. Everybody is answered the same."""
    if not send_again(code_form.whose):
        return _look(request, code_form)
    return redirect("my_details_sent_again")


@in_even_steps
def _go_on_without_email(request, code_form):
    if go_on_without_email(code_form.whose, _browser_token(request)):
        messages.success(
            request,
            _("We deleted your address and won’t email you. From now on, only your code opens your information."),
        )
    return _look(request, code_form)


@in_even_steps
def _withdraw(request, code_form):
    return show_receipt(request, erase_by_code_with_receipt(code_form.whose))


ACTS = {
    Act.LOOK: _look,
    Act.CORRECT: _correct,
    Act.SEND_AGAIN: _send_again,
    Act.WITHOUT_EMAIL: _go_on_without_email,
    Act.WITHDRAW: _withdraw,
}


# --- the pages after these: each says what happened and asks for the code again, which stands in no address


@require_safe
def address_corrected(request):
    return page_context.ways_in(request, done=Act.CORRECT)


@require_safe
def sent_again(request):
    return page_context.ways_in(request, done=Act.SEND_AGAIN)


# --- links: GET shows, POST acts


def link(request, token):
    found = MemberLink.objects.working(token, *LINKS)
    if found is None:
        return render(request, "members/link_over.html", status=410)
    return LINKS[found.purpose](request, found)


def _opening_link(request, found):
    if request.method != "POST":
        return render(request, "members/open_link.html")
    if not use_link(found):  # pressed twice at one moment
        return render(request, "members/link_over.html", status=410)
    MemberSession.begin(request, found.member, Proof.LINK)
    return redirect("my_details")


def _lasting_link(request, found):
    action = request.POST.get("do")
    if action == Act.SEND_LINK:
        return _send_fresh_link(request, found.member)
    if action == Act.WITHDRAW:
        return show_receipt(request, erase_with_receipt(Member.objects.filter(pk=found.member_id)))
    return page_context.public_status_page(request, "members/lasting_link.html", found.member)


@in_even_steps
def _send_fresh_link(request, member):
    """Who has not proved the address yet is answered the same, and so is who has one that can't be decrypted."""
    if address := readable(member, "email"):
        send_sign_in_link(address, member.language)
    return redirect("my_details_link_sent")


def _changing_link(request, found):
    if found.to_index == found.member.new_email_index and not readable(found.member, "new_email"):
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/change_link.html")
    visit = MemberSession.of(request)
    taken = confirm_address_change(found)
    if taken and visit.member == found.member:
        visit.renew()
    return redirect("my_details_address_confirmed") if taken else render(request, "members/address_not_free.html")


def _emails_again_link(request, found):
    if request.method != "POST":
        return render(request, "members/emails_again.html", {"done": False})
    confirm_resuming_emails(found)
    return redirect("my_details_emails_again")


# --- the pages after a link was used: each says what happened, and needs nothing


@require_safe
def address_confirmed(request):
    return render(request, "members/address_taken.html")


@require_safe
def emails_again(request):
    return render(request, "members/emails_again.html", {"done": True})


LINKS = {
    Purpose.OPEN: _opening_link,
    Purpose.DETAILS: _lasting_link,
    Purpose.CHANGE: _changing_link,
    Purpose.EMAILS_AGAIN: _emails_again_link,
}
