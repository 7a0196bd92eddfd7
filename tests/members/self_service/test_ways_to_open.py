"""The page about secret word, code and link: three lines that say what each opens, true for the reader."""

import pytest

from members.models import Member
from tests import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
PAGE = "/my-details/ways-to-open/"
ALL_BUT = "Everything except your message, your skills, what you join as, and what helps you take part."


def table(client):
    """Returns the first and the last cell of each line."""
    page = Page(client.get(PAGE).content.decode())
    first = [words(element) for element in page.elements if element["tag"] == "th" and element.get("scope") == "row"]
    cells = [words(element) for element in page.elements if element["tag"] == "td"]
    return dict(zip(first, [cell.removeprefix("What it opens").strip() for cell in cells[1::2]], strict=True))


def test_it_has_three_lines(client, member, come_in_by_link):
    come_in_by_link(member)
    assert list(table(client)) == ["Secret word", "Code", "Link"]


@pytest.mark.parametrize(("contact", "opens"), [("yes", "Everything."), ("discreet", ALL_BUT)])
def test_the_page_says_what_a_link_really_opens(client, member, come_in_by_link, contact, opens):
    Member.objects.update(contact=contact)
    come_in_by_link(member)
    shows = cast.MESSAGE in client.get("/my-details/").content.decode()
    assert (table(client)["Link"], shows) == (opens, opens == "Everything.")


@pytest.mark.parametrize(
    ("contact", "word", "lead"),
    [
        ("yes", "", "A link alone opens everything here."),
        ("discreet", "", "Two of these together open everything here."),
        ("yes", "the heron", "Two of these together open everything here."),
    ],
)
def test_the_first_line_says_how_many_are_needed(client, member, come_in_by_both, contact, word, lead):
    Member.objects.update(contact=contact)
    come_in_by_both(member)
    if word:
        client.post("/my-details/change/word/", {"word": word, "again": word})
    page = Page(client.get(PAGE).content.decode())
    assert words(page.one(class_="lead")) == lead
    assert (table(client)["Link"] == "Everything, with your secret word.") == bool(word)


def test_it_asks_for_the_code_beside_a_link_and_reports_a_typo_there(client, member, come_in_by_link):
    come_in_by_link(member)
    asked = "Enter your code, too" in client.get(PAGE).content.decode()
    wrong = client.post("/my-details/", {"do": "give_code", "code": "AAA-AAA-AAA-AAA"}).content.decode()
    assert (asked, "We can’t find anything with this code." in wrong, "Where it comes from" in wrong) == (True,) * 3


def test_the_next_page_confirms_the_right_code(client, member, come_in_by_both):
    assert "You can now see and change everything here." in come_in_by_both(member).content.decode()


def test_a_code_alone_creates_neither_word_nor_code(client, member, come_in_by_code):
    come_in_by_code(member)
    page = client.get(PAGE).content.decode()
    assert ("/change/word/" in page, "/press/new-code/" in page) == (False, False)


def test_setting_and_removing_the_word_redirects_there(client, member, come_in_by_both):
    come_in_by_both(member)
    set_to = client.post("/my-details/change/word/", {"word": "the heron", "again": "the heron"}).url
    assert [set_to, client.post("/my-details/press/forget-word/").url] == [PAGE, PAGE]


def test_a_word_is_typed_again_and_no_page_claims_to_keep_it(client, member, come_in_by_both):
    come_in_by_both(member)
    page = client.post("/my-details/change/word/", {"word": "the heron", "again": "the herons"}).content.decode()
    assert ("There is a problem" in page, "Your answers are still here." in page) == (True, False)


def test_visitors_who_are_not_signed_in_are_asked_to(client):
    assert client.get(PAGE).url == "/my-details/"
