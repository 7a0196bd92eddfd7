"""Ten questions that visitors bring, each answered within two clicks of the home page.

A click is a link, an opened fold, or a submitted search. On a phone most links are in the menu, which is a fold.
"""

import pytest

from tests.chapters import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

MENU, NEXT = "About Menu", "What happens next"
CLICKS_AT_MOST = 2


def link(name):
    def click(client, page):
        addresses = {a["href"] for a in page.all(tag="a") if words(a) == name}
        assert len(addresses) == 1, f"{name} leads to {addresses}"
        return read(client, addresses.pop())

    return click


def fold(name):
    def click(client, page):
        assert [words(summary) for summary in page.all(tag="summary")].count(name) == 1
        return page

    return click


def search(place):
    def click(client, page):
        [form] = [form for form in page.all(tag="form") if form.get("class") == "find-yours"]
        assert page.one(id="find-place")["name"] == "place"
        return read(client, f"{form['action']}?place={place}")

    return click


def read(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return Page(response.content.decode())


QUESTIONS = {
    "When is the next meeting?": ([], "Next meeting No meetings are scheduled right now."),
    "Who represents Ontario?": ([search("Ontario")], "Orla Invented"),
    "I mistyped my email, what now?": (
        [fold(MENU), link("Your information")],
        "Did you mistype your email address? You can correct it here.",
    ),
    "How do I delete everything?": (
        [fold(MENU), link("Your information")],
        "To delete everything, use a sign-in link.",
    ),
    "What does a volunteer see?": (
        [link("Join"), fold(NEXT)],
        "They see what you wrote in the form, except whether you’re a survivor or an ally. Only you can see that.",
    ),
    "Is my boss able to see I came here?": (
        [link("Get help now"), link("Safety")],
        "The people who run the device or the Wi-Fi may see that you came here, even in a private window.",
    ),
    "How do I become a representative?": (
        [link("Become a representative")],
        "Tell us what you have in mind. A volunteer reads it and talks with you.",
    ),
    "Where do I get help now?": ([link("Get help now")], "Find support near you"),
    "Do I have to be a survivor?": ([link("Join")], "You don’t need to be a survivor, or say what happened."),
    "What happens after Send?": (
        [link("Join"), fold(NEXT)],
        "You send the form. The next page shows your code, once.",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_within_two_clicks(client, question):
    clicks, answer = QUESTIONS[question]
    cast.representative()
    page = read(client, "/")
    for click in clicks:
        page = click(client, page)
    assert (answer in words(page.one(id="main")), len(clicks) <= CLICKS_AT_MOST) == (True, True)
