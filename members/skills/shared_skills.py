"""The topics that members share with the representatives of a place or chapter: never a name, number or address.

Topics come in the order of their random keys, which says nothing about who wrote them or when; on one page they are
sorted by their words.
"""

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone

from chapters.models import Representative
from members.models import Skill, SkillRequest
from members.skills.querysets import OPENED_NAME
from s4jr.accounts.models import User
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.fields import readable_rows
from s4jr.providers import Section

ON_A_PAGE = 25
#: The state of a topic that this representative may not ask about, for a reason that they do not learn.
CLOSED = "closed"


class SharedSkill(NamedTuple):
    """A topic as a representative sees it. `state`: that of their own last question, "closed", or ""."""

    pk: uuid.UUID
    topic: str
    is_taught: bool
    state: str
    question: uuid.UUID | None


@dataclass(frozen=True)
class SkillsLink(Section):
    """The link on the first page of a representative, with the number of yeses."""

    term: Representative
    yes: int


def skills_link(request: HttpRequest, term: Representative) -> SkillsLink:
    shown = Skill.objects.shown_to(term).values("pk")
    yes = SkillRequest.objects.filter(by=term, state=SkillRequest.State.YES, skill__in=shown)
    return SkillsLink("members/skills/_link.html", term, yes.count())


def skills_shown_to(term: Representative, request: SignedInRequest) -> Page:
    """A page of `SharedSkill`. Writes to the access log whose topics were shown to whom."""
    rows = Skill.objects.shown_to(term).select_related("member").order_by("pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = _opened(list(page.object_list), request.user)  # pyright: ignore[reportAttributeAccessIssue]
    return page


def shown_skill(term: Representative, pk: uuid.UUID, user: User) -> SharedSkill | None:
    """One topic, written to the access log like a page of them; None if it is not shared with them anymore."""
    rows = Skill.objects.shown_to(term).select_related("member").filter(pk=pk)
    return next(iter(_opened(list(rows), user)), None)


def _opened(skills: list[Skill], user: User) -> list[SharedSkill]:
    opened, members = AccessLog.Action.OPENED, {skill.member_id: skill.member for skill in skills}
    log_access(who=user, action=opened, records=members.values(), field_names=[OPENED_NAME])
    states = _states_of(skills, user)
    rows = readable_rows(skills, lambda skill: skill.topic)
    seen = [_seen(skill, *states.get(skill.pk, ("", None))) for skill in rows]
    return sorted(seen, key=lambda skill: (not skill.is_taught, skill.topic.casefold()))


def _seen(skill: Skill, state: str, question: uuid.UUID | None) -> SharedSkill:
    return SharedSkill(skill.pk, skill.topic, skill.kind == Skill.Kind.TEACH, state, question)


def _states_of(skills: list[Skill], user: User) -> dict[uuid.UUID, tuple[str, uuid.UUID | None]]:
    """By topic: the state of this user's own question, or that the topic is closed for now."""
    closing = SkillRequest.objects.closing([skill.pk for skill in skills], user, timezone.now().date())
    rows = closing.order_by("asked_on", "pk").values_list("skill", "pk", "state", "by__user")
    own = {skill: (state, pk) for skill, pk, state, by in rows if by == user.pk}
    return {skill: own.get(skill, (CLOSED, None)) for skill, _pk, _state, _by in rows}
