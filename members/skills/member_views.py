"""A member's skills on their own pages: add, share, delete, and answer a representative's question."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from members.models import SkillRequest
from members.rsvps.member_views import for_welcomed
from members.self_service.session import MemberSession, Reach
from members.skills.forms import SkillForm
from members.skills.page_context import skills_page
from members.skills.querysets import SkillQuerySet
from members.skills.services import (
    add_skill,
    answer_questions,
    delete_skills,
    share_skills,
    stop_sharing_skills,
)

YES = gettext_lazy(
    "Thank you. Your representative sees your yes, but not who you are. If they plan a meeting about it, you’ll find "
    "it with your meetings."
)
TEN_ALREADY = gettext_lazy("You already have ten topics. Delete one to add another.")


@for_welcomed
def skills(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """The topics and the open questions. A session that does not show them may only delete all topics."""
    is_shown = visit.reach is Reach.WHOLE
    form = SkillForm(request.POST if request.method == "POST" and is_shown else None)
    if form.is_valid():
        if add_skill(visit.member, form.cleaned_data["kind"], form.cleaned_data["topic"]):
            messages.success(request, _("Added. No one else sees it unless you share it."))
            return redirect("my_skills")
        form.add_error(None, TEN_ALREADY)
    seen = {**skills_page(visit.member, visit.reach), "visit": visit, "form": form}
    return render(request, "members/skills/my_skills.html", seen)


@require_POST
@for_welcomed
def action(request: HttpRequest, visit: MemberSession, pk: uuid.UUID, word: str) -> HttpResponse:
    """One button of one topic."""
    if word not in ACTIONS or visit.reach is not Reach.WHOLE:
        raise Http404
    ACTIONS[word](request, visit.member.skills.filter(pk=pk))
    return redirect("my_skills")


def _share(request: HttpRequest, skills: SkillQuerySet) -> None:
    if share_skills(skills):
        messages.success(request, _("Shared. Your representatives can see this topic, without your name."))


def _stop_sharing(request: HttpRequest, skills: SkillQuerySet) -> None:
    if stop_sharing_skills(skills):
        messages.success(request, _("Not shared anymore. No one else can see this topic."))


def _delete(request: HttpRequest, skills: SkillQuerySet) -> None:
    if delete_skills(skills):
        messages.success(request, _("We deleted this topic."))


ACTIONS: dict[str, Callable[[HttpRequest, SkillQuerySet], None]] = {
    "share": _share,
    "stop-sharing": _stop_sharing,
    "delete": _delete,
}


@require_POST
@for_welcomed
def answer(request: HttpRequest, visit: MemberSession, pk: uuid.UUID, word: str) -> HttpResponse:
    """Yes or no to one question. The representative learns the answer and nothing else."""
    if word not in ("yes", "no") or visit.reach is not Reach.WHOLE:
        raise Http404
    if answer_questions(SkillRequest.objects.of([visit.member]).filter(pk=pk), yes=word == "yes"):
        messages.success(request, YES if word == "yes" else _what_a_no_does())
    return redirect("my_skills")


def _what_a_no_does() -> str:
    days = settings.SKILL_REQUEST_DAYS
    said = ngettext(
        "Saved. Your representative sees “no thanks.” No one can ask you about this topic again for %(days)d day.",
        "Saved. Your representative sees “no thanks.” No one can ask you about this topic again for %(days)d days.",
        days,
    )
    return said % {"days": days}


@require_POST
@for_welcomed
def delete_all(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """For every session: what was written may be deleted without being shown."""
    delete_skills(visit.member.skills.all())
    messages.success(request, _("We deleted all your topics, and the questions about them."))
    return redirect("my_skills")
