"""After joining, the same browser offers a secret word to people who chose discreet emails or none."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from tests import cast

pytestmark = pytest.mark.django_db
PAGE, OFFER = "/join/secret-word/", "Choose a secret word"


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def join(client, contact="discreet", email=cast.ADDRESS):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/join/").content.decode())[1]
    said = {"name": cast.NAME, "contact": contact, "email": email, "agreement": "on", "consent": "on"}
    return client.post("/join/", {**said, "form_token": token, "step": "send"}, follow=True).content.decode()


def words():
    return [member.word_hash for member in Member.objects.order_by("pk")]


@pytest.mark.parametrize(("contact", "is_offered"), [("discreet", True), ("yes", False), ("none", True)])
def test_people_who_chose_discreet_or_never_are_offered_one(client, contact, is_offered):
    assert (OFFER in join(client, contact, "" if contact == "none" else cast.ADDRESS)) == is_offered


def test_it_is_set_once_and_stored_as_a_hash(client):
    join(client)
    page = client.post(PAGE, {"word": "Heron  Lake", "again": "Heron  Lake"}, follow=True).content.decode()
    assert ("Your secret word is set." in page, OFFER in page) == (True, False)
    client.post(PAGE, {"word": "another", "again": "another"})
    [kept] = words()
    assert check_password("heron lake", kept)


def test_after_confirmation_a_link_alone_shows_only_the_status(client):
    join(client)
    client.post(PAGE, {"word": "heron lake", "again": "heron lake"})
    Member.objects.update(status="waiting", confirm_until=None)
    browser = Client()
    browser.post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
    email = OutgoingEmail.objects.get(kind="open-details")
    page = browser.post(cast.paths_in(email.body)[0], follow=True).content.decode()
    assert ("Your secret word" in page, cast.NAME in page) == (True, False)


def test_people_who_chose_never_read_their_answers_with_code_and_word(client):
    page = join(client, "none", "")
    code = re.search(r'class="code">([^<]+)<', page)[1]
    client.post(PAGE, {"word": "heron lake", "again": "heron lake"})
    browser = Client()
    asked = browser.post("/my-details/", {"code": code}, follow=True).content.decode()
    shown = browser.post("/my-details/", {"do": "give_word", "word": "heron lake"}, follow=True).content.decode()
    assert (cast.NAME in asked, cast.NAME in shown) == (False, True)


def test_another_browser_cannot_set_one(client):
    join(client)
    other, word = Client(), {"word": "heron lake", "again": "heron lake"}
    assert (other.get(PAGE).url, other.post(PAGE, word).url, words()) == ("/join/received/", "/join/received/", [""])


def test_a_short_word_is_refused(client):
    join(client)
    assert (client.post(PAGE, {"word": "short", "again": "short"}).status_code, words()) == (200, [""])


def test_the_page_after_joining_reads_the_same_for_known_addresses(client):
    known = cast.waiting(email="known@mailbox.example")
    cast.put(known, "approved")
    pages = []
    for email in ("known@mailbox.example", "nobody@mailbox.example"):
        page = join(Client(), email=email)
        pages.append(re.sub(r'class="code">[^<]+|(csrfmiddlewaretoken|code)" value="[\w-]+', "", page))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", ["/safety/", "/fr/safety/", "/es/safety/"])
def test_the_safety_page_says_what_a_link_alone_does(client, path):
    page = client.get(path).content.decode()
    told = {
        "/safety/": ["If someone can open your inbox", "They can delete your information", "30 days"],
        "/fr/safety/": ["Si quelqu’un peut ouvrir votre boîte", "peut supprimer vos renseignements", "30 jours"],
        "/es/safety/": ["Si alguien puede abrir tu bandeja de entrada", "Puede borrar tu información", "30 días"],
    }
    assert [words for words in told[path] if words not in page] == []


def test_the_contact_question_says_what_others_who_open_the_inbox_can_do(client):
    assert "Anyone who opens your inbox can use the links" in client.get("/join/").content.decode()
