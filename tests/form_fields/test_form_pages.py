"""Pages with public forms: nothing on them loses typed text, except Exit."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from chapters.models import VolunteerOffer
from members.models import Inquiry, Member, Rsvp
from tests import cast, make
from tests.chapters import cast as places
from tests.members.rsvps.people import a_meeting
from tests.reading import Page, words
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db

JOIN = {"name": cast.NAME, "contact": "yes", "email": "half an addr", "message": "one\ntwo", "ways_to_help": ["policy"]}
WHOLE = {**JOIN, "email": cast.ADDRESS, "agreement": "on", "consent": "on"}


TOPIC = "coalition"


@pytest.fixture(autouse=True)
def _has_a_reader(db):
    make.admin()


@pytest.fixture
def write_address(db):
    return f"/representatives/{places.representative().pk}/write/"


@pytest.fixture
def other_forms(db):
    """{name: URL} of the single-page forms without a review step."""
    return {
        "rsvp": f"/meetings/{a_meeting().pk}/come/",
        "offer": "/representatives/would-you/",
        "start": "/chapters/start/",
    }


def page_of(response):
    assert response.status_code == 200
    return Page(response.content.decode())


def links_that_leave(page):
    return [link["href"] for link in page.all(tag="a") if not link["href"].startswith("#") and "data-leave" not in link]


def typed_in(page):
    """Return {name: values} that a browser would submit from the page."""
    found = {}
    for box in page.all(tag="input"):
        if box.get("type") not in ("radio", "checkbox") or "checked" in box:
            found.setdefault(box.get("name"), []).append(box.get("value", "on"))
    for box in page.all(tag="textarea"):
        found.setdefault(box["name"], []).append(box["text"].removeprefix("\n"))
    return found


def form_pages(client, write_address, other_forms):
    """Yield every page with a public form, empty or filled in."""
    yield "join", client.get("/join/")
    yield "join, with an error", client.post("/join/", JOIN)
    yield "check", client.post("/join/", {**WHOLE, "step": "check"})
    yield "change", client.post("/join/", {**WHOLE, "step": "change"})
    yield "topic, with something typed", client.post("/contact/", {"topic": TOPIC, "words": "x", "step": "change"})
    yield "contact", client.post("/contact/", {"topic": TOPIC, "step": "topic"})
    yield "contact, with an error", client.post("/contact/", {"topic": TOPIC, "words": "x"})
    yield "a representative", client.get(write_address)
    yield "a representative, with an error", client.post(write_address, {"words": "x"})
    for name, address in other_forms.items():
        yield name, client.get(address)
        yield f"{name}, with an error", client.post(address, {"name": "x"})


def test_no_link_leaves_a_page_with_a_form(client, write_address, other_forms):
    leaving = {
        name: links_that_leave(page_of(response)) for name, response in form_pages(client, write_address, other_forms)
    }
    assert {name: links for name, links in leaving.items() if links} == {}


def test_each_has_exit_help_and_language_buttons_in_the_form(client, write_address, other_forms):
    for name, response in form_pages(client, write_address, other_forms):
        page = page_of(response)
        assert [link["href"] for link in page.all(tag="a", rel="noreferrer")] == ["/exit/"], name
        assert page.one(id="get-help")["tag"] == "details", name
        languages = [b for b in page.all(tag="button") if "lang" in b]
        assert [(b["lang"], urlsplit(b["formaction"]).path[:4]) for b in languages][1] == ("fr-ca", "/fr/"), name


def test_each_has_folds_to_read_before_writing(client, write_address, other_forms):
    for address, data in (
        ("/join/", None),
        ("/contact/", {"topic": TOPIC, "step": "topic"}),
        (write_address, None),
        *((address, None) for address in other_forms.values()),
    ):
        page = page_of(client.post(address, data) if data else client.get(address))
        folds = [fold["id"] for fold in page.all(tag="details") if fold.get("id", "").startswith("read-")]
        assert folds == [*(["read-agreement"] if address == "/join/" else []), "read-privacy", "read-safety"]


def test_the_enter_key_submits_and_neither_goes_back_nor_changes_the_language(client, write_address, other_forms):
    """Browsers use the first button of the form."""
    first = {
        name: page_of(response).all(tag="button")[0].get("value", "")
        for name, response in form_pages(client, write_address, other_forms)
    }
    assert set(first.values()) == {"check", "send", "topic", ""}
    assert (first["join"], first["check"], first["contact"], first["a representative"]) == ("check", "send", "send", "")


# --- a change of language keeps typed text


def test_the_join_form_keeps_a_partial_form_in_another_language(client):
    typed = typed_in(page_of(client.post("/fr/join/", {**JOIN, "form_token": "mine", "step": "language"})))
    held = {name: typed[name] for name in (*JOIN, "form_token")}
    assert held == {**{n: v if isinstance(v, list) else [v] for n, v in JOIN.items()}, "form_token": ["mine"]}
    assert Member.objects.count() == 0


def test_the_review_step_stays_the_review_step_in_another_language(client):
    response = client.post("/fr/join/", {**WHOLE, "step": "check"})
    assert (typed_in(page_of(response))["name"], response.headers["Content-Language"]) == ([cast.NAME], "fr-ca")


def test_the_contact_form_keeps_its_text_in_another_language(client):
    said = {"topic": TOPIC, "words": "half a sent", "contact": "none", "form_token": "mine"}
    typed = typed_in(page_of(client.post("/es/contact/", {**said, "step": "topic"})))
    assert {name: typed[name] for name in said} == {name: [value] for name, value in said.items()}
    assert Inquiry.objects.count() == 0


def test_a_message_to_a_representative_is_kept_in_another_language(client, write_address):
    said = {"words": "half a sent", "name": cast.NAME, "form_token": "mine"}
    typed = typed_in(page_of(client.post(f"/fr{write_address}", {**said, "step": "language"})))
    assert {name: typed[name] for name in said} == {name: [value] for name, value in said.items()}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("rsvp", {"name": cast.NAME, "email": "half an addr", "needs": "one\ntwo"}),
        ("offer", {"name": cast.NAME, "words": "half a sent", "email": "half an addr"}),
        ("start", {"chapter_name": "Lakeside", "words": "half a sent", "rhythm": "now and"}),
    ],
)
def test_rsvp_and_offer_forms_keep_their_text_in_another_language(client, other_forms, form, said):
    said = {**said, "contact": "yes", "form_token": "mine"}
    response = client.post(f"/fr{other_forms[form]}", {**said, "step": "language"})
    typed = typed_in(page_of(response))
    assert (response.headers["Content-Language"], response.context["form"].errors) == ("fr-ca", {})
    assert {name: typed[name] for name in said} == {name: [value] for name, value in said.items()}
    assert (Rsvp.objects.count(), VolunteerOffer.objects.count()) == (0, 0)


def test_the_chosen_place_and_chapter_of_an_offer_are_kept_too(client, other_forms):
    chapter = places.chapter()
    said = {"place": "Ontario, Canada", "chapter": str(chapter.pk), "step": "language"}
    page = page_of(client.post("/fr/representatives/would-you/", said))
    chosen = [option["value"] for option in page.all(tag="option") if "selected" in option]
    assert (page.one(name="place")["value"], chosen) == ("Ontario, Canada", [str(chapter.pk)])


def test_a_message_is_kept_even_if_the_representative_stopped_taking_messages(client, write_address):
    type(places.representative(username="rowan")).objects.update(takes_messages=False)
    page = page_of(client.post(f"/fr{write_address}", {"words": "half a sent", "step": "language"}))
    assert typed_in(page)["words"] == ["half a sent"]


# --- the Back buttons


def test_back_from_the_review_step_keeps_the_answers(client):
    page = page_of(client.post("/join/", {**WHOLE, "step": "check"}))
    back = next(b for b in page.all(tag="button") if words(b) == "Back")
    sent = {name: values for name, values in typed_in(page).items() if name}
    typed = typed_in(page_of(client.post("/join/", {**sent, back["name"]: back["value"]})))
    assert (typed["name"], typed["email"], typed["message"]) == ([cast.NAME], [cast.ADDRESS], ["one\ntwo"])


def test_choosing_another_topic_keeps_the_text(client):
    page = page_of(client.post("/contact/", {"topic": TOPIC, "step": "topic"}))
    back = next(b for b in page.all(tag="button") if words(b) == "Choose another topic")
    carried = client.post("/contact/", {"topic": TOPIC, "words": "a sentence", back["name"]: back["value"]})
    assert typed_in(page_of(carried))["words"] == ["a sentence"]


@pytest.mark.parametrize("sent", [True, False], ids=["sent", "nothing sent"])
def test_without_scripts_the_page_explains_what_back_does(client, sent):
    """Decision 18: the browser asks to send the form again, or says that the page expired."""
    if sent:
        assert client.post("/contact/", {"topic": TOPIC, "words": "x", "contact": "none"}).status_code == 302
    page = page_of(client.get("/contact/sent/"))
    said = "Your form was sent. If you go back, your browser may ask to send it again or say the page expired. "
    assert [words(e) for e in page.all(tag="noscript")] == ([f"{said}You don’t need to send it again."] if sent else [])


def test_nothing_opens_in_a_new_tab():
    """Exit clears one tab."""
    opening = re.compile(r"[\"']_blank|window\.open|formtarget|<base\b|\btarget=")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    assert [path.name for path in files if opening.search(path.read_text())] == []


def test_changing_the_language_needs_a_csrf_token():
    assert Client(enforce_csrf_checks=True).post("/fr/join/", {**JOIN, "step": "language"}).status_code == 403
