"""Members keep ten topics for themselves or share them; a representative asks, and a no is respected for 90 days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from chapters.models import Representative
from members.models import Member, Skill, SkillRequest
from members.purge import purge
from members.self_service import membership
from members.self_service.services import change_answers
from members.skills.services import (
    QUESTIONS_A_DAY,
    Asked,
    add_skill,
    answer_questions,
    ask_about,
    delete_skills,
    share_skills,
    stop_sharing_skills,
    withdraw_questions,
)
from s4jr.mail.models import OutgoingEmail
from tests import cast
from tests.chapters import cast as chapters_cast
from tests.members.skills.people import MESSAGE, TOPIC, asked, orla, skill_of, welcomed

pytestmark = pytest.mark.django_db
State = SkillRequest.State


@pytest.fixture
def member():
    return welcomed()


@pytest.fixture
def term():
    return orla()


def days_ago(days):
    return timezone.now().date() - timedelta(days=days)


def answered(question, state, on=None):
    SkillRequest.objects.filter(pk=question.pk).update(state=state, answered_on=on or days_ago(0))


def emails():
    return list(OutgoingEmail.objects.filter(kind="question-waits"))


class TestTopics:
    def test_a_new_topic_is_shared_with_no_one(self, member, term):
        assert add_skill(member, "teach", TOPIC) is True
        assert (Skill.objects.get().is_shared, list(Skill.objects.shown_to(term))) == (False, [])

    def test_the_database_holds_no_topic_and_no_message_in_clear(self, member, term):
        asked(skill_of(member), term)
        with connection.cursor() as cursor:
            cursor.execute("SELECT topic FROM members_skill UNION ALL SELECT message FROM members_skillrequest")
            held = [value for (value,) in cursor.fetchall()]
        assert [value.startswith("v1.") and "canary" not in value for value in held] == [True, True]

    def test_an_eleventh_topic_is_refused(self, member):
        assert [add_skill(member, "learn", f"topic {n}") for n in range(11)] == [True] * 10 + [False]
        assert Skill.objects.count() == 10

    def test_the_same_topic_sent_twice_is_one(self, member):
        assert [add_skill(member, "teach", TOPIC) for _twice in range(2)] == [True, True]
        assert add_skill(member, "learn", TOPIC) is True
        assert sorted(Skill.objects.values_list("kind", flat=True)) == ["learn", "teach"]

    def test_sharing_and_stopping_count_what_they_change(self, member):
        skill_of(member, is_shared=False)
        mine = Skill.objects.of([member])
        assert [share_skills(mine), share_skills(mine)] == [1, 0]
        assert [stop_sharing_skills(mine), stop_sharing_skills(mine)] == [1, 0]

    def test_no_longer_sharing_takes_open_questions_back(self, member, term):
        question = asked(skill_of(member), term)
        stop_sharing_skills(Skill.objects.of([member]))
        question.refresh_from_db()
        assert question.state == State.WITHDRAWN

    def test_a_deleted_topic_takes_its_questions_along(self, member, term):
        asked(skill_of(member), term)
        assert (delete_skills(Skill.objects.of([member])), SkillRequest.objects.count()) == (1, 0)


class TestWhoSeesThem:
    @pytest.mark.parametrize("status", ["waiting", "on_hold", "declining", "declined", "left", "lapsed", "closed"])
    def test_only_topics_of_approved_members_are_shown(self, member, term, status):
        skill_of(member)
        cast.put(member, status)
        assert list(Skill.objects.shown_to(term)) == []

    def test_a_pause_hides_them_until_it_ends(self, member, term):
        skill = skill_of(member)
        membership.pause(member.row)
        during = list(Skill.objects.shown_to(term))
        membership.end_pause(member.row)
        assert (during, list(Skill.objects.shown_to(term))) == ([], [skill])

    def test_each_representative_sees_those_of_their_own_place_or_chapter(self):
        lakeside, riverside = chapters_cast.chapter(), chapters_cast.chapter(slug="riverside", name="Riverside")
        skill = skill_of(welcomed(chapter=lakeside))
        terms = [
            orla(), chapters_cast.representative("q", place="CA-QC"), chapters_cast.representative("c", place="CA"),
            chapters_cast.of_chapter(lakeside), chapters_cast.of_chapter(riverside, "r"),
        ]  # fmt: skip
        assert [list(Skill.objects.shown_to(term)) == [skill] for term in terms] == [True, False, False, True, False]

    def test_a_country_without_regions_is_a_place(self):
        skill = skill_of(welcomed(country="DE", region=""))
        assert list(Skill.objects.shown_to(chapters_cast.representative(place="DE"))) == [skill]

    def test_leaving_deletes_them_with_their_questions(self, member, term):
        asked(skill_of(member), term)
        membership.leave(member.row)
        assert (Skill.objects.count(), SkillRequest.objects.count()) == (0, 0)

    def test_moving_stops_sharing(self, member, term):
        question = asked(skill_of(member), term)
        change_answers(member.row, country="CA", region="CA-QC", chapter=None)
        question.refresh_from_db()
        assert (Skill.objects.get().is_shared, question.state) == (False, State.WITHDRAWN)

    def test_saving_the_same_place_again_keeps_sharing(self, member):
        skill_of(member)
        change_answers(member.row, country="CA", region="CA-ON", chapter=None)
        assert Skill.objects.get().is_shared is True


class TestAsking:
    def test_a_question_is_kept_and_one_neutral_email_says_so(self, member, term):
        skill = skill_of(member)
        assert ask_about(skill.pk, term, MESSAGE) is Asked.ASKED
        [email] = emails()
        said = email.subject + email.body
        assert SkillRequest.objects.get().message == MESSAGE
        assert (email.to, email.about) == (cast.ADDRESS, member.about)
        assert [words in said for words in (TOPIC, MESSAGE, "Ontario", "Orla", "skill", member.number)] == [False] * 6

    def test_a_discreet_member_gets_a_discreet_email(self, term):
        ask_about(skill_of(welcomed(contact="discreet")).pk, term, MESSAGE)
        [email] = emails()
        assert (email.subject, "coalition" in email.body, "question" in email.body) == ("Something new", False, False)

    def test_a_member_who_is_never_emailed_finds_the_question_on_the_page_only(self, term):
        question = asked(skill_of(welcomed(contact="none", email="")), term)
        assert (question.state, emails()) == (State.ASKED, [])

    def test_a_second_question_sends_no_second_email_while_one_waits(self, member, term):
        first = asked(skill_of(member), term)
        asked(skill_of(member, "knots"), term)
        before = len(emails())
        answer_questions(SkillRequest.objects.all(), yes=True)
        asked(skill_of(member, "bread"), term)
        assert (before, len(emails()), first.state) == (1, 2, State.ASKED)

    def test_a_topic_that_is_not_shared_can_not_be_asked_about(self, member, term):
        hidden, elsewhere = skill_of(member, is_shared=False), chapters_cast.representative("q", place="CA-QC")
        shared = skill_of(member)
        said = [ask_about(hidden.pk, term, MESSAGE), ask_about(shared.pk, elsewhere, MESSAGE)]
        assert (said, SkillRequest.objects.count()) == ([Asked.CLOSED, Asked.CLOSED], 0)

    def test_one_representative_has_one_open_question_about_a_topic(self, member, term):
        skill = skill_of(member)
        assert [ask_about(skill.pk, term, MESSAGE) for _twice in range(2)] == [Asked.ASKED, Asked.CLOSED]

    def test_the_eleventh_question_of_a_day_is_refused(self, member, term):
        skills = [skill_of(member, f"topic {number}") for number in range(11)]
        said = [ask_about(skill.pk, term, MESSAGE) for skill in skills]
        assert (said, QUESTIONS_A_DAY) == ([Asked.ASKED] * 10 + [Asked.TOO_MANY], "10/d")

    def test_a_question_that_was_taken_back_can_be_asked_again_the_next_day(self, member, term):
        skill = skill_of(member)
        question = asked(skill, term)
        assert withdraw_questions(SkillRequest.objects.asked_by(term.user)) == 1
        today = ask_about(skill.pk, term, MESSAGE)
        answered(question, State.WITHDRAWN, days_ago(1))
        assert (today, ask_about(skill.pk, term, MESSAGE)) == (Asked.CLOSED, Asked.ASKED)


class TestAnswering:
    @pytest.mark.parametrize(("yes", "state"), [(True, State.YES), (False, State.NO)])
    def test_an_answer_counts_once(self, member, term, yes, state):
        question = asked(skill_of(member), term)
        mine = SkillRequest.objects.of([member])
        assert [answer_questions(mine, yes=yes), answer_questions(mine, yes=not yes)] == [1, 0]
        question.refresh_from_db()
        assert (question.state, question.answered_on) == (state, days_ago(0))

    def test_a_question_of_someone_who_no_longer_serves_is_not_answered(self, member, term):
        asked(skill_of(member), term)
        Representative.objects.update(begins_on=days_ago(30), ends_on=days_ago(10))
        assert answer_questions(SkillRequest.objects.all(), yes=True) == 0

    @pytest.mark.parametrize(("days", "said"), [(0, Asked.CLOSED), (89, Asked.CLOSED), (90, Asked.ASKED)])
    def test_no_one_asks_again_within_90_days_of_a_no(self, member, term, days, said):
        skill = skill_of(member)
        answered(asked(skill, term), State.NO, days_ago(days))
        other = chapters_cast.representative("odalys")
        assert [ask_about(skill.pk, one, MESSAGE) for one in (term, other)] == [said, said]


class TestRetention:
    @pytest.mark.parametrize(("state", "days", "left"), [
        ("yes", 89, 1), ("yes", 90, 0), ("no", 90, 0), ("withdrawn", 90, 0), ("asked", 89, 1), ("asked", 90, 0),
    ])  # fmt: skip
    def test_questions_are_deleted_90_days_after_the_answer_or_the_question(self, member, term, state, days, left):
        question, day = asked(skill_of(member), term), days_ago(days)
        on = {"asked_on": day} if state == "asked" else {"asked_on": days_ago(200), "answered_on": day}
        SkillRequest.objects.filter(pk=question.pk).update(state=state, **on)
        purge()
        assert (SkillRequest.objects.count(), Skill.objects.count()) == (left, 1)

    def test_the_topics_of_an_erased_member_go_with_them(self, member, term):
        asked(skill_of(member), term)
        Member.objects.all().delete()
        assert (Skill.objects.count(), SkillRequest.objects.count()) == (0, 0)
