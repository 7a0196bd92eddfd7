"""The pages of joining: they work without a script, say the same to everybody, and act on POST only."""

import pytest
from django.urls import reverse

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from tests import cast

pytestmark = pytest.mark.django_db
USUAL = {"name": cast.NAME, "contact": "yes", "email": cast.ADDRESS, "agreement": "on", "consent": "on"}


@pytest.fixture(autouse=True)
def _a_person_fills_it_in(monkeypatch):
    monkeypatch.setattr("members.form_token.FASTEST_HUMAN_SECONDS", -1)


def token_of(client):
    return client.get("/join/").context["form"]["form_token"].value()


def send(client, **answers):
    return client.post("/join/", {**USUAL, "form_token": token_of(client), **answers})


def links_of_the_letter():
    return cast.paths_in(OutgoingEmail.objects.get().body)


class TestJoin:
    def test_it_leads_on_to_what_happens_next(self, client):
        response = send(client)
        assert (response.status_code, response.url) == (302, "/join/received/")

    def test_errors_keep_what_was_typed_and_stand_in_the_title(self, client):
        page = send(client, email="nowhere", message="kept").content.decode()
        assert "<title>Error: Join</title>" in page
        assert 'value="nowhere"' in page
        assert "kept" in page
        assert Member.objects.count() == 0

    def test_known_and_unknown_addresses_get_the_same_answer(self, client):
        first = send(client)
        second = send(client, name="Somebody Else")
        assert (first.status_code, first.url, first.content) == (second.status_code, second.url, second.content)

    def test_typo_back_mend_send_is_one_row_and_only_the_right_address_can_confirm(self, client):
        send(client, email="rosalnid@mailbox.example")
        wrong = links_of_the_letter()[0]
        send(client)
        [letter] = OutgoingEmail.objects.not_cancelled()
        client.post(wrong)
        assert Member.objects.get().status == Member.Status.UNCONFIRMED
        client.post(cast.paths_in(letter.body)[0])
        assert (Member.objects.get().status, Member.objects.get().email) == (Member.Status.WAITING, cast.ADDRESS)

    def test_its_cookies_end_with_the_browser(self, client):
        send(client)
        assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == {"csrftoken": "", "form": ""}

    def test_no_page_of_it_may_be_stored(self, client):
        pages = [client.get("/join/"), client.get("/join/received/"), send(client, name="")]
        assert [page["Cache-Control"] for page in pages] == ["no-store"] * 3

    def test_the_page_after_names_the_letter(self, client):
        send(client)
        subject = OutgoingEmail.objects.get().subject
        assert subject in client.get("/join/received/").content.decode()


class TestLinks:
    def test_looking_at_a_confirming_link_does_nothing(self, client):
        send(client)
        page = client.get(links_of_the_letter()[0])
        assert page.status_code == 200
        assert Member.objects.get().status == Member.Status.UNCONFIRMED

    def test_pressing_it_confirms_and_pressing_again_says_the_same(self, client):
        send(client)
        link = links_of_the_letter()[0]
        first, second = client.post(link), client.post(link)
        assert Member.objects.get().status == Member.Status.WAITING
        assert first.content == second.content

    def test_looking_at_a_withdrawing_link_does_nothing(self, client):
        send(client)
        assert client.get(links_of_the_letter()[1]).status_code == 200
        assert Member.objects.count() == 1

    def test_pressing_it_erases_everything(self, client):
        send(client)
        link = links_of_the_letter()[1]
        assert client.post(link).status_code == 200
        assert Member.objects.count() == 0
        assert client.post(link).status_code == 410

    @pytest.mark.parametrize("name", ["confirm", "my_details_link"])
    def test_a_link_nobody_was_sent_is_over(self, client, name):
        address = reverse(name, kwargs={"token": "not-a-token"})
        assert [client.get(address).status_code, client.post(address).status_code] == [410, 410]

    def test_a_confirming_link_does_not_withdraw(self, client):
        send(client)
        token = links_of_the_letter()[0].rstrip("/").rpartition("/")[2]
        assert client.post(reverse("my_details_link", kwargs={"token": token})).status_code == 410

    def test_pages_that_letters_lead_to_name_no_cause_before_a_press(self, client, settings):
        send(client)
        for link in links_of_the_letter():
            page = client.get(link).content.decode().lower()
            assert [word for word in settings.COALITION_WORDS if word in page] == []


def test_the_letter_leads_to_the_address_for_letters(client, settings):
    settings.LETTER_URL = "https://quiet.example"
    send(client)
    assert [link.startswith("https://quiet.example/") for link in cast.links_in(OutgoingEmail.objects.get().body)] == [
        True,
        True,
    ]


def test_a_french_form_sends_to_french_addresses(client):
    token = client.get("/fr/join/").context["form"]["form_token"].value()
    response = client.post("/fr/join/", {**USUAL, "form_token": token})
    assert response.url == "/fr/join/received/"
    assert Member.objects.get().language == "fr-ca"
    assert all(path.startswith("/fr/") for path in links_of_the_letter())
