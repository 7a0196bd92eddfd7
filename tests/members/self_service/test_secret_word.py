"""The secret word: with link or code, it shows what the member wrote; without it, only that is hidden."""

import pytest
from django.contrib.auth.hashers import check_password

from members.models import Member
from members.self_service.secret_word import word_hash
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.members.self_service.visitors import Visitor

pytestmark = pytest.mark.django_db
WORD = "Heron  Lake"


@pytest.fixture
def with_word(member):
    Member.objects.update(word_hash=word_hash(WORD))
    member.refresh_from_db()
    return member


def give(client, word=WORD):
    return client.post("/my-details/", {"do": "give_word", "word": word}, follow=True).content.decode()


def test_it_is_set_with_link_and_code_and_stored_as_a_hash(client, member, come_in_by_both):
    come_in_by_both(member)
    client.post("/my-details/change/word/", {"word": WORD, "again": WORD})
    member.refresh_from_db()
    assert (check_password("heron lake", member.word_hash), "heron" in member.word_hash) == (True, False)
    assert cast.MESSAGE in client.get("/my-details/").content.decode()


@pytest.mark.parametrize(
    "answers",
    [
        {"word": "short", "again": "short"},
        {"word": WORD, "again": "another"},
        {"word": "short\u200b", "again": "short\u200b"},
        {"word": "\u2800" * 6, "again": "\u2800" * 6},
    ],
)
def test_it_has_six_characters_and_is_typed_twice(client, member, come_in_by_both, answers):
    """With link and code, because the word of a link alone is kept elsewhere at first."""
    come_in_by_both(member)
    client.post("/my-details/change/word/", answers)
    member.refresh_from_db()
    assert member.word_hash == ""


@pytest.mark.parametrize("pasted", ["\ufeffHeron  Lake\u200b", "He\u00adron Lake", "ｈｅｒｏｎ\u00a0ｌａｋｅ"])
def test_it_is_the_same_word_however_it_was_pasted(client, with_word, come_in_by_link, pasted):
    come_in_by_link(with_word)
    assert cast.MESSAGE in give(client, pasted)


@pytest.mark.parametrize("way", ["link", "code"])
class TestOnceItIsSet:
    @pytest.fixture
    def come_in(self, way, come_in_by_link, come_in_by_code):
        return come_in_by_link if way == "link" else come_in_by_code

    def test_without_it_only_the_status_and_withdrawing_are_available_and_no_answers(self, client, with_word, come_in):
        page = come_in(with_word).content.decode()
        hidden = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "captions", "Ontario", with_word.number]
        assert ("You’re a member. Welcome!" in page, [words for words in hidden if words in page]) == (True, [])
        assert client.get("/my-details/change/help/").url == "/my-details/"
        assert client.post("/my-details/press/leave/").status_code == 404
        client.post("/my-details/press/withdraw/")
        assert Member.objects.count() == 0

    def test_with_it_everything_is_shown(self, client, with_word, come_in):
        come_in(with_word)
        assert cast.MESSAGE in give(client, "  heron LAKE ")

    def test_a_wrong_word_opens_nothing(self, client, with_word, come_in):
        come_in(with_word)
        page = give(client, "heron pond")
        assert ("That isn’t the secret word you set. Check it and try again." in page, cast.MESSAGE in page) == (
            True,
            False,
        )

    def test_it_can_be_changed_and_removed(self, client, with_word, come_in):
        come_in(with_word)
        give(client)
        client.post("/my-details/change/word/", {"word": "another lake", "again": "another lake"})
        assert cast.MESSAGE in client.get("/my-details/").content.decode()
        client.post("/my-details/press/forget-word/")
        with_word.refresh_from_db()
        assert (with_word.word_hash, cast.MESSAGE in client.get("/my-details/").content.decode()) == ("", True)


def test_after_five_wrong_ones_the_right_one_must_wait_but_nothing_else(client, with_word, come_in_by_link):
    come_in_by_link(with_word)
    for _ in range(5):
        give(client, "heron pond")
    page = give(client)
    said = ["Try again in an hour", cast.MESSAGE, "You’re a member. Welcome!"]
    assert [words in page for words in said] == [True, False, True]
    client.post("/my-details/press/withdraw/")
    assert Member.objects.count() == 0


def test_right_ones_are_not_counted(client, with_word, come_in_by_code):
    for _ in range(7):
        come_in_by_code(with_word)
        assert cast.MESSAGE in give(client)


def test_wrong_attempts_for_another_member_do_not_count(client, with_word, come_in_by_code):
    other = cast.waiting(email="other@mailbox.example")
    Member.objects.filter(pk=other.pk).update(word_hash=word_hash(WORD))
    come_in_by_code(other)
    for _ in range(5):
        give(client, "heron pond")
    come_in_by_code(with_word)
    assert cast.MESSAGE in give(client)


def test_a_word_set_elsewhere_ends_earlier_visits(client, member, come_in_by_link):
    come_in_by_link(member)
    Member.objects.update(word_hash=word_hash(WORD))
    assert cast.MESSAGE not in client.get("/my-details/").content.decode()


def test_without_a_visit_no_word_is_tried(client, with_word):
    assert "You were signed out to keep you safe" in give(client)


class TestWrongWordsCountPerCredential:
    @pytest.fixture
    def guess_by_link(self, with_word):
        visitor = Visitor()
        visitor.by_link(with_word)
        for number in range(5):
            visitor.give(do="give_word", word=f"heron pond {number}")
        return visitor

    def test_an_email_link_cannot_lock_out_the_code(self, guess_by_link, with_word):
        owner = Visitor()
        owner.by_code(code_of_form(with_word.form_token))
        assert cast.MESSAGE in owner.give(do="give_word", word=WORD)

    def test_an_email_link_cannot_lock_out_link_and_code(self, guess_by_link, with_word):
        owner = Visitor()
        owner.by_link(with_word)
        owner.by_code(code_of_form(with_word.form_token))
        assert cast.MESSAGE in owner.give(do="give_word", word=WORD)

    def test_another_link_gives_no_further_attempts(self, guess_by_link, with_word):
        visitor = Visitor()
        visitor.by_link(with_word)
        page = visitor.give(do="give_word", word=WORD)
        assert ("Try again in an hour" in page, cast.MESSAGE in page) == (True, False)

    def test_a_code_that_a_link_alone_created_gives_none_either(self, member):
        visitor, other = Visitor(), Visitor()
        visitor.by_link(member)
        code = visitor.make_code()
        Member.objects.update(word_hash=word_hash(WORD))
        for number in range(5):
            visitor.give(do="give_word", word=f"heron pond {number}")
        other.by_code(code)
        page = other.give(do="give_word", word=WORD)
        assert ("Try again in an hour" in page, cast.MESSAGE in page) == (True, False)
