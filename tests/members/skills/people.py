"""Members with topics, and the representative of Ontario who asks about them."""

from members.models import Skill, SkillRequest
from members.skills.services import ask_about
from tests import cast
from tests.chapters import cast as chapters_cast

TOPIC, MESSAGE = "a canary topic: whittling", "a canary message: would Mondays do?"


def welcomed(**answers):
    """Rosalind of Ontario, an approved member; arguments replace any answer."""
    member = cast.waiting(**answers)
    cast.put(member, "approved")
    member.refresh_from_db()
    return member


def skill_of(member, topic=TOPIC, kind="teach", *, is_shared=True):
    return Skill.objects.create(member=member, kind=kind, topic=topic, is_shared=is_shared)


def orla(**fields):
    """The representative of Ontario."""
    return chapters_cast.representative(**fields)


def asked(skill, term, message=MESSAGE):
    """The open question of this representative about a topic."""
    ask_about(skill.pk, term, message)
    return SkillRequest.objects.get(skill=skill, by=term, state="asked")
