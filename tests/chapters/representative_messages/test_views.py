"""Writing to a representative in the browser, and reading the answer with a code."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chapters.models import ConversationMessage, Representative, RepresentativeMessage
from chapters.representative_messages import moderation
from s4jr.mail.models import OutgoingEmail
from s4jr.security.constant_time import STEP
from s4jr.security.models import RateLimit
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast
from tests.reading import Page

pytestmark = pytest.mark.django_db
SENT, ANSWER = "/representatives/sent/", "/representatives/answer/"
NOBODY = "/representatives/00000000-0000-4000-8000-000000000000/write/"


@pytest.fixture
def imogen():
    return cast.representative()


@pytest.fixture
def long_ago(monkeypatch):
    """Form tokens old enough to look human."""
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def address(representative):
    return f"/representatives/{representative.pk}/write/"


def filled_in(client, representative, **said):
    """Return what a browser submits from a fresh page."""
    page = Page(client.get(address(representative)).content.decode())
    form = {"words": cast.WORDS, "contact": "yes", "email": cast.SENDER, "name": "Rosalind"}
    return {**form, "form_token": page.one(name="form_token")["value"], **said}


def send(client, representative, **said):
    return client.post(address(representative), filled_in(client, representative, **said))


def text(response):
    """Return the page's text without the parts that differ on every page."""
    return re.sub(r'value="[^"]*"|[0-9A-Z]{3}(-[0-9A-Z]{3}){3}', "", response.content.decode())


def code_on(client):
    return re.search(r'class="code">([^<]+)<', client.get(SENT).content.decode())[1]


def with_code(client, code, **more):
    return client.post(ANSWER, {"code": code, **more}, follow=True)


# --- the form


def test_the_form_shows_the_profile_and_the_usual_response_time(client, imogen):
    Representative.objects.filter(pk=imogen.pk).update(answer_days="2 2 2")
    page = client.get(address(imogen)).content.decode()
    assert ("Imogen Invented" in page, "2 days" in page, cast.HOLDER in page) == (True, True, False)


def test_the_sender_sees_a_code_once_and_reads_the_answer_with_it(client, imogen, long_ago):
    response = send(client, imogen)
    code = code_on(client)
    again = client.get(SENT).content.decode()
    cast.answer(RepresentativeMessage.objects.get())

    answer = with_code(client, code.lower().replace("-", " ")).content.decode()
    assert (response.status_code, response["Location"], code in again) == (302, SENT, False)
    assert (cast.ANSWER in answer, "heron" in answer, "Rosalind" in answer) == (True, False, False)
    assert [secret for secret in (cast.SENDER, cast.HOLDER, "mailto:") if secret in answer] == []


def test_a_form_sent_twice_is_one_message(client, imogen, long_ago):
    form = filled_in(client, imogen)
    answers = [client.post(address(imogen), form) for _twice in range(2)]
    assert ([answer.status_code for answer in answers], RepresentativeMessage.objects.count()) == ([302, 302], 1)


def test_the_same_form_sent_to_two_representatives_is_two_messages(client, imogen, long_ago):
    orsolya, form = cast.representative("orsolya", "orsolya@desk.example"), filled_in(client, imogen)
    for to in (imogen, orsolya):
        client.post(address(to), form)
    assert sorted(RepresentativeMessage.objects.values_list("representative")) == sorted([(imogen.pk,), (orsolya.pk,)])


def test_an_address_with_never_email_me_is_dropped(client, imogen, long_ago):
    send(client, imogen, contact="none")
    message = RepresentativeMessage.objects.get()
    assert (message.email, message.email_index, message.flag_reason) == ("", None, "")


@pytest.mark.parametrize(
    ("said", "flag_reason"),
    [({"website": "x"}, "honeypot"), ({"form_token": "forged"}, "no_token"), ({}, "")],
)
def test_an_automated_message_is_flagged_and_gets_the_same_response(client, imogen, long_ago, said, flag_reason):
    response = send(client, imogen, **said)
    assert (response["Location"], RepresentativeMessage.objects.get().flag_reason) == (SENT, flag_reason)


def test_a_form_submitted_too_fast_is_flagged(client, imogen):
    send(client, imogen)
    assert RepresentativeMessage.objects.get().flag_reason == "too_fast"


