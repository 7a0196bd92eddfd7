"""People who chose "never email me" see nothing that needs email; code and secret word show everything."""

import pytest

from members.models import Member
from members.self_service.address_change import erase_address
from members.self_service.secret_word import set_word, word_hash
from tests import cast
from tests.members.self_service.visitors import WORD, Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(member):
    """Rosalind, who chose "never email me" after she was approved."""
    erase_address(Member.objects.filter(pk=member.pk))
    member.refresh_from_db()
    return member


def links(page):
    return [part for part in ("letters", "address", "about-you", "sharing") if f"/my-details/change/{part}/" in page]


def opened(visitor):
    return visitor.page() + visitor.client.get("/my-details/all/show/").content.decode()


class TestWithTheCode:
    @pytest.fixture
    def page(self, owner, silent, code):
        return owner.by_code(code)

    def test_the_overview_links_to_nothing_about_email(self, page):
        assert (links(page), "Start emails again" in page) == (["address", "about-you", "sharing"], False)
        assert "You asked us never to email you. If you change your mind" in page

    def test_no_page_mentions_a_link(self, owner, page):
        pages = page + owner.client.get("/my-details/ways-to-open/").content.decode()
        assert [words for words in ("sign-in link", "Secret word, code, and link", ">Link<") if words in pages] == []

    def test_a_pause_would_stop_nothing_so_it_is_not_offered(self, owner, page):
        offered = owner.client.get("/my-details/pause-or-leave/").content.decode()
        assert ["/press/pause/" in offered, "/press/leave/" in offered, "/press/withdraw/" in offered] == [
            False, True, True,
        ]  # fmt: skip

    def test_hidden_rows_are_not_listed(self, owner, page):
        assert [name for name in ("name", "email", "message", "emails") if f'data-name="{name}"' in page] == []
        assert "leaves out your name and what you wrote" in page

    def test_the_file_has_no_sections_about_emails(self, owner, page):
        data = owner.client.post("/my-details/all/take/").json()
        assert [title for title in ("One-time links we sent you", "Emails to you") if title in data] == []


def test_code_and_secret_word_show_everything(owner, silent, code):
    set_word(Member.objects.filter(pk=silent.pk), word_hash(WORD))
    owner.by_code(code)
    owner.give(do="give_word", word=WORD)
    page = opened(owner)
    assert [words in page for words in (cast.NAME, cast.MESSAGE, "captions", "leaves out")] == [True, True, True, False]


@pytest.fixture
def with_word(owner, silent, code):
    set_word(Member.objects.filter(pk=silent.pk), word_hash(WORD))
    owner.by_code(code)
    owner.give(do="give_word", word=WORD)
    return owner


def test_with_both_the_file_has_no_empty_sections_about_emails(with_word):
    data = with_word.client.post("/my-details/all/take/", {"format": "json"}).json()
    assert [title for title in ("One-time links we sent you", "Emails to you") if data.get(title) == []] == []


def test_no_page_about_leaving_mentions_links_or_emails(with_word):
    """They can only return with a code, and no email is pending."""
    ways_out = with_word.client.get("/my-details/pause-or-leave/").content.decode()
    left = with_word.client.post("/my-details/press/leave/", follow=True).content.decode()
    assert [words for words in ("code or a link", "code or link", "cancel emails") if words in ways_out + left] == []
    assert ("with the same code." in ways_out, "with your code, and select" in left) == (True, True)


def test_a_secret_word_is_offered_in_the_visit_in_which_they_choose_never(owner, member, code):
    owner.by_link(member)
    owner.give(do="give_code", code=code)
    page = owner.client.post("/my-details/change/letters/", {"contact": "none", "language": "en"}, follow=True)
    assert "/my-details/change/word/" in page.content.decode()
    owner.make_word()
    visitor = Visitor()
    visitor.by_code(code)
    visitor.give(do="give_word", word=WORD)
    assert cast.MESSAGE in opened(visitor)


def test_with_a_code_alone_none_is_offered(owner, silent, code):
    owner.by_code(code)
    page = owner.client.get("/my-details/no-more-emails/").content.decode()
    assert ("/my-details/change/word/" in page, owner.client.get("/my-details/change/word/").status_code) == (
        False,
        404,
    )


def test_an_unconfirmed_address_restores_what_is_about_email(owner, silent, code):
    owner.by_code(code)
    owner.client.post(
        "/my-details/change/address/", {"email": "new@mailbox.example", "contact": "discreet", "name": "Ros"}
    )
    assert links(owner.page()) == ["letters", "address", "about-you", "sharing"]
