"""A representative sees topics without names, asks through the site, and plans a skill share after a yes."""

import pytest
from django.test import Client
from django.urls import reverse

from chapters.models import MeetingSeries
from chapters.representatives.providers import skills_link
from members.models import Member, SkillRequest
from members.rsvps.page_context import may_come_to
from members.skills.services import answer_questions
from s4jr.audit.models import AccessLog
from tests import cast as members
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import said as meeting_answers
from tests.chapters.representatives import people
from tests.members.skills.people import MESSAGE, TOPIC, asked, skill_of, welcomed
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(client):
    return people.signed_in_representative(client)


@pytest.fixture
def member():
    return welcomed(pronouns="ze/hir", ways_to_help="policy", access_needs="captions, please")


def page_of(client, term, **more):
    return client.get(reverse("representative_skills", args=[term.pk]), more).content.decode()


def ask_page(term, skill):
    return reverse("representative_skill_ask", args=[term.pk, skill.pk])


def plan_page(term, question):
    return reverse("representative_skill_plan", args=[term.pk, question.pk])


def said_yes(skill, term):
    question = asked(skill, term)
    answer_questions(SkillRequest.objects.filter(pk=question.pk), yes=True)
    return question


def test_the_pages_never_contain_a_name_number_or_address(client, term, member):
    skill = skill_of(member)
    pages = [page_of(client, term), client.get(ask_page(term, skill)).content.decode()]
    question = said_yes(skill, term)
    pages += [page_of(client, term), client.get(plan_page(term, question)).content.decode()]
    who = [
        members.NAME, "Rosalind", members.ADDRESS, "mailbox.example", member.number, members.MESSAGE, "ze/hir",
        "captions, please", f"/{member.pk}/", member.email_index,
    ]  # fmt: skip
    assert [TOPIC in page.replace("A canary", "a canary") for page in pages] == [True] * 4
    assert [said for page in pages for said in who if said in page] == []


def test_topics_of_one_member_have_nothing_in_common(client, term, member):
    """Their random keys do not follow each other, and no order tells when they were added."""
    made = [skill_of(member, topic) for topic in ("zithers", "apples", "Moss")]
    page = page_of(client, term)
    assert [topic for topic in ("apples", "Moss", "zithers") if topic in page] == sorted(
        ("apples", "Moss", "zithers"), key=page.index
    )
    assert {skill.pk.version for skill in made} == {4}


def test_only_shared_topics_are_shown_by_what_they_are_for(client, term, member):
    skill_of(member, "bread", "teach"), skill_of(member, "knots", "learn"), skill_of(member, "hid", is_shared=False)
    page = page_of(client, term)
    order = ["Can teach", "bread", "Would like to learn", "knots"]
    assert (sorted(order, key=page.index), "hid<" in page) == (order, False)


def test_another_place_sees_and_asks_nothing(client, member):
    quebec = people.signed_in_representative(client, place="CA-QC")
    skill = skill_of(member)
    answers = [client.get(ask_page(quebec, skill)), client.post(ask_page(quebec, skill), {"message": MESSAGE})]
    assert TOPIC not in page_of(client, quebec)
    assert ([answer.status_code for answer in answers], SkillRequest.objects.count()) == ([404, 404], 0)


def test_someone_elses_term_is_not_found(client, term):
    other = cast.representative("odalys")
    assert client.get(reverse("representative_skills", args=[other.pk])).status_code == 404


def test_a_question_is_asked_taken_back_and_closed_for_the_day(client, term, member):
    skill = skill_of(member)
    answer = client.post(ask_page(term, skill), {"message": MESSAGE})
    waits = page_of(client, term)
    question = SkillRequest.objects.get()
    assert (answer["Location"], question.message, question.by) == (
        reverse("representative_skills", args=[term.pk]), MESSAGE, term,
    )  # fmt: skip
    assert "You asked. There’s no answer yet." in waits
    client.post(reverse("representative_skill_withdraw", args=[term.pk, question.pk]))
    question.refresh_from_db()
    assert (question.state, "Take my question back" in page_of(client, term)) == ("withdrawn", False)


@pytest.mark.parametrize("message", ["", "me@mailbox.example", "see https://heron.example", "416 555 0100", "x" * 501])
def test_a_message_with_contact_details_or_too_long_is_refused(client, term, member, message):
    answer = client.post(ask_page(term, skill_of(member)), {"message": message})
    assert (answer.status_code, SkillRequest.objects.count()) == (200, 0)


def test_the_eleventh_question_of_a_day_is_refused_with_a_reason(client, term, member):
    for number in range(10):
        asked(skill_of(member, f"topic {number}"), term)
    page = client.post(ask_page(term, skill_of(member)), {"message": MESSAGE}).content.decode()
    assert ("You asked ten questions today." in page, MESSAGE in page) == (True, True)


def test_a_representative_does_not_take_back_the_question_of_another(client, term, member):
    question = asked(skill_of(member), cast.representative("odalys"))
    client.post(reverse("representative_skill_withdraw", args=[term.pk, question.pk]))
    question.refresh_from_db()
    assert question.state == "asked"


@pytest.mark.parametrize(("yes", "said"), [(True, "The member said yes."), (False, "The member said no thanks.")])
def test_the_answer_is_shown(client, term, member, yes, said):
    asked(skill_of(member), term)
    answer_questions(SkillRequest.objects.all(), yes=yes)
    page = page_of(client, term)
    assert (said in page, "Plan a skill share" in page, "Ask about it" in page) == (True, yes, False)


