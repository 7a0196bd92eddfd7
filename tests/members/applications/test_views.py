"""The pages of joining: they need no JavaScript, say the same to everyone, and change state by POST only."""

import html
import re

import pytest
from django.urls import reverse

from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_hash
from tests import cast

pytestmark = pytest.mark.django_db
USUAL = {"name": cast.NAME, "contact": "yes", "email": cast.ADDRESS, "agreement": "on", "consent": "on"}


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def token_of(client):
    return client.get("/join/").context["form"]["form_token"].value()


def send(client, **answers):
    return client.post("/join/", {**USUAL, "form_token": token_of(client), **answers})


def links_of_the_email():
    return cast.paths_in(OutgoingEmail.objects.get().body)


class TestJoin:
    def test_it_redirects_to_the_next_steps(self, client):
        response = send(client)
        assert (response.status_code, response.url) == (302, "/join/received/")

    def test_errors_keep_what_was_typed_and_are_in_the_title(self, client):
        page = send(client, email="nowhere", message="kept").content.decode()
        assert "<title>Error: Join</title>" in page
        assert 'value="nowhere"' in page
        assert "kept" in page
        assert Member.objects.count() == 0

    def test_known_and_unknown_addresses_get_the_same_answer(self, client):
        first = send(client)
        second = send(client, name="Somebody Else")
        assert (first.status_code, first.url, first.content) == (second.status_code, second.url, second.content)

    def test_a_typo_fixed_after_back_is_one_row_and_only_the_right_address_can_confirm(self, client):
        send(client, email="rosalnid@mailbox.example")
        wrong = links_of_the_email()[0]
        send(client)
        [email] = OutgoingEmail.objects.not_canceled()
        client.post(wrong)
        assert Member.objects.get().status == Member.Status.UNCONFIRMED
        client.post(cast.paths_in(email.body)[0])
        assert (Member.objects.get().status, Member.objects.get().email) == (Member.Status.WAITING, cast.ADDRESS)

    def test_its_cookies_end_with_the_browser(self, client):
        send(client)
        assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == {"csrftoken": "", "form": ""}

    def test_no_page_of_it_may_be_stored(self, client):
        pages = [client.get("/join/"), client.get("/join/received/"), send(client, name="")]
        assert [page["Cache-Control"] for page in pages] == ["no-store"] * 3

    def test_the_next_page_names_the_email(self, client):
        send(client)
        subject = OutgoingEmail.objects.get().subject
        assert subject in client.get("/join/received/").content.decode()

    @pytest.mark.parametrize(
        ("path", "asks"), [("/join/", "What should we call you?"), ("/fr/join/", "Comment devrions-nous vous appeler")]
    )
    def test_the_blank_form_is_rendered_once_per_language_and_contains_no_answers(self, client, path, asks):
        client.get(path)
        client.post(path, {**USUAL, "name": "Somebody Before", "email": "nowhere", "step": "check"})
        response = client.get(path)
        page, made = response.content.decode(), [template.name for template in response.templates]
        assert (asks in page, "Somebody Before" in page, "nowhere" in page) == (True, False, False)
        assert [name for name in made if name.startswith("forms/")] == []

    def test_each_blank_form_has_its_own_token(self, client):
        pages = [client.get("/join/").content.decode() for _twice in "ab"]
        tokens = [re.findall(r'name="form_token" value="([^"]+)"', page) for page in pages]
        assert [len(found) for found in tokens] == [1, 1]
        assert tokens[0] != tokens[1]

    def test_next_steps_and_how_we_decide_come_before_the_form(self, client):
        page = client.get("/join/").content.decode()
        places = [
            page.index(f'id="{name}"') for name in ("text-block-what-is-next", "text-block-how-we-decide", "id_name")
        ]
        assert places == sorted(places)

    def test_one_sentence_says_who_joining_is_for_and_a_fold_out_says_how_to_stay_safe(self, client):
        page = client.get("/join/").content.decode()
        assert (page.count("You need to be an adult."), 'id="read-safety"' in page) == (1, True)

    def test_no_box_is_checked_by_default(self, client):
        assert re.findall(r"<input[^>]*\bchecked\b", client.get("/join/").content.decode()) == []


FULL = {
    "pronouns": "ze/hir", "country": "CA", "region": "CA-QC", "relation": "both", "ways_to_help": ["policy", "media"],
    "access_needs": "captions", "message": 'Two lines,\nand "quotes" & <b>signs</b>', "newsletter": "on",
}  # fmt: skip


