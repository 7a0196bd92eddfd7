"""What members see of their own skills and of the questions about them. Only a session that shows everything does."""

from operator import attrgetter
from typing import Any, NamedTuple

from members.applications.status_code import WELCOMED
from members.models import Member, Skill, SkillRequest
from members.self_service.access_levels import Reach
from members.self_service.sharing import audiences_of
from members.skills.services import SKILLS_AT_MOST
from members.skills.small_places import small_audiences_of
from s4jr.crypto.fields import readable_rows, shown


class Question(NamedTuple):
    """An open question, in words."""

    row: SkillRequest
    place: str
    kind: str
    topic: str
    message: str


def has_questions(member: Member, reach: Reach) -> bool:
    """Whether the page says that a question waits. A code or a link alone does not learn that there is any."""
    return reach is Reach.WHOLE and SkillRequest.objects.of([member]).to_answer().exists()


def skills_page(member: Member, reach: Reach) -> dict[str, Any]:
    """Template context of the member's page about skills."""
    if reach is not Reach.WHOLE:
        return {"is_hidden": True}
    skills = list(member.skills.order_by("-kind", "pk"))
    return {
        "skills": [(skill, shown(skill, "topic")) for skill in skills],
        "questions": _questions_to(member),
        "audiences": audiences_of(member),
        "few": small_audiences_of(member),
        "may_add": len(skills) < SKILLS_AT_MOST,
    }


def _questions_to(member: Member) -> list[Question]:
    rows = SkillRequest.objects.of([member]).to_answer().select_related("skill", "by__chapter").order_by("asked_on")
    readable = readable_rows(rows, lambda row: (row.message, row.skill.topic))
    return [Question(row, row.by.place, row.skill.get_kind_display(), row.skill.topic, row.message) for row in readable]


def in_words(skill: Skill) -> str:
    """ "I can teach: bread baking"."""
    return f"{skill.get_kind_display()}: {shown(skill, 'topic')}"


def words_of_all(member: Member) -> str:
    """All topics of a member, one a line."""
    return "\n".join(in_words(skill) for skill in member.skills.order_by("-kind", "pk"))


def words_as_shown(member: Member) -> str:
    """The topics that their representatives see, one a line; "" if none."""
    seen = Skill.objects.of([member]).shared().order_by("-kind", "pk")
    is_seen = member.status in WELCOMED and bool(audiences_of(member))
    return "\n".join(in_words(skill) for skill in readable_rows(seen, attrgetter("topic"))) if is_seen else ""
