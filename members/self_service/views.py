"""What members do with their information in a session. Each button is a POST and calls one service."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from members.models import Member
from members.querysets import MemberQuerySet
from members.self_service import membership, page_context, services, volunteer_offer
from members.self_service.address_change import cancel_address_change
from members.self_service.credential_views import make_code
from members.self_service.credentials import Kind, cancel_changes, discard_change, replace_credential
from members.self_service.data_export import as_data, json_file, page_file
from members.self_service.decorators import with_visit, with_whole_visit
from members.self_service.deletion_receipt import erase_by_code_with_receipt, erase_with_receipt
from members.self_service.deletion_views import show_receipt
from members.self_service.forms import NewWordForm
from members.self_service.secret_word import note_inbox_shown, set_word, word_hash
from members.self_service.section_forms import AddressSectionForm, EmailsForm, Part, SectionForm
from members.self_service.session import MemberSession, Reach

WORD_HOLDS = gettext_lazy(
    "Your secret word is set. From now on, a sign-in link or a code shows your information only with your secret word."
)
WORD_IS_NEW = gettext_lazy(
    "Your secret word is set, and sign-in links ask for it now. For 30 days, your code still "
    "opens your information without it. To make it count right away, enter your code below and "
    "set the word again."
)
WORD_IS_FIRST = gettext_lazy(
    "Your secret word is set, and sign-in links ask for it now. You set it with a sign-in link "
    "alone. So for 30 days, the link and the word together show no more than the link alone did."
)
CANCELED = gettext_lazy("Canceled. What you had before still works. We signed out every other session.")
CANCELED_WITHOUT_ADDRESS = gettext_lazy(
    "Canceled. We signed out every other session. We can’t put your earlier email address back, "
    "because another request uses it now. So we have no address for you, and you won’t get "
    "emails from us."
)
EMAIL_AGAIN = gettext_lazy("We can email your address again.")
EMAIL_TO_CONFIRM = gettext_lazy(
    "We’re sending one email to your address. Our other emails start again after you open its link and confirm."
)


# --- one section


@with_whole_visit
def change(request: HttpRequest, visit: MemberSession, part: str) -> HttpResponse:
    if part not in page_context.parts(visit):
        raise Http404
    part = Part(part)
    form = page_context.form_for(visit, part, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page_context.part_page(request, visit, part, form)
    return SAVE.get(part, _save)(request, visit, form)


def _save(request: HttpRequest, visit: MemberSession, form: SectionForm) -> HttpResponse:
    form.save()
    messages.success(request, _("Saved."))
    return redirect("my_details")


def _save_word(request: HttpRequest, visit: MemberSession, form: NewWordForm) -> HttpResponse:
    kept = word_hash(form.cleaned_data["word"])
    holds = replace_credential(visit.member, Kind.WORD, kept, right_away=visit.is_strong)
    visit.note_word(kept)
    if visit.is_by_link:
        note_inbox_shown(visit.member, kept)
    messages.success(request, WORD_HOLDS if holds else WORD_IS_NEW if visit.has_earlier else WORD_IS_FIRST)
    return redirect("my_details_ways_to_open")


def _save_address(request: HttpRequest, visit: MemberSession, form: AddressSectionForm) -> HttpResponse:
    if not form.save():
        form.add_error("email", _("You asked to change your address several times today. Try again tomorrow."))
        return page_context.part_page(request, visit, Part.ADDRESS, form)
    said = _("We emailed a link to the new address. Nothing changes until someone opens it and confirms.")
    messages.success(request, said)
    return redirect("my_details")


def _save_emails(request: HttpRequest, visit: MemberSession, form: EmailsForm) -> HttpResponse:
    """Without an address only a code opens their information, so a page offers one to those who have none."""
    form.save()
    is_erased = form.cleaned_data["contact"] == Member.Contact.NONE and visit.member.email_index
    visit.renew()
    if is_erased:
        return redirect("my_details_no_more_emails")
    return _said(request, _("Saved."))


@require_safe
@with_visit
def no_more_emails(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """The page after the address was deleted. It has a button to make a code if there is none."""
    if visit.member.email_index:
        return redirect("my_details")
    return render(request, "members/no_more_emails.html", _what_they_lack(visit))


def _what_they_lack(visit: MemberSession) -> dict[str, str | bool | None]:
    may_set_word = Part.WORD in page_context.parts(visit) and not visit.member.word_hash
    return {"has_code": visit.member.code_hash, "may_set_word": may_set_word}


SAVE: dict[str, Callable[..., HttpResponse]] = {
    Part.WORD: _save_word,
    Part.ADDRESS: _save_address,
    Part.EMAILS: _save_emails,
}


# --- one button


@require_POST
@with_visit
def action(request: HttpRequest, visit: MemberSession, word: str) -> HttpResponse:
    if word not in ACTIONS or (visit.reach is Reach.PUBLIC_STATUS and word not in WITHOUT_WORD):
        raise Http404
    return ACTIONS[word](request, visit)


def _said(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("my_details")


def _whose(visit: MemberSession) -> MemberQuerySet:
    return Member.objects.filter(pk=visit.member.pk)


def _pause(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    membership.pause(_whose(visit))
    return _said(request, _("Your pause has started. Until you come back, we send only the emails you ask for."))


def _end_pause(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Refused with a code alone if there is an address: someone who found the code may not turn emails on."""
    if not page_context.may_end_pause(visit):
        return _said(request, _("You can’t end a pause with only your code. Open this page with a sign-in link."))
    membership.end_pause(_whose(visit))
    return _said(request, _("Welcome back. We can email you again."))