def hidden_fields(response):
    """Returns the fields that the next page would send again, as a browser does."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', response.content.decode())
    fields = {}
    for name, value in inputs:
        fields.setdefault(name, []).append(html.unescape(value))
    del fields["csrfmiddlewaretoken"]
    return fields


class TestCheckingAnswers:
    def test_they_are_shown_in_words_and_nothing_is_saved(self, client):
        response = send(client, step="check", **FULL)
        page = response.content.decode()
        words = re.findall(r'<dd id="answer-\w+"[^>]*>(.*?)</dd>', page, re.DOTALL)
        assert response.status_code == 200
        assert "<title>Check your answers</title>" in page
        assert words == [
            cast.NAME, "Yes, email is safe.", cast.ADDRESS, "Yes", "Yes", "ze/hir", "Quebec, Canada", "Both",
            "Policy advocacy, Educational media campaigns", "captions",
            "Two lines,<br>and &quot;quotes&quot; &amp; &lt;b&gt;signs&lt;/b&gt;", "Yes",
        ]  # fmt: skip
        assert (Member.objects.count(), OutgoingEmail.objects.count()) == (0, 0)
        assert "form" not in client.cookies

    def test_empty_answers_are_not_shown(self, client):
        page = send(client, step="check").content.decode()
        assert re.findall(r'id="answer-(\w+)"', page) == [
            "name", "contact", "email", "agreement", "consent", "newsletter"
        ]  # fmt: skip

    def test_send_saves_every_answer(self, client):
        fields = hidden_fields(send(client, step="check", **FULL))
        response = client.post("/join/", {**fields, "step": "send"})
        member = Member.objects.get()
        assert (response.status_code, response.url) == (302, "/join/received/")
        assert (member.name, member.email, member.pronouns) == (cast.NAME, cast.ADDRESS, "ze/hir")
        assert (member.place, member.relation, member.ways_to_help) == ("Quebec", "both", "policy media")
        assert (member.access_needs, member.message.splitlines(), member.newsletter) == (
            "captions", FULL["message"].splitlines(), True
        )  # fmt: skip

    def test_change_fills_in_the_same_form_without_errors(self, client):
        token = token_of(client)
        fields = hidden_fields(client.post("/join/", {**USUAL, **FULL, "form_token": token, "step": "check"}))
        response = client.post("/join/", {**fields, "step": "change"})
        form = response.context["form"]
        assert (form.errors, form["form_token"].value()) == ({}, token)
        assert {name: form[name].value() for name in FULL} == {**FULL, "newsletter": True}
        assert "<title>Join</title>" in response.content.decode()
        assert Member.objects.count() == 0

    def test_change_opens_the_fold_outs(self, client):
        fields = hidden_fields(send(client, step="check"))
        page = client.post("/join/", {**fields, "step": "change"}).content.decode()
        assert '<details class="more" open' in page

    @pytest.mark.parametrize(
        ("answers", "is_open"),
        [({"pronouns": "", "place": ""}, False), ({"pronouns": "she"}, True), ({"place": "Springfieldd"}, True)],
    )
    def test_after_an_error_fold_outs_with_answers_are_open(self, client, answers, is_open):
        """Shows everything typed, without opening seven empty questions."""
        page = client.post("/join/", {"step": "check", "name": "", **answers}).content.decode()
        assert ('<details class="more" open' in page) == is_open

    def test_unchecked_boxes_stay_unchecked(self, client):
        fields = hidden_fields(send(client, step="check"))
        client.post("/join/", {**fields, "step": "send"})
        assert Member.objects.get().newsletter is False

    def test_an_address_with_never_is_carried_nowhere(self, client):
        page = send(client, step="check", contact="none").content.decode()
        assert cast.ADDRESS not in page

    @pytest.mark.parametrize("step", ["check", "change", "send"])
    def test_errors_are_shown_at_every_step(self, client, step):
        response = send(client, step=step, email="nowhere")
        assert "<title>Error: Join</title>" in response.content.decode()
        assert Member.objects.count() == 0

    @pytest.mark.parametrize("step", ["", "something else"])
    def test_a_form_with_an_unknown_step_is_sent(self, client, step):
        assert send(client, step=step).status_code == 302


class TestTypoInTheAddress:
    TYPO = "rosalind@gmial.com"

    def test_the_likely_address_is_offered_and_nothing_is_refused(self, client):
        page = send(client, step="check", email=self.TYPO).content.decode()
        assert "Did you mean <strong>rosalind@gmail.com</strong>?" in page
        assert send(client, email=self.TYPO).status_code == 302
        assert Member.objects.get().email == self.TYPO

    def test_one_button_accepts_it_and_keeps_every_other_answer(self, client):
        fields = hidden_fields(send(client, step="check", email=self.TYPO, **FULL))
        response = client.post("/join/", {**fields, "step": "take_suggestion"})
        changed = hidden_fields(response)
        assert {name for name in fields if fields[name] != changed[name]} == {"email"}
        assert (changed["email"], Member.objects.count()) == (["rosalind@gmail.com"], 0)
        assert "Did you mean" not in response.content.decode()

    def test_an_address_is_kept_in_its_own_script_however_it_was_pasted(self, client):
        send(client, email="\u200bRosalind <rosalind@xn--bcher-kva.example>")
        assert Member.objects.get().email == "rosalind@bücher.example"

    def test_without_an_offer_it_changes_nothing(self, client):
        fields = hidden_fields(send(client, step="check"))
        assert hidden_fields(client.post("/join/", {**fields, "step": "take_suggestion"})) == fields

    def test_a_plausible_address_is_shown_without_a_question(self, client):
        assert "Did you mean" not in send(client, step="check").content.decode()


class TestTheCode:
    def code_on(self, client):
        found = re.findall(
            r'<strong class="code">([0-9A-Z-]+)</strong>', client.get("/join/received/").content.decode()
        )
        return found[0] if found else None

    @pytest.mark.parametrize("answers", [{}, {"contact": "none", "email": ""}, {"website": "spam"}])
    def test_everyone_sees_one_once(self, client, answers):
        send(client, **answers)
        code = self.code_on(client)
        assert Member.objects.get().code_hash == code_hash(code)
        assert self.code_on(client) is None
        assert "We showed your code once" in client.get("/join/received/").content.decode()

    def test_a_known_address_gets_one_that_works_too(self, client):
        cast.waiting()
        send(client, message="somebody else's")
        assert Member.objects.get(code_hash=code_hash(self.code_on(client))).status == Member.Status.UNCONFIRMED

    def test_after_sending_a_fresh_form_the_newer_code_works(self, client):
        send(client)
        send(client)
        assert Member.objects.get().code_hash == code_hash(self.code_on(client))

    def test_a_form_that_can_no_longer_be_amended_stays_and_the_newer_code_is_separate(self, client):
        send(client)
        Member.objects.update(status=Member.Status.WAITING)
        send(client)
        newer = Member.objects.get(code_hash=code_hash(self.code_on(client)))
        assert (newer.status, Member.objects.count()) == (Member.Status.UNCONFIRMED, 2)

    def test_seeing_it_does_not_prevent_amending_after_back(self, client):
        send(client, email="rosalnid@mailbox.example")
        self.code_on(client)
        send(client)
        assert [member.email for member in Member.objects.all()] == [cast.ADDRESS]

    def test_without_a_sent_form_none_is_shown(self, client):
        assert self.code_on(client) is None
        assert client.cookies == {}


class TestLinks:
    def test_viewing_a_confirmation_link_does_nothing(self, client):
        send(client)
        page = client.get(links_of_the_email()[0])
        assert page.status_code == 200
        assert Member.objects.get().status == Member.Status.UNCONFIRMED

    def test_posting_confirms_and_posting_again_says_the_same(self, client):
        send(client)
        link = links_of_the_email()[0]
        first, second = client.post(link, follow=True), client.post(link, follow=True)
        assert Member.objects.get().status == Member.Status.WAITING
        assert first.content == second.content

    def test_viewing_a_withdrawal_link_does_nothing(self, client):
        send(client)
        assert client.get(links_of_the_email()[1]).status_code == 200
        assert Member.objects.count() == 1

    def test_posting_deletes_everything(self, client):
        send(client)
        link = links_of_the_email()[1]
        assert client.post(link, {"do": "withdraw"}).status_code == 302
        assert Member.objects.count() == 0
        assert client.post(link, {"do": "withdraw"}).status_code == 410

    @pytest.mark.parametrize("name", ["confirm", "my_details_link"])
    def test_an_unknown_link_has_expired(self, client, name):
        address = reverse(name, kwargs={"token": "not-a-token"})
        assert [client.get(address).status_code, client.post(address).status_code] == [410, 410]

    def test_a_confirmation_link_does_not_withdraw(self, client):
        send(client)
        token = links_of_the_email()[0].rstrip("/").rpartition("/")[2]
        assert client.post(reverse("my_details_link", kwargs={"token": token})).status_code == 410

    def test_pages_of_email_links_name_no_cause_before_a_post(self, client, settings):
        send(client)
        for link in links_of_the_email():
            page = client.get(link).content.decode().lower()
            assert [word for word in settings.COALITION_WORDS if word in page] == []


def test_the_email_links_to_the_host_for_emails(client, settings):
    settings.EMAIL_LINK_URL = "https://quiet.example"
    send(client)
    assert [link.startswith("https://quiet.example/") for link in cast.links_in(OutgoingEmail.objects.get().body)] == [
        True,
        True,
    ]


def test_a_french_form_leads_to_french_urls(client):
    token = client.get("/fr/join/").context["form"]["form_token"].value()
    response = client.post("/fr/join/", {**USUAL, "form_token": token})
    assert response.url == "/fr/join/received/"
    assert Member.objects.get().language == "fr-ca"
    assert all(path.startswith("/fr/") for path in links_of_the_email())
