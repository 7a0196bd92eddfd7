"""The skills that members share, on the pages of a representative: topics, a question, and a meeting after a yes."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chapters.meetings.manage_views import show_new_form
from chapters.meetings.ownership import CHAPTER
from chapters.models import MeetingSeries, Representative
from chapters.representatives.permissions import of_one_term
from members.models import SkillRequest
from members.skills.forms import QuestionForm
from members.skills.services import Asked, ask_about, withdraw_questions
from members.skills.shared_skills import shown_skill, skills_shown_to
from s4jr.accounts.requests import SignedInRequest


@of_one_term
@require_safe
def skills(request: SignedInRequest, term: Representative) -> HttpResponse:
    page = skills_shown_to(term, request)
    seen = {"term": term, "page": page, "taught": [one for one in page if one.is_taught]}
    seen["wanted"] = [one for one in page if not one.is_taught]
    return render(request, "members/skills/shared_skills.html", seen)


@of_one_term
def ask(request: SignedInRequest, term: Representative, pk: uuid.UUID) -> HttpResponse:
    skill = shown_skill(term, pk, request.user)
    if skill is None:
        raise Http404
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        asked = ask_about(pk, term, form.cleaned_data["message"])
        if asked is not Asked.TOO_MANY:
            _say_what_happened(request, asked)
            return redirect("representative_skills", term.pk)
        form.add_error(None, _("You asked ten questions today. Ask this one tomorrow."))
    return render(request, "members/skills/ask.html", {"term": term, "skill": skill, "form": form})


def _say_what_happened(request: SignedInRequest, asked: Asked) -> None:
    if asked is Asked.ASKED:
        messages.success(request, _("We passed your question on. The answer will be on this page."))
    else:
        messages.error(request, _("Nothing was sent. You can’t ask about this topic right now."))


@require_POST
@of_one_term
def withdraw(request: SignedInRequest, term: Representative, pk: uuid.UUID) -> HttpResponse:
    if withdraw_questions(SkillRequest.objects.asked_by(request.user).filter(pk=pk)):
        messages.success(request, _("You took your question back."))
    return redirect("representative_skills", term.pk)


@of_one_term
@require_safe
def plan(request: SignedInRequest, term: Representative, pk: uuid.UUID) -> HttpResponse:
    """After a yes: the form of a new meeting, filled in as a skill share about the topic."""
    mine = SkillRequest.objects.asked_by(request.user).filter(state=SkillRequest.State.YES)
    question = get_object_or_404(mine, pk=pk)
    skill = shown_skill(term, question.skill_id, request.user)
    if skill is None:
        raise Http404
    return show_new_form(request, _meeting_about(skill.topic, term))


def _meeting_about(topic: str, term: Representative) -> dict[str, Any]:
    whose = f"{CHAPTER}{term.chapter_id}" if term.chapter_id else term.region
    kind, audience = MeetingSeries.Kind.SKILL_SHARE, MeetingSeries.Audience.MEMBERS
    return {"title": capfirst(topic), "whose": whose, "kind": kind, "audience": audience}