def _leave(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    return redirect("my_details_left" if membership.leave(_whose(visit)) else "my_details")


def _come_back(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """A pause continues if this session may not end it: leaving and coming back does not bypass that."""
    if membership.rejoin(_whose(visit)):
        if page_context.may_end_pause(visit):
            membership.end_pause(_whose(visit))
        return _said(
            request,
            _(
                "Welcome back. News is off, and representatives see nothing about you, until you check those "
                "boxes again."
            ),
        )
    return _said(
        request,
        _(
            "That didn’t work. You may have asked to join again since you left. If so, your new request "
            "is the one that counts."
        ),
    )


def _withdraw(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    verb = erase_with_receipt if visit.has_proved_inbox else erase_by_code_with_receipt
    receipt = verb(_whose(visit))
    visit.end()
    return show_receipt(request, receipt)


def _close(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    visit.end()
    return redirect("my_details")


def _email_again(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """The owner undoes a stop that a link made, with two separate proofs, or with a code and then a link in an email.
    Nothing shows whether emails were stopped."""
    if not visit.member.email_index or not visit.is_more_than_a_link:
        raise Http404
    if page_context.may_lift_stops(visit):
        services.resume_emails(_whose(visit))
        return _said(request, EMAIL_AGAIN)
    services.ask_to_resume_emails(_whose(visit))
    return _said(request, EMAIL_TO_CONFIRM)


def _offer(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    if not volunteer_offer.may_offer(visit):
        raise Http404
    volunteer_offer.make_offer(visit.member)
    return _said(request, _("Thank you. A coordinator will read your offer and answer you."))


def _take_offer_back(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    volunteer_offer.withdraw_offer(visit.member)
    return _said(request, _("We deleted your offer."))


def _forget_word(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Removes the word that was given, or a new one that an email link alone set."""
    discard_change(visit.member, Kind.WORD)
    if visit.has_given_word:
        set_word(_whose(visit), "")
        visit.note_word("")
    messages.success(request, _("We removed your secret word."))
    return redirect("my_details_ways_to_open")


def _cancel_changes(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Needs the earlier code or secret word: someone else who can open the inbox may have made the changes."""
    if not visit.may_cancel_changes:
        raise Http404
    had_address = visit.member.email_index
    cancel_changes(visit.member, session_key=request.session.session_key)
    visit.renew()
    has_lost_it = had_address and not visit.member.email_index
    return _said(request, CANCELED_WITHOUT_ADDRESS if has_lost_it else CANCELED)


def _forget_address(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    cancel_address_change(_whose(visit))
    return _said(request, _("We deleted the new address."))


ACTIONS: dict[str, Callable[[HttpRequest, MemberSession], HttpResponse]] = {
    "pause": _pause,
    "end-pause": _end_pause,
    "leave": _leave,
    "come-back": _come_back,
    "withdraw": _withdraw,
    "close": _close,
    "new-code": make_code,
    "offer": _offer,
    "take-offer-back": _take_offer_back,
    "forget-word": _forget_word,
    "forget-address": _forget_address,
    "cancel-changes": _cancel_changes,
    "email-again": _email_again,
}
#: What a session may do before the secret word is given.
WITHOUT_WORD = {"withdraw", "close", "cancel-changes"}


# --- the data export


@with_whole_visit
def show_all(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    return render(
        request,
        "members/data_export.html",
        {"data": as_data(visit.member, visit.reach, is_proved=visit.has_proved_inbox)},
    )


@require_POST
@with_whole_visit
def take_all(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """The export as a file: HTML if `format` says so, else JSON."""
    data = as_data(visit.member, visit.reach, is_proved=visit.has_proved_inbox)
    return page_file(data) if request.POST.get("format") == "html" else json_file(data)