def test_a_no_to_another_representative_is_not_told(client, term, member):
    asked(skill_of(member), cast.representative("odalys"))
    answer_questions(SkillRequest.objects.all(), yes=False)
    page = page_of(client, term)
    assert ("You can’t ask about this topic right now." in page, "said no" in page) == (True, False)


class TestPlanning:
    def test_after_a_yes_one_press_opens_the_form_of_a_skill_share(self, client, term, member):
        question = said_yes(skill_of(member, "bread baking"), term)
        form = client.get(plan_page(term, question)).context["form"]
        values = {name: form[name].value() for name in ("title", "kind", "whose", "audience")}
        assert values == {
            "title": "Bread baking", "kind": "skill_share", "whose": "CA-ON", "audience": "members",
        }  # fmt: skip

    def test_a_longest_topic_fits_the_title(self, client, term, member):
        question = said_yes(skill_of(member, "x" * 120), term)
        assert len(client.get(plan_page(term, question)).context["form"]["title"].value()) == 120

    def test_for_a_chapter_it_is_a_meeting_of_the_chapter(self, client, term):
        lakeside = cast.chapter()
        of_lakeside = cast.of_chapter(lakeside, user=term.user)
        question = said_yes(skill_of(welcomed(chapter=lakeside)), of_lakeside)
        form = client.get(plan_page(of_lakeside, question)).context["form"]
        assert form["whose"].value() == f"chapter:{lakeside.pk}"

    def test_the_member_finds_the_planned_meeting_with_theirs(self, client, term, member):
        question = said_yes(skill_of(member, "bread baking"), term)
        page = client.get(plan_page(term, question))
        form, address = page.context["form"], reverse("manage_new")
        filled = {name: form[name].value() for name in ("title", "kind", "whose", "audience")}
        client.post(address, {**meeting_answers(), **filled, "step": "publish"})
        assert f'action="{address}"' in page.content.decode()
        assert may_come_to(member).upcoming().first().title == "Bread baking"

    @pytest.mark.parametrize("state", ["asked", "no", "withdrawn"])
    def test_without_a_yes_there_is_no_such_form(self, client, term, member, state):
        question = asked(skill_of(member), term)
        day = None if state == "asked" else cast.today()
        SkillRequest.objects.update(state=state, answered_on=day)
        assert client.get(plan_page(term, question)).status_code == 404

    def test_a_yes_to_another_representative_opens_nothing(self, client, term, member):
        question = said_yes(skill_of(member), cast.representative("odalys"))
        assert client.get(plan_page(term, question)).status_code == 404

    def test_a_topic_that_is_no_longer_shared_opens_nothing(self, client, term, member):
        question = said_yes(skill_of(member), term)
        member.skills.update(is_shared=False)
        assert (client.get(plan_page(term, question)).status_code, MeetingSeries.objects.count()) == (404, 0)


class TestTheAccessLog:
    def test_it_says_whose_topics_were_shown_to_whom_once_a_page(self, client, term, member):
        skill_of(member), skill_of(member, "knots")
        page_of(client, term)
        rows = AccessLog.objects.filter(object_kind="members.member", action="opened")
        assert list(rows.values_list("who", "object_id", "field_names")) == [("orla", member.log_id, "skills")]

    def test_a_page_of_one_topic_is_written_too(self, client, term, member):
        client.get(ask_page(term, skill_of(member)))
        assert AccessLog.objects.filter(object_id=member.log_id, field_names="skills").count() == 1

    def test_shows_a_representative_no_entry_that_tells_whose_topic_they_opened(self, client, term, member):
        nadia, ada = Client(), Client()
        own = cast.representative(user=make.signed_in_staff(nadia, "nadia"))
        make.signed_in_staff(ada, "ada")
        assert nadia.get(ask_page(own, skill_of(member))).status_code == 200
        where = reverse("admin:audit_accesslog_changelist")
        shown = [member.number in who.get(where, follow=True).content.decode() for who in (nadia, ada)]
        assert shown == [False, True]


class TestManyTopics:
    def create(self, number):
        chapter = cast.one_of_many_chapters(number)
        member = welcomed(email=f"rosalind.{number}@mailbox.example", chapter=chapter)
        skill = skill_of(member, f"topic {number}", kind=("teach", "learn")[number % 2])
        asked(skill, cast.representative(f"odalys{number}"))
        if number % 3 == 0:
            SkillRequest.objects.filter(skill=skill).update(state="no", answered_on=cast.today())

    def test_thirty_take_as_many_queries_as_one_and_are_paginated(self, client, term):
        one, thirty = for_one_and_thirty(self.create, lambda: page_of(client, term))
        shown = [page_of(client, term, page=number).count('id="topic-') for number in (1, 2)]
        assert (one, shown) == (thirty, [25, 5])


def test_the_first_page_of_a_representative_says_how_many_said_yes(client, term, member, rf):
    said_yes(skill_of(member), term)
    asked(skill_of(member, "knots"), term)
    page = client.get(reverse("representative_term", args=[term.pk])).content.decode()
    assert "1 of your questions got a yes" in page
    Member.objects.update(status="left", left_on=cast.today())
    assert skills_link.call(rf.get("/"), term).yes == 0
