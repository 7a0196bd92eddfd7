"""Services for skills, by members, and for the questions about them, by representatives.

All of one member's changes wait for a lock on that member's row: no limit is passed by two at once, and no question
stays open about a topic that is not shared anymore.
"""

import uuid
from enum import Enum, auto

from django.db import transaction
from django.utils import timezone

from chapters.models import Representative
from members.models import Member, Skill, SkillRequest
from members.skills import emails
from members.skills.querysets import SkillQuerySet, SkillRequestQuerySet
from s4jr.crypto.fields import readable
from s4jr.mail.services import queue_emails
from s4jr.security.ratelimit import spend

SKILLS_AT_MOST = 10
QUESTIONS_A_DAY = "10/d"


class Asked(Enum):
    """What became of a question."""

    ASKED = auto()
    #: The topic is not shared with them anymore, or this user may not ask about it now.
    CLOSED = auto()
    TOO_MANY = auto()


# --- by members


@transaction.atomic
def add_skill(member: Member, kind: str, topic: str) -> bool:
    """Add a topic, shared with no one. The same topic again stays one. Returns False if the member has ten."""
    _lock_member(member.pk)
    held = list(member.skills.all())
    if any(skill.kind == kind and readable(skill, "topic") == topic for skill in held):
        return True
    if len(held) >= SKILLS_AT_MOST:
        return False
    Skill.objects.create(member=member, kind=kind, topic=topic)
    return True


def share_skills(skills: SkillQuerySet) -> int:
    """Let the representatives of the members' places and chapters see these topics. Returns how many changed."""
    return skills.filter(is_shared=False).update(is_shared=True)


def stop_sharing_skills(skills: SkillQuerySet) -> int:
    """No one else sees these topics from now on, and open questions about them are taken back. Returns how many."""
    with transaction.atomic():
        _lock_owners(skills)
        withdraw_questions(SkillRequest.objects.filter(skill__in=skills.values("pk")))
        return skills.filter(is_shared=True).update(is_shared=False)


def delete_skills(skills: SkillQuerySet) -> int:
    """Delete these topics with every question about them. Returns how many topics."""
    with transaction.atomic():
        _lock_owners(skills)
        return skills.delete()[1].get(Skill._meta.label, 0)


def answer_questions(questions: SkillRequestQuerySet, *, yes: bool) -> int:
    """Say yes or no thanks to open questions. Returns how many."""
    said = SkillRequest.State.YES if yes else SkillRequest.State.NO
    return questions.to_answer().update(state=said, answered_on=timezone.now().date())


# --- by representatives


@transaction.atomic
def ask_about(pk: uuid.UUID, term: Representative, message: str) -> Asked:
    """Ask the member who shares this topic. One neutral email says so, if nothing else waits for their answer."""
    found = Skill.objects.shown_to(term).filter(pk=pk).values_list("member", flat=True).first()
    if found is None:
        return Asked.CLOSED
    _lock_member(found)
    skill = Skill.objects.shown_to(term).filter(pk=pk).select_related("member").first()
    today = timezone.now().date()
    if skill is None or SkillRequest.objects.closing([pk], term.user, today).exists():
        return Asked.CLOSED
    if not spend("question about a skill", f"user {term.user_id}", QUESTIONS_A_DAY):
        return Asked.TOO_MANY
    has_others = SkillRequest.objects.of([skill.member]).to_answer().exists()
    question = SkillRequest.objects.create(skill=skill, by=term, message=message, asked_on=today)
    if skill.member.gets_emails and not has_others:
        queue_emails([emails.question(question)])
    return Asked.ASKED


def withdraw_questions(questions: SkillRequestQuerySet) -> int:
    """Take open questions back. Returns how many."""
    return questions.open().update(state=SkillRequest.State.WITHDRAWN, answered_on=timezone.now().date())


def _lock_member(pk: int) -> None:
    list(Member.objects.filter(pk=pk).select_for_update(of=("self",)).values_list("pk"))


def _lock_owners(skills: SkillQuerySet) -> None:
    """Waits for questions that are being asked about these topics."""
    owners = Member.objects.filter(pk__in=skills.values("member"))
    list(owners.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
