"""The head of a page, as search engines and link previews read it."""

import pytest

from chapters.directory.views import FEW
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.chapters import cast as chapters_cast
from tests.chapters.meetings import meetings
from tests.reading import Page

pytestmark = pytest.mark.django_db

NEUTRAL = "A page to read"
READING = [
    "/", "/what-we-do/", "/why/", "/why/gently/", "/pathway/", "/justice/", "/people/", "/press/", "/sources/",
    "/support/", "/safety/", "/calm/", "/privacy/", "/agreement/", "/accessibility/", "/representatives/",
    "/chapters/", "/meetings/",
]  # fmt: skip
FORMS = ["/join/", "/contact/", "/chapters/start/", "/representatives/would-you/"]
NEUTRAL_PAGES = [
    "/my-details/", "/my-details/link-sent/", "/my-details/deleted/", "/my-details/address-corrected/",
    "/my-details/sent-again/", "/my-details/address-confirmed/", "/my-details/emails-again/",
    "/my-details/no-such-link/", "/contact/answer/", "/contact/answer/deleted/", "/contact/answer/added/",
    "/representatives/answer/", "/representatives/answer/deleted/", "/representatives/would-you/answer/",
    "/meetings/coming/", "/meetings/coming/canceled/", "/join/confirm/done/", "/join/confirm/deleted/",
    "/unsubscribe/done/",
]  # fmt: skip
RESULTS = [
    "/join/received/", "/contact/sent/", "/meetings/come/sent/", "/representatives/sent/",
    "/representatives/would-you/sent/", "/representatives/stepped-down/",
]  # fmt: skip


def page_of(client, address):
    return Page(client.get(address).content.decode())


def said(page, name):
    return [
        element["content"] for element in page.all(tag="meta") if name in (element.get("name"), element.get("property"))
    ]


def is_unlisted(client, address):
    return said(page_of(client, address), "robots") == ["noindex"]


# --- descriptions


def test_each_public_page_has_a_one_sentence_description(client):
    told = {address: said(page_of(client, address), "description") for address in READING + FORMS}
    assert [address for address, found in told.items() if len(found) != 1] == []
    sentences = {address: found[0] for address, found in told.items()}
    wrong = {a: s for a, s in sentences.items() if not (s.endswith(".") and len(s) <= 160 and s.strip() == s)}
    assert (wrong, len({*sentences.values()})) == ({}, len(sentences))


def test_so_do_a_chapter_a_meeting_and_its_form(client):
    meeting = meetings.make_meeting()
    chapter = chapters_cast.chapter(name="Millrace")
    found = [
        said(page_of(client, a), "description")[0] for a in (f"/chapters/{chapter.slug}/", f"/meetings/{meeting.pk}/")
    ]
    assert found == [
        "The chapter Millrace: where it is, when it meets and how to join.",
        "One meeting of the coalition: when it is, how to take part, and how to RSVP.",
    ]


@pytest.mark.parametrize("address", NEUTRAL_PAGES)
def test_a_neutral_page_has_a_neutral_description(client, address):
    assert said(page_of(client, address), "description") == [NEUTRAL]


@pytest.mark.parametrize("address", [*READING, *FORMS, *NEUTRAL_PAGES, "/fr/", "/es/why/"])
def test_link_previews_have_the_same_neutral_words_for_every_page(client, address):
    page = page_of(client, address)
    card = {name: e["content"] for e in page.all(tag="meta") if ":" in (name := e.get("property") or e.get("name", ""))}
    neutral = "Une page à lire" if address == "/fr/" else "Una página para leer" if address == "/es/why/" else NEUTRAL
    words = ("og:title", "og:description", "twitter:title", "twitter:description")
    assert card == {"twitter:card": "summary", **dict.fromkeys(words, neutral)}


# --- indexing


@pytest.mark.parametrize("address", READING + FORMS)
def test_reading_pages_and_forms_may_be_indexed(client, address):
    assert (said(page_of(client, address), "robots"), client.get(address).headers.get("X-Robots-Tag")) == ([], None)


@pytest.mark.parametrize("address", [*NEUTRAL_PAGES, *RESULTS])
def test_results_and_personal_pages_are_not_indexed(client, address):
    assert is_unlisted(client, address)


def test_a_members_open_pages_are_not_indexed(client):
    member = cast.waiting()
    client.post("/my-details/", {"code": code_of_form(member.form_token)}, follow=True)
    assert is_unlisted(client, "/my-details/")


def test_search_results_and_profiles_of_a_place_are_not_indexed(client):
    chapters_cast.many(FEW + 1, regions=1)
    addresses = ["/representatives/?q=Orla", "/representatives/?place=CA-AB"]
    assert [client.get(a).headers["X-Robots-Tag"] for a in addresses] == ["noindex, noimageindex"] * 2
    assert [is_unlisted(client, a) for a in addresses] == [True] * 2


def test_the_list_of_places_may_be_indexed_only_while_it_shows_no_profiles(client):
    before = is_unlisted(client, "/representatives/")
    chapters_cast.many(FEW + 1, regions=1)
    assert (before, is_unlisted(client, "/representatives/")) == (False, True)
