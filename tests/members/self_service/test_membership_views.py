"""One page to take a break or leave, and the order of sections on the page before it."""

import pytest

from tests import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
PAGE = "/my-details/pause-or-leave/"


def presses(client):
    """Returns where the forms of the page lead, in order."""
    page = Page(client.get(PAGE).content.decode())
    actions = [element["action"] for element in page.elements if element["tag"] == "form" and element.get("action")]
    return [action.split("/")[-2] for action in actions if "/my-details/press/" in action]


def headings(page):
    return [words(element) for element in Page(page).elements if element["tag"] in ("h2", "summary")]


def test_a_member_pauses_leaves_or_deletes_and_is_asked_once(client, member, come_in_by_link):
    come_in_by_link(member)
    assert presses(client) == ["pause", "leave", "withdraw"]


def test_during_a_pause_the_overview_ends_it(client, member, come_in_by_link):
    come_in_by_link(member)
    page = client.post("/my-details/press/pause/", follow=True).content.decode()
    assert (presses(client), "/press/end-pause/" in page) == (["leave", "withdraw"], True)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("waiting", "Cancel my request"), ("declined", "Delete my information"), ("left", "Delete my information"),
        ("lapsed", "Delete my information"),
    ],
)  # fmt: skip
def test_everyone_else_deletes(client, member, come_in_by_code, status, title):
    cast.put(member, status)
    page = come_in_by_code(member).content.decode()
    assert (presses(client), f'<a href="{PAGE}">{title}</a>' in page) == (["withdraw"], True)


def test_viewing_changes_nothing(client, member, come_in_by_link):
    come_in_by_link(member)
    assert client.post(PAGE).status_code == 405
    member.refresh_from_db()
    assert (member.status, member.paused_at) == ("approved", None)


def test_visitors_who_are_not_signed_in_are_asked_to(client):
    assert client.get(PAGE).url == "/my-details/"


def test_without_the_secret_word_it_is_asked_for(client, member, come_in_by_code):
    type(member).objects.update(word_hash="set")
    come_in_by_code(member)
    assert client.get(PAGE).url == "/my-details/"


def test_meetings_come_first_then_changes_and_the_information_is_folded(client, member, come_in_by_link):
    page = come_in_by_link(member).content.decode()
    wanted = ["Meetings you can join", "Change your information", "The information we have about you"]
    assert [heading for heading in headings(page) if heading in wanted] == wanted
    assert "<details open" not in page
