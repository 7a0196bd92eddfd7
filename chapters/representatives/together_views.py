"""For all representatives: who serves, their meetings, the handbook, and messages to all of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages as notices
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import GroupMessage, Meeting, Representative
from chapters.representatives.group_messages import delete_message, read_messages, send_to_all
from chapters.representatives.permissions import for_the_group, terms_of
from chapters.representatives.providers import own_meetings_section
from chapters.validators import refuse_addresses
from s4jr.accounts.models import User
from s4jr.conversations.forms import NextMessageForm
from s4jr.conversations.models import SavedReply
from s4jr.form_fields.long_text import LongTextField
from s4jr.security.submission_token import FormKind

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

#: How many of each the first page shows; the page of each has the rest.
FEW, ON_A_PAGE = 6, 50
TO_ALL = FormKind("message to all representatives", "to-all")


@dataclass(frozen=True)
class Colleague:
    """A current term as the other representatives see it: without a public profile there is a place, and no name."""

    name: str
    place: str
    is_mine: bool = False


def _colleague(term: Representative, user: User | None = None) -> Colleague:
    if not term.is_public:
        return Colleague("", term.place, term.user == user)
    return Colleague(term.display_name, term.public_place, term.user == user)


class GroupMessageForm(NextMessageForm):
    kind = TO_ALL

    words = LongTextField(
        label=gettext_lazy("Your message to all representatives"),
        help_text=gettext_lazy("Name no one else. Leave out addresses and phone numbers."),
        rows=6,
        max_length=2000,
        validators=[refuse_addresses],
        error_messages={"required": gettext_lazy("Write a few words.")},
    )


# --- reading


@for_the_group
@require_safe
def together(request: "SignedInRequest") -> HttpResponse:
    serving, sent, past = _serving(), GroupMessage.objects.newest_first(), _past_meetings(request.user)
    seen = {
        "people": [_colleague(term, request.user) for term in serving[:FEW]],
        "people_count": serving.count(),
        "rows": _message_rows(sent[:FEW], request.user),
        "messages_count": sent.count(),
        "meetings": past[:FEW],
        "meetings_count": past.count(),
        "own_meetings": own_meetings_section.call(request),
        "may_write": terms_of(request.user).exists(),
        "few": FEW,
    }
    return render(request, "chapters/representatives/together.html", seen)


@for_the_group
@require_safe
def people(request: "SignedInRequest") -> HttpResponse:
    page = _page_of(request, _serving())
    shown = [_colleague(term, request.user) for term in page]
    return render(request, "chapters/representatives/together_people.html", {"page": page, "people": shown})


@for_the_group
@require_safe
def meetings(request: "SignedInRequest") -> HttpResponse:
    page = _page_of(request, _past_meetings(request.user))
    return render(request, "chapters/representatives/together_meetings.html", {"page": page, "meetings": page})


@for_the_group
@require_safe
def messages(request: "SignedInRequest") -> HttpResponse:
    page = _page_of(request, GroupMessage.objects.newest_first())
    seen = {"page": page, "rows": _message_rows(page, request.user), "days": settings.CONVERSATION_DAYS}
    return render(request, "chapters/representatives/together_messages.html", seen)


@for_the_group
@require_safe
def handbook(request: "SignedInRequest") -> HttpResponse:
    replies = SavedReply.objects.for_representatives().in_language_first(get_language())
    return render(request, "chapters/representatives/handbook.html", {"replies": replies})


def _serving() -> QuerySet[Representative]:
    return Representative.objects.serving().placed().in_order().select_related("chapter", "user")


def _past_meetings(user: User) -> MeetingQuerySet:
    """None for an admin who serves no term: the pages of these meetings are for those who do."""
    terms = list(terms_of(user))
    return Meeting.objects.for_representatives(terms).past() if terms else Meeting.objects.none()


def _page_of(request: "SignedInRequest", rows: QuerySet[Any]) -> Page:
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


def _message_rows(found: Any, user: User) -> list[tuple[GroupMessage, Colleague, bool]]:
    """Triples of a message, who wrote it, and whether this user may delete it."""
    shown = read_messages(list(found), by=user)
    mine = set(
        GroupMessage.objects.deletable_by(user).filter(pk__in=[m.pk for m in shown]).values_list("pk", flat=True)
    )
    return [(message, _colleague(message.term, user), message.pk in mine) for message in shown]


# --- writing


@for_the_group
def write(request: "SignedInRequest") -> HttpResponse:
    """Shows the form, then the message as all will read it, then sends it."""
    term = terms_of(request.user).first()
    if term is None:
        raise Http404
    form = GroupMessageForm(request.POST) if request.method == "POST" else GroupMessageForm.blank(request)
    if form.is_valid() and request.POST.get("action") == "send":
        return _send(request, term, form)
    is_checked = form.is_bound and form.is_valid()
    seen = {
        "form": form,
        "preview": form.cleaned_data["words"] if is_checked else "",
        "writer": _colleague(term, request.user),
        "days": settings.CONVERSATION_DAYS,
    }
    return render(request, "chapters/representatives/together_write.html", seen)


def _send(request: "SignedInRequest", term: Representative, form: GroupMessageForm) -> HttpResponse:
    if send_to_all(term, form.cleaned_data["words"], form.mark):
        notices.success(request, _("Your message is here for all representatives. Our emails tell them only that."))
        return redirect("representatives_together")
    form.add_error(None, _("You already wrote to all representatives today. Send this tomorrow."))
    seen = {"form": form, "writer": _colleague(term, request.user), "days": settings.CONVERSATION_DAYS}
    return render(request, "chapters/representatives/together_write.html", seen)


@for_the_group
@require_POST
def delete(request: "SignedInRequest", pk: int) -> HttpResponse:
    if delete_message(pk, by=request.user):
        notices.success(request, _("The message is deleted."))
    return redirect("representatives_together")
