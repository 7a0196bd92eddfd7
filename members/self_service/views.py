"""What somebody does with their own details once they are open. Each press is a POST, and one service."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from members.models import Member
from members.self_service import membership, page_context, services, volunteer_offer
from members.self_service.address_change import cancel_address_change
from members.self_service.credential_views import make_code
from members.self_service.credentials import Kind, cancel_changes, discard_change, replace_credential
from members.self_service.data_export import as_data, json_file, page_file
from members.self_service.decorators import with_visit, with_whole_visit
from members.self_service.deletion_receipt import erase_by_code_with_receipt, erase_with_receipt
from members.self_service.deletion_views import show_receipt
from members.self_service.secret_word import note_inbox_shown, set_word, word_hash
from members.self_service.section_forms import Part
from members.self_service.session import Reach

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


# --- one part


@with_whole_visit
def change(request, visit, part):
    if part not in page_context.parts(visit):
        raise Http404
    part = Part(part)
    form = page_context.form_for(visit, part, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page_context.part_page(request, visit, part, form)
    return SAVE.get(part, _save)(request, visit, form)


def _save(request, visit, form):
    form.save()
    messages.success(request, _("Saved."))
    return redirect("my_details")


def _save_word(request, visit, form):
    kept = word_hash(form.cleaned_data["word"])
    holds = replace_credential(visit.member, Kind.WORD, kept, right_away=visit.is_strong)
    visit.note_word(kept)
    if visit.is_by_link:
        note_inbox_shown(visit.member, kept)
    messages.success(request, WORD_HOLDS if holds else WORD_IS_NEW if visit.has_earlier else WORD_IS_FIRST)
    return redirect("my_details_ways_to_open")


def _save_address(request, visit, form):
    if not form.save():
        form.add_error("email", _("You asked to change your address several times today. Try again tomorrow."))
        return page_context.part_page(request, visit, Part.ADDRESS, form)
    said = _("We emailed a link to the new address. Nothing changes until someone opens it and confirms.")
    messages.success(request, said)
    return redirect("my_details")


def _save_emails(request, visit, form):
    """Who has no address left has a code and nothing else: who has none yet is shown one."""
    form.save()
    is_erased = form.cleaned_data["contact"] == Member.Contact.NONE and visit.member.email_index
    visit.renew()
    if is_erased:
        return redirect("my_details_no_more_emails")
    return _said(request, _("Saved."))


@require_safe
@with_visit
def no_more_emails(request, visit):
    """The page after the address went; a code is made from it where there is none."""
    if visit.member.email_index:
        return redirect("my_details")
    return render(request, "members/no_more_emails.html", _what_they_lack(visit))


def _what_they_lack(visit):
    may_set_word = Part.WORD in page_context.parts(visit) and not visit.member.word_hash
    return {"has_code": visit.member.code_hash, "may_set_word": may_set_word}


SAVE = {Part.WORD: _save_word, Part.ADDRESS: _save_address, Part.EMAILS: _save_emails}


# --- one press


@require_POST
@with_visit
def action(request, visit, word):
    if word not in ACTIONS or (visit.reach is Reach.PUBLIC_STATUS and word not in WITHOUT_WORD):
        raise Http404
    return ACTIONS[word](request, visit)


def _said(request, words):
    messages.success(request, words)
    return redirect("my_details")


def _whose(visit):
    return Member.objects.filter(pk=visit.member.pk)


def _pause(request, visit):
    membership.pause(_whose(visit))
    return _said(request, _("Your pause has started. Until you come back, we send only the emails you ask for."))


def _end_pause(request, visit):
    """Not with a code alone while emails could come: whoever found one may ask for more quiet, not for less."""
    if not page_context.may_end_pause(visit):
        return _said(request, _("You can’t end a pause with only your code. Open this page with a sign-in link."))
    membership.end_pause(_whose(visit))
    return _said(request, _("Welcome back. We can email you again."))


def _leave(request, visit):
    return redirect("my_details_left" if membership.leave(_whose(visit)) else "my_details")


def _come_back(request, visit):
    """A pause goes on for who may not end it: leaving and coming back is no way round."""
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


def _withdraw(request, visit):
    verb = erase_with_receipt if visit.has_proved_inbox else erase_by_code_with_receipt
    receipt = verb(_whose(visit))
    visit.end()
    return show_receipt(request, receipt)


def _close(request, visit):
    visit.end()
    return redirect("my_details")


def _email_again(request, visit):
    """A stop that somebody chose with one link is lifted by its owner: two things that are kept apart, or a code and
    then the mailbox. Nothing shows whether there was a stop."""
    if not visit.member.email_index or not visit.is_more_than_a_link:
        raise Http404
    if page_context.may_lift_stops(visit):
        services.resume_emails(_whose(visit))
        return _said(request, EMAIL_AGAIN)
    services.ask_to_resume_emails(_whose(visit))
    return _said(request, EMAIL_TO_CONFIRM)


def _offer(request, visit):
    if not volunteer_offer.may_offer(visit):
        raise Http404
    volunteer_offer.make_offer(visit.member)
    return _said(request, _("Thank you. A coordinator will read your offer and answer you."))


def _take_offer_back(request, visit):
    volunteer_offer.withdraw_offer(visit.member)
    return _said(request, _("We deleted your offer."))


def _forget_word(request, visit):
    """A word that was given, or one that an email link alone has set."""
    discard_change(visit.member, Kind.WORD)
    if visit.has_given_word:
        set_word(_whose(visit), "")
        visit.note_word("")
    messages.success(request, _("We removed your secret word."))
    return redirect("my_details_ways_to_open")


def _cancel_changes(request, visit):
    """With the earlier code or secret word: whoever can open the mailbox has made what is canceled here."""
    if not visit.may_cancel_changes:
        raise Http404
    had_address = visit.member.email_index
    cancel_changes(visit.member, session_key=request.session.session_key)
    visit.renew()
    has_lost_it = had_address and not visit.member.email_index
    return _said(request, CANCELED_WITHOUT_ADDRESS if has_lost_it else CANCELED)


def _forget_address(request, visit):
    cancel_address_change(_whose(visit))
    return _said(request, _("We deleted the new address."))


ACTIONS = {
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
#: What a visit may do that has not given the word.
WITHOUT_WORD = {"withdraw", "close", "cancel-changes"}


# --- all of it, to take along


@with_whole_visit
def show_all(request, visit):
    return render(
        request,
        "members/data_export.html",
        {"data": as_data(visit.member, visit.reach, is_proved=visit.has_proved_inbox)},
    )


@require_POST
@with_whole_visit
def take_all(request, visit):
    """The file: a page to read, or JSON where nothing else is asked for."""
    data = as_data(visit.member, visit.reach, is_proved=visit.has_proved_inbox)
    return page_file(data) if request.POST.get("format") == "html" else json_file(data)
