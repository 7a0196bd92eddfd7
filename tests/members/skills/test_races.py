"""A member takes a topic back while a representative asks about it: the member's word is the last one."""

import threading

import pytest
from django.db import connection, transaction

from members.models import Skill, SkillRequest
from members.skills.services import Asked, ask_about, delete_skills, stop_sharing_skills
from tests.members.skills.people import MESSAGE, orla, skill_of, welcomed

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]


def is_waiting():
    """Whether another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def while_a_question_is_asked(act, skill, term):
    """What `act` returns, run after the question is written and before it is committed."""
    done = []

    def run():
        try:
            done.append(act(Skill.objects.filter(pk=skill.pk)))
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        assert ask_about(skill.pk, term, MESSAGE) is Asked.ASKED
        thread.start()
        while thread.is_alive() and not is_waiting():
            pass
    thread.join()
    return done


def test_no_question_is_open_about_a_topic_that_is_not_shared_anymore():
    skill, term = skill_of(welcomed()), orla()
    assert while_a_question_is_asked(stop_sharing_skills, skill, term) == [1]
    assert list(SkillRequest.objects.values_list("state", "skill__is_shared")) == [("withdrawn", False)]


def test_a_deleted_topic_is_gone_with_the_question():
    skill, term = skill_of(welcomed()), orla()
    assert while_a_question_is_asked(delete_skills, skill, term) == [1]
    assert (Skill.objects.count(), SkillRequest.objects.count()) == (0, 0)
