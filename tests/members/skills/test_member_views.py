"""A member's page about their topics: what it shows, to which session, and what each button does."""

import pytest

from members.models import Skill, SkillRequest
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.members.self_service.visitors import Visitor
from tests.members.skills.people import MESSAGE, TOPIC, asked, orla, skill_of, welcomed
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
PAGE = "/my-details/skills/"


@pytest.fixture
def member():
    return welcomed()


@pytest.fixture
def owner(member):
    """Rosalind's browser, with everything shown: a link, for someone whose inbox is her own."""
    visitor = Visitor()
    visitor.by_link(member)
    return visitor.client


def press(client, address):
    return client.post(address, follow=True).content.decode()


def page_of(client):
    return client.get(PAGE).content.decode()


def texts_of(client):
    """The words of both pages that would tell."""
    pages = (Page(client.get(page).content.decode()) for page in ("/my-details/", PAGE))
    return [words(page.one(tag="main")) for page in pages]


def test_a_topic_is_added_and_shared_with_no_one(owner):
    answer = owner.post(PAGE, {"kind": "teach", "topic": TOPIC})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = page_of(owner)
    assert (TOPIC in page, "Only you can see this." in page, Skill.objects.get().is_shared) == (True, True, False)


@pytest.mark.parametrize("topic", [
    "", "write to me@mailbox.example", "see www.heron.example", "call +1 416 555 0100", "x" * 121, "\u2800",
])  # fmt: skip
def test_a_topic_with_contact_details_or_too_long_is_refused(owner, topic):
    answer = owner.post(PAGE, {"kind": "teach", "topic": topic})
    assert (answer.status_code, Skill.objects.count()) == (200, 0)


def test_the_eleventh_topic_is_refused_with_a_reason(owner, member):
    for number in range(10):
        skill_of(member, f"topic {number}")
    page = owner.post(PAGE, {"kind": "teach", "topic": TOPIC}).content.decode()
    assert ("You already have ten topics. Delete one to add another." in page, Skill.objects.count()) == (True, 10)


@pytest.mark.parametrize(("word", "is_shared", "count"), [
    ("share", True, 1), ("stop-sharing", False, 1), ("delete", None, 0),
])  # fmt: skip
def test_each_button_does_what_it_says(owner, member, word, is_shared, count):
    skill = skill_of(member, is_shared=word == "stop-sharing")
    press(owner, f"{PAGE}{skill.pk}/{word}/")
    assert list(Skill.objects.values_list("is_shared", flat=True)) == [is_shared] * count


def test_another_members_topic_and_question_do_not_move(owner):
    other = welcomed(email="other@mailbox.example")
    skill = skill_of(other)
    question = asked(skill, orla())
    press(owner, f"{PAGE}{skill.pk}/delete/")
    press(owner, f"{PAGE}questions/{question.pk}/yes/")
    assert list(SkillRequest.objects.values_list("skill", "state")) == [(skill.pk, "asked")]


def test_before_sharing_in_a_small_place_the_page_warns(owner, member):
    skill_of(member, is_shared=False)
    warning = "Ontario has only a few members"
    few = warning in page_of(owner)
    for number in range(4):
        welcomed(email=f"other{number}@mailbox.example")
    assert (few, warning in page_of(owner)) == (True, False)


def test_someone_without_a_place_is_told_what_sharing_needs():
    member = welcomed(country="", region="")
    visitor = Visitor()
    visitor.by_link(member)
    skill_of(member, is_shared=False)
    page = page_of(visitor.client)
    assert ("first enter your place or your chapter" in page, ">Share<" in page) == (True, False)


@pytest.mark.parametrize(("word", "state"), [("yes", "yes"), ("no", "no")])
def test_a_question_is_shown_with_its_place_and_answered(owner, member, word, state):
    question = asked(skill_of(member), orla())
    first, page = owner.get("/my-details/").content.decode(), page_of(owner)
    assert "A representative has a question for you" in first
    said = [words in page for words in (MESSAGE, TOPIC, "The representative of Ontario asks you", "Orla")]
    assert said == [True, True, True, False]
    after = press(owner, f"{PAGE}questions/{question.pk}/{word}/")
    question.refresh_from_db()
    assert (question.state, MESSAGE in after) == (state, False)


class TestWithLessThanEverything:
    """A code alone, and a link alone for a discreet member, show no topic and no question, nor that there is any."""

    @pytest.fixture(params=["code", "link"])
    def visit(self, request):
        member = welcomed(contact="discreet")
        visitor = Visitor()
        if request.param == "code":
            visitor.by_code(code_of_form(member.form_token))
        else:
            visitor.by_link(member)
        return visitor.client, member

    def test_nothing_tells_whether_there_is_a_topic_or_a_question(self, visit):
        client, member = visit
        term = orla()
        before = texts_of(client)
        asked(skill_of(member), term)
        assert texts_of(client) == before

    def test_no_button_works_but_the_one_that_deletes_everything(self, visit):
        client, member = visit
        skill = skill_of(member)
        question = asked(skill, orla())
        client.post(PAGE, {"kind": "teach", "topic": "another"})
        refused = [client.post(f"{PAGE}{part}/").status_code for part in (
            f"{skill.pk}/stop-sharing", f"{skill.pk}/delete", f"questions/{question.pk}/yes",
        )]  # fmt: skip
        held = (Skill.objects.count(), SkillRequest.objects.get().state)
        press(client, f"{PAGE}delete-all/")
        assert (refused, held, Skill.objects.count()) == ([404] * 3, (1, "asked"), 0)


def test_only_members_have_the_page(owner, member):
    cast.put(member, "left")
    assert owner.get(PAGE).status_code == 404


def test_without_a_session_the_page_leads_to_the_way_in(client):
    assert client.get(PAGE)["Location"] == "/my-details/"
