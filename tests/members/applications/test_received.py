"""The page after sending depends on the contact choice and reads the same for every address."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from members.links import make_links
from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_hash
from tests import cast
from tests.reading import Page, words
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
RECEIVED = "/join/received/"
USUAL = {"name": cast.NAME, "contact": "yes", "email": cast.ADDRESS, "agreement": "on", "consent": "on"}
NEW = "rosalind.new@mailbox.example"


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def send(client, **answers):
    token = client.get("/join/").context["form"]["form_token"].value()
    assert client.post("/join/", {**USUAL, "form_token": token, **answers}).status_code == 302


def received(client, **query):
    return Page(client.get(RECEIVED, query).content.decode())


def code_on(page):
    return words(page.one(class_="code"))


def press(client, page, do, **more):
    """Sends a button of the page."""
    return client.post(RECEIVED, {"code": page.all(name="code")[0]["value"], "do": do, **more})


def seen(page):
    """Returns the text that is visible with all details closed."""
    text = words(page.one(id="main"))
    hidden = [words(e).removeprefix(summary) for e, summary in folds(page)] + [
        words(e) for e in page.all(tag="noscript")
    ]
    for fold in hidden:
        text = text.replace(fold, "")
    return text


def chosen(client):
    return client.get("/join/secret-word/").content.decode()


def folds(page):
    return zip(page.all(tag="details"), map(words, page.all(tag="summary")), strict=True)


class TestWhatItSays:
    @pytest.mark.parametrize("contact", ["yes", "discreet", "none"])
    def test_it_takes_at_most_eighty_words(self, client, contact):
        send(client, contact=contact)
        text = seen(received(client))
        assert len(text.split()) <= 80, text

    def test_people_who_get_emails_read_only_about_the_email(self, client):
        send(client)
        text = words(received(client).one(id="main"))
        assert [part in text for part in ("Please confirm your email address", "Send it again", "Fix my email")] == [
            True, True, True
        ]  # fmt: skip
        assert [part in text for part in ("never email you", "secret word")] == [False, False]

    def test_people_who_chose_no_email_read_about_none(self, client):
        send(client, contact="none", email="")
        text = words(received(client).one(id="main"))
        assert "We never email you." in text
        said = ("Please confirm", "Send it again", "Typo", "spam")
        assert [part for part in said if part in text] == []

    def test_people_who_chose_no_email_read_about_none_after_a_reload_either(self, client):
        send(client, contact="none", email="")
        received(client)
        text = words(received(client).one(id="main"))
        assert "We showed your code once. With it, you can see your status" in text
        assert [part for part in ("email again", "your address") if part in text] == []

    def test_people_who_chose_no_email_read_what_a_secret_word_opens(self, client):
        send(client, contact="none", email="")
        pages = [words(received(client).one(id="main")), words(Page(chosen(client)).one(id="main"))]
        assert ["what you wrote" in page for page in pages] == [True, True]
        assert [part for part in ("inbox", "email link") for page in pages if part in page] == []

    @pytest.mark.parametrize("contact", ["discreet", "none"])
    def test_people_who_chose_discreet_or_no_emails_are_offered_a_secret_word(self, client, contact):
        send(client, contact=contact)
        assert "Choose a secret word" in words(received(client).one(id="main"))

    def test_without_a_sent_form_the_page_links_to_sign_in(self, client):
        page = received(client)
        assert "To see your request, use your code at Your information." in words(page.one(id="main"))
        assert (page.all(tag="form", action=RECEIVED), client.cookies) == ([], {})

    def test_one_click_selects_the_whole_code(self, client):
        """The style sheet does this, without JavaScript."""
        send(client)
        assert re.search(r"\.code \{[^}]*\buser-select: all;", (ROOT / "static/css/forms.css").read_text())
        assert Member.objects.get().code_hash == code_hash(code_on(received(client)))


class TestSendItAgain:
    def test_the_application_is_added_to_the_next_list_and_the_code_is_still_shown(self, client):
        send(client)
        page = received(client)
        Member.objects.update(list_due_at=None)
        response = press(client, page, "send_again")
        assert (response.status_code, response.url) == (302, f"{RECEIVED}?done=send_again")
        after = Page(client.get(response.url).content.decode())
        assert (Member.objects.get().list_due_at is None, code_on(after)) == (False, code_on(page))
        assert words(after.all(class_="notice", role="status")[0]).startswith(
            "Your link will be in our next email to you."
        )

    def test_a_reload_shows_neither_code_nor_button(self, client):
        send(client)
        received(client)
        page = received(client)
        assert (page.all(class_="code"), page.all(name="code")) == ([], [])

    @pytest.mark.parametrize("code", ["", "AAA-AAA-AAA-AAA"])
    def test_without_the_code_nothing_happens(self, client, code):
        send(client)
        received(client)
        Member.objects.update(list_due_at=None)
        response = client.post(RECEIVED, {"code": code, "do": "send_again"})
        assert (response.url, Member.objects.get().list_due_at) == (RECEIVED, None)

    def test_with_a_code_but_another_browser_nothing_happens(self, client):
        send(client)
        page = received(client)
        Member.objects.update(list_due_at=None)
        client.cookies.clear()
        press(client, page, "fix_email", email=NEW)
        assert (Member.objects.get().email, Member.objects.get().list_due_at) == (cast.ADDRESS, None)

    def test_once_it_is_confirmed_the_page_says_where_to_go(self, client):
        send(client)
        page = received(client)
        client.post(cast.paths_in(OutgoingEmail.objects.get().body)[0])
        assert press(client, page, "send_again").url == f"{RECEIVED}?done=too_late"
        assert "Your information" in words(received(client, done="too_late").all(class_="notice", role="status")[0])


class TestFixMyEmail:
    def test_the_email_goes_to_the_right_address_and_the_old_link_ends(self, client):
        send(client, email="rosalnid@mailbox.example")
        wrong = cast.paths_in(OutgoingEmail.objects.get().body)[0]
        response = press(client, received(client), "fix_email", email=cast.ADDRESS)
        assert response.url == f"{RECEIVED}?done=fix_email"
        [email] = OutgoingEmail.objects.not_canceled()
        assert (Member.objects.get().email, email.to) == (cast.ADDRESS, cast.ADDRESS)
        assert client.get(wrong).status_code == 410

    def test_an_invalid_address_is_kept_with_an_error_and_the_code_stays(self, client):
        send(client)
        page = received(client)
        response = press(client, page, "fix_email", email="nowhere")
        after = Page(response.content.decode())
        assert after.one(id="id_email")["value"] == "nowhere"
        assert (code_on(after), response.context["form"].errors.keys()) == (code_on(page), {"email"})
        assert [fold for fold in after.all(tag="details") if "open" in fold] != []

    def test_the_button_disappears_after_three_times(self, client):
        send(client)
        Member.objects.update(times_corrected=3)
        assert "Fix my email" not in words(received(client).one(id="main"))


class TestKnownAddresses:
    """No part of the page may tell whether the site knows the address."""

    @pytest.fixture(params=["unknown", "waiting", "approved"])
    def is_known(self, request):
        return request.param

    def pages(self, client, known):
        if known != "unknown":
            cast.put(cast.waiting(email=cast.ADDRESS, name="Somebody Else"), known)
        send(client, email="typo@mailbox.example")
        yield received(client)
        response = press(client, received_again(client), "fix_email", email=cast.ADDRESS)
        yield Page(client.get(response.url).content.decode())
        response = press(client, received_again(client), "send_again")
        yield Page(client.get(response.url).content.decode())

    def test_each_page_reads_the_same(self, client, is_known):
        texts = [seen(page).replace(code_on(page), "CODE") for page in self.pages(client, is_known)]
        sent = "Open our email “Please confirm your email address” and confirm within 7 days."
        assert [sent in text for text in texts] == [True, True, True]
        assert texts == EXPECTED.setdefault("texts", texts)


#: What the first of the cases above showed.
EXPECTED = {}


def received_again(client):
    """Returns the page with its code again: sets the cookie as if no one had seen the code."""
    from members.submission_tokens import JOIN_FORM

    class Response:
        def set_cookie(self, name, value, **_options):
            client.cookies[name] = value

    sent = JOIN_FORM._signer.unsign(client.cookies[JOIN_FORM.cookie].value).partition(".")[0]
    JOIN_FORM.remember(Response(), sent)
    return received(client)


class TestUsedConfirmationLink:
    def test_it_says_when_it_was_confirmed(self, client):
        send(client)
        link = cast.paths_in(OutgoingEmail.objects.get().body)[0]
        client.post(link)
        page = Page(client.get(link).content.decode())
        today = timezone.now()
        assert words(page.one(tag="h1")) == "You already confirmed this"
        assert re.match(r"You already confirmed this on \w+, \w+ \d+, \d{4} at ", words(page.one(class_="lead")))
        assert str(today.year) in words(page.one(class_="lead"))

    def test_it_can_still_delete_the_application(self, client):
        send(client)
        link = cast.paths_in(OutgoingEmail.objects.get().body)[0]
        client.post(link)
        assert client.post(link, {"do": "delete"}).status_code == 302
        assert Member.objects.count() == 0

    def test_another_link_of_the_same_request_says_so_too(self, client):
        send(client)
        member = Member.objects.get()
        link = cast.paths_in(OutgoingEmail.objects.get().body)[0]
        [other] = make_links([member], member.links.model.Purpose.CONFIRM, timedelta(days=7))
        client.post(link)
        assert "You already confirmed this on" in client.get(f"/join/confirm/{other}/").content.decode()

    def test_it_says_the_same_if_a_member_has_the_address(self, client):
        cast.put(cast.waiting(), "approved")
        send(client, name="Somebody Else")
        [email] = OutgoingEmail.objects.filter(kind="confirm", about__contains=Member.objects.last().number)
        link = cast.paths_in(email.body)[0]
        client.post(link)
        assert Member.objects.last().status == Member.Status.DUPLICATE_ADDRESS
        assert "You already confirmed this on" in client.get(link).content.decode()
