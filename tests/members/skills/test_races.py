"""A member takes a topic back while a representative asks about it: the member's word is the last one."""

import pytest

from members.models import Skill, SkillRequest
from members.skills.services import Asked, ask_about, delete_skills, stop_sharing_skills
from tests.members.skills.people import MESSAGE, orla, skill_of, welcomed
from tests.races import while_uncommitted

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]


def while_a_question_is_asked(act, skill, term):
    """What `act` returns, run after the question is written and before it is committed."""

    def ask():
        assert ask_about(skill.pk, term, MESSAGE) is Asked.ASKED

    return while_uncommitted(ask, lambda: act(Skill.objects.filter(pk=skill.pk)))


def test_no_question_is_open_about_a_topic_that_is_not_shared_anymore():
    skill, term = skill_of(welcomed()), orla()
    assert while_a_question_is_asked(stop_sharing_skills, skill, term) == 1
    assert list(SkillRequest.objects.values_list("state", "skill__is_shared")) == [("withdrawn", False)]


def test_a_deleted_topic_is_gone_with_the_question():
    skill, term = skill_of(welcomed()), orla()
    assert while_a_question_is_asked(delete_skills, skill, term) == 1
    assert (Skill.objects.count(), SkillRequest.objects.count()) == (0, 0)