def test_very_many_from_one_network_are_flagged_and_none_is_refused(client, imogen, long_ago):
    answers = [send(client, imogen, email=f"writer{number}@mailbox.example") for number in range(11)]
    held = RepresentativeMessage.objects.exclude(flag_reason="").values_list("flag_reason", flat=True)
    assert ({answer.status_code for answer in answers}, list(held)) == ({302}, ["too_many"])
    assert "127.0.0.1" not in str(list(RateLimit.objects.values()))


def test_very_many_with_one_address_are_flagged_from_any_number_of_networks(client, imogen, long_ago):
    for number in range(11):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        send(client, imogen)
    assert list(RepresentativeMessage.objects.exclude(flag_reason="").values_list("flag_reason", flat=True)) == [
        "too_many"
    ]


def test_tagged_spellings_of_one_address_share_a_limit_without_the_untagged_address(client, imogen, long_ago):
    for number in range(11):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        send(client, imogen, email=f"rosalind+{number}@mailbox.example")
    send(client, imogen)
    held = [message.email for message in RepresentativeMessage.objects.exclude(flag_reason="")]
    assert held == ["rosalind+10@mailbox.example"]


def test_no_log_line_has_text_or_an_address(client, imogen, long_ago, caplog):
    caplog.set_level(0)
    send(client, imogen)
    code = code_on(client)
    cast.answer(RepresentativeMessage.objects.get())
    with_code(client, code)
    with_code(client, "4FK-9QX-2TM-7WP")
    client.get(NOBODY)
    secrets_said = (cast.SENDER, cast.HOLDER, "heron", "kingfisher", "Rosalind", code)
    assert (caplog.text != "", [said for said in secrets_said if said in caplog.text]) == (True, [])


@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        ({"words": ""}, "Write a few words."),
        ({"email": ""}, "Enter your email address, or choose “Never email me.”"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"words": "x" * 4001}, "4000 characters or fewer"),
    ],
)
def test_errors_are_shown_and_the_typed_text_stays(client, imogen, said, mistake):
    response = send(client, imogen, **said)
    assert (response.status_code, mistake in response.content.decode()) == (200, True)
    assert RepresentativeMessage.objects.count() == 0


def unreachable(how, imogen):
    if how == "blocked":
        moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    changes = {"has no address": {"address": ""}, "blocked": {}}
    type(imogen.user).objects.filter(pk=imogen.user.pk).update(**changes[how])


@pytest.mark.parametrize("how", ["has no address", "blocked"])
def test_the_response_does_not_reveal_whether_the_message_is_delivered(client, imogen, long_ago, how, monkeypatch):
    reached = cast.representative("orsolya", "orsolya@desk.example", display_name="Imogen Invented")
    unreachable(how, imogen)
    steps = []
    monkeypatch.setattr("s4jr.security.constant_time.time.sleep", lambda seconds: steps.append(0 < seconds <= STEP))
    told = []
    for to in (imogen, reached):
        response = send(client, to)
        told.append((response.status_code, response["Location"], text(client.get(SENT))))
    assert (told[0], steps) == (told[1], [True, True])


def test_a_hidden_profile_gets_the_response_of_a_missing_one(client, imogen):
    hidden = cast.representative("orsolya", "orsolya@desk.example", confirmed_on=None, display_name="")
    over = cast.representative("bram", "bram@desk.example", ends_on=places.today(), begins_on=places.today())
    Representative.objects.filter(pk=over.pk).update(
        ends_on=places.today() - cast.timedelta(days=2), begins_on="2020-01-01"
    )
    told = []
    for where in (NOBODY, address(hidden), address(over)):
        for ask in (client.get, client.post):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = ask(where)
            told.append((response.status_code, len(queries), response.content.decode()))
    assert (len(set(told)), told[0][:2]) == (1, (404, 1))
    assert client.get(address(imogen)).status_code == 200


def test_a_representative_who_takes_no_messages_has_no_form(client, imogen):
    Representative.objects.filter(pk=imogen.pk).update(takes_messages=False)
    page = client.get(address(imogen)).content.decode()
    assert ("You can’t write to them here right now." in page, "form_token" in page) == (True, False)


def test_a_form_opened_before_they_stopped_taking_messages_still_gets_a_response(client, imogen, long_ago):
    form = filled_in(client, imogen)
    Representative.objects.filter(pk=imogen.pk).update(takes_messages=False)
    assert client.post(address(imogen), form)["Location"] == SENT


