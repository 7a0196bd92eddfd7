"""The inbox of a representative: the list by name, without any text, and one conversation. It has only their own."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages as notices
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chapters.models import Block, RepresentativeMessage
from chapters.representative_messages import moderation, services
from chapters.representative_messages.answer_forms import RepresentativeAnswerForm
from chapters.representative_messages.forms import BlockForm, ReportForm
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from chapters.representatives.permissions import View, for_representatives, terms_of
from s4jr.accounts.models import User
from s4jr.conversations.forms import TurnForm
from s4jr.conversations.notices import choose_delivery_notice, warn_of_newer
from s4jr.crypto.fields import readable

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

ON_A_PAGE = 30


def _mine(user: User) -> RepresentativeMessageQuerySet:
    """The conversations that a user may read. Email addresses are not loaded."""
    return RepresentativeMessage.objects.to(terms_of(user).values("pk")).defer("email")


@for_representatives
def messages(request: "SignedInRequest") -> HttpResponse:
    terms = terms_of(request.user)
    if not terms:
        raise Http404
    found = _mine(request.user).longest_waiting_first().select_related("representative__chapter")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    seen = {
        "page": page,
        "rows": _rows_with_names(page, request.user),
        "several_terms": len(terms) > 1,
        "blocks": Block.objects.filter(user=request.user).order_by("since", "pk"),
    }
    return render(request, "chapters/representative_messages/inbox.html", seen)


def _rows_with_names(page: Page, user: User) -> list[tuple[RepresentativeMessage, str]]:
    """Pairs of a conversation and the name that its sender gave, or ""; writes to the access log whose names these are.

    Possible spam has no name here: its sender chose it to be seen.
    """
    rows = [(message, "" if message.flag_reason else readable(message, "name")) for message in page]
    services.note_names_shown([message for message, name in rows if name], by=user)
    return rows


def _of_one(view: View) -> View:
    """A page about one conversation of the user. Any other one is a 404."""

    @for_representatives
    def wrapper(request: "SignedInRequest", pk: UUID) -> HttpResponseBase:
        return view(request, get_object_or_404(_mine(request.user), pk=pk))

    return wrapper


def _for_who_serves(view: View) -> View:
    """A page for users with a current term; 404 for everyone else."""

    @for_representatives
    def wrapper(request: "SignedInRequest") -> HttpResponseBase:
        if not terms_of(request.user):
            raise Http404
        return view(request)

    return wrapper


def _this(message: RepresentativeMessage) -> RepresentativeMessageQuerySet:
    return RepresentativeMessage.objects.filter(pk=message.pk)


@_of_one
def one(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, message)
    services.mark_read(_this(message), by=request.user)
    return _page(request, message, RepresentativeAnswerForm.for_message(request, message))


def _page(
    request: "SignedInRequest", message: RepresentativeMessage, form: RepresentativeAnswerForm, status: int = 200
) -> HttpResponse:
    seen = {
        "message": message,
        "said": message.said.all(),
        "form": form,
        "turn_form": TurnForm(initial={"seen": message.turn}),
        "report_form": ReportForm(),
    }
    return render(request, "chapters/representative_messages/conversation.html", seen, status=status)


def _answer(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    form = RepresentativeAnswerForm(request.POST, own_address=request.user.address, language=message.language)
    if not form.is_valid():
        return _page(request, message, form)
    said = form.cleaned_data
    sent = {"by": request.user, "seen": said["seen"], "form_token": form.mark}
    if services.answer(_this(message), said["words"], **sent):
        notices.success(request, _("Your answer is saved. %(how)s") % {"how": _delivery_notice(message)})
        return redirect("representative_inbox")
    return _too_late(request, message, said["words"])


def _delivery_notice(message: RepresentativeMessage) -> str:
    """It does not disclose a suppression, which is the choice of the owner of the address."""
    return choose_delivery_notice(
        message,
        by_code=_("We don’t email them. They read it here with their code."),
        by_notice=_("Our email tells them only that an answer is waiting."),
        by_email=_("We email it to them. Your address isn’t in the email."),
    )


def _too_late(request: "SignedInRequest", message: RepresentativeMessage, words: str) -> HttpResponse:
    """Shows the newer message, and keeps the text that was typed."""
    warn_of_newer(request, message)
    return _page(request, message, RepresentativeAnswerForm.for_message(request, message, words), status=409)


@_of_one
@require_POST
def insert_sample(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    """Shows the form again, with the chosen sample answer after what was typed. It changes and sends nothing."""
    form = RepresentativeAnswerForm(request.POST, language=message.language, is_inserting=True)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        form = RepresentativeAnswerForm.for_message(request, message, form.words_with_reply, seen)
        form.focus_on_words()
    return _page(request, message, form)


@_of_one
@require_POST
def close(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    form = TurnForm(request.POST)
    if form.is_valid() and services.close(_this(message), by=request.user, seen=form.cleaned_data["seen"]):
        notices.success(request, _("Closed without an answer."))
        return redirect("representative_inbox")
    return _too_late(request, message, "")


@_of_one
@require_POST
def report(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    form = ReportForm(request.POST)
    if form.is_valid():
        moderation.report(_this(message), form.cleaned_data["word"], form.cleaned_data["why"], answers=False)
        notices.success(request, _("You reported it. The coalition’s coordinators look into it."))
    else:
        notices.warning(request, _("It wasn’t reported. Use fewer words to say what is wrong."))
    return redirect("representative_message", message.pk)


@_of_one
@require_POST
def block(request: "SignedInRequest", message: RepresentativeMessage) -> HttpResponse:
    moderation.block_senders(_this(message), by=request.user)
    notices.success(request, _("You blocked this sender. You won’t get their messages anymore. We don’t tell them."))
    return redirect("representative_inbox")


@_for_who_serves
@require_POST
def pass_on_again(request: "SignedInRequest") -> HttpResponse:
    form = BlockForm(request.POST)
    if form.is_valid():
        moderation.unblock_sender(form.cleaned_data["block"], by=request.user)
        notices.success(request, _("You unblocked this sender. You get their messages again."))
    return redirect("representative_inbox")