def test_the_form_is_not_indexed(client, imogen):
    assert '<meta name="robots" content="noindex">' in client.get(address(imogen)).content.decode()


# --- with a code


def test_the_page_for_a_code_names_no_cause(client):
    page = client.get(ANSWER).content.decode()
    assert ("masthead" in page, "Survivors" in page) == (False, False)


def test_a_follow_up_is_added_once(client, imogen):
    message = cast.message(imogen)
    page = Page(with_code(client, cast.code_of(message)).content.decode())
    form = {"do": "write", "words": "One thing more.", "form_token": page.one(name="form_token")["value"]}
    pages = [with_code(client, cast.code_of(message), **form).content.decode() for _twice in range(2)]
    assert (["Your message was added." in page for page in pages], message.said.count()) == ([True, True], 2)


def test_the_number_of_follow_ups_per_code_is_limited(client, imogen):
    message = cast.message(imogen)
    for number in range(21):
        page = with_code(client, cast.code_of(message), do="write", words=f"Word {number}").content.decode()
    assert (message.said.count(), "is still below and wasn’t sent." in page, "Word 20" in page) == (21, True, True)


def test_an_answer_can_be_reported_and_is_not_shown_again(client, imogen):
    message = cast.message(imogen)
    cast.answer(message)
    word = message.said.get(is_answer=True)
    said = with_code(client, cast.code_of(message), do="report", word=word.pk, why="It hurts.").content.decode()
    page = with_code(client, cast.code_of(message)).content.decode()
    assert "You reported it" in said
    word.refresh_from_db()
    assert (word.report, bool(word.reported_on), cast.ANSWER in page) == ("It hurts.", True, False)


def test_only_answers_to_the_sender_can_be_reported(client, imogen):
    mine, other = cast.message(imogen), cast.message(imogen, email="other@mailbox.example")
    cast.answer(other)
    for word in (*other.said.all(), *mine.said.all()):
        with_code(client, cast.code_of(mine), do="report", word=word.pk)
    assert ConversationMessage.objects.reported().count() == 0


@pytest.mark.parametrize("word", ["", "x", "0", "99999999999999999999"])
def test_an_invalid_report_is_not_a_server_error(client, imogen, word):
    assert with_code(client, cast.code_of(cast.message(imogen)), do="report", word=word).status_code == 200


def test_the_code_deletes_everything_and_then_opens_nothing(client, imogen):
    message = cast.message(imogen)
    cast.answer(message)
    gone = with_code(client, cast.code_of(message), do="erase")
    again = with_code(client, cast.code_of(message))
    assert (gone.status_code, "We can’t find anything with this code." in again.content.decode()) == (200, True)
    left = RepresentativeMessage.objects.count(), ConversationMessage.objects.count()
    assert (left, OutgoingEmail.objects.filter(kind="message-answer").count()) == ((0, 0), 0)


@pytest.mark.parametrize("code", ["", "4FK-9QX-2TM-7WP", "x" * 61])
def test_a_wrong_code_opens_nothing(client, imogen, code):
    cast.message(imogen)
    response = with_code(client, code)
    assert (response.status_code, "Your status" in response.content.decode()) == (200, False)


def test_after_many_wrong_codes_only_a_right_one_works(client, imogen):
    for _time in range(20):
        with_code(client, "4FK-9QX-2TM-7WP")
    right = with_code(client, cast.code_of(cast.message(imogen)))
    assert (with_code(client, "4FK-9QX-2TM-7WP").status_code, right.status_code) == (429, 200)


def test_a_sender_whose_representative_is_gone_learns_where_else_to_ask(client, imogen):
    message = cast.message(imogen)
    imogen.user.delete()
    page = with_code(client, cast.code_of(message)).content.decode()
    assert ("The person you wrote to is no longer with us in this role." in page, "/contact/" in page) == (True, True)


def test_the_mail_host_serves_the_code_page_and_not_the_form(client, imogen, settings):
    settings.EMAIL_LINK_URL, settings.ALLOWED_HOSTS = "https://emails.example", ["emails.example"]
    asked = [client.get(where, headers={"host": "emails.example"}) for where in (ANSWER, address(imogen), SENT)]
    assert [response.status_code for response in asked] == [200, 404, 404]
