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
    """Forms that were looked at for a while before they were sent."""
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def address(representative):
    return f"/representatives/{representative.pk}/write/"


def filled_in(client, representative, **said):
    """What a browser sends from a fresh page."""
    page = Page(client.get(address(representative)).content.decode())
    form = {"words": cast.WORDS, "contact": "yes", "email": cast.SENDER, "name": "Rosalind"}
    return {**form, "form_token": page.one(name="form_token")["value"], **said}


def send(client, representative, **said):
    return client.post(address(representative), filled_in(client, representative, **said))


def text(response):
    """What a reader sees, without what differs from one page to the next whatever happens."""
    return re.sub(r'value="[^"]*"|[0-9A-Z]{3}(-[0-9A-Z]{3}){3}', "", response.content.decode())


def code_on(client):
    return re.search(r'class="code">([^<]+)<', client.get(SENT).content.decode())[1]


def with_code(client, code, **more):
    return client.post(ANSWER, {"code": code, **more}, follow=True)


# --- writing


def test_the_form_shows_the_profile_and_the_usual_time(client, imogen):
    Representative.objects.filter(pk=imogen.pk).update(answer_days="2 2 2")
    page = client.get(address(imogen)).content.decode()
    assert ("Imogen Invented" in page, "2 days" in page, cast.HOLDER in page) == (True, True, False)


def test_who_sends_it_is_shown_a_code_once_and_the_answer_stands_behind_it(client, imogen, long_ago):
    response = send(client, imogen)
    code = code_on(client)
    again = client.get(SENT).content.decode()
    cast.answer(RepresentativeMessage.objects.get())

    answer = with_code(client, code.lower().replace("-", " ")).content.decode()
    assert (response.status_code, response["Location"], code in again) == (302, SENT, False)
    assert (cast.ANSWER in answer, "heron" in answer, "Rosalind" in answer) == (True, False, False)
    assert [secret for secret in (cast.SENDER, cast.HOLDER, "mailto:") if secret in answer] == []


def test_send_pressed_twice_is_one_message(client, imogen, long_ago):
    form = filled_in(client, imogen)
    answers = [client.post(address(imogen), form) for _twice in range(2)]
    assert ([answer.status_code for answer in answers], RepresentativeMessage.objects.count()) == ([302, 302], 1)


def test_the_same_form_sent_to_two_representatives_is_two_messages(client, imogen, long_ago):
    orsolya, form = cast.representative("orsolya", "orsolya@desk.example"), filled_in(client, imogen)
    for to in (imogen, orsolya):
        client.post(address(to), form)
    assert sorted(RepresentativeMessage.objects.values_list("representative")) == sorted([(imogen.pk,), (orsolya.pk,)])


def test_an_address_beside_never_e_mail_me_is_dropped_unread(client, imogen, long_ago):
    send(client, imogen, contact="none")
    message = RepresentativeMessage.objects.get()
    assert (message.email, message.email_index, message.flag_reason) == ("", None, "")


@pytest.mark.parametrize(
    ("said", "flag_reason"),
    [({"website": "x"}, "honeypot"), ({"form_token": "forged"}, "no_token"), ({}, "")],
)
def test_what_no_hand_may_have_written_is_held_and_answered_like_the_rest(client, imogen, long_ago, said, flag_reason):
    response = send(client, imogen, **said)
    assert (response["Location"], RepresentativeMessage.objects.get().flag_reason) == (SENT, flag_reason)


def test_a_form_that_was_filled_in_at_once_is_held(client, imogen):
    send(client, imogen)
    assert RepresentativeMessage.objects.get().flag_reason == "too_fast"


def test_very_many_from_one_line_are_held_and_none_is_refused(client, imogen, long_ago):
    answers = [send(client, imogen, email=f"writer{number}@mailbox.example") for number in range(11)]
    held = RepresentativeMessage.objects.exclude(flag_reason="").values_list("flag_reason", flat=True)
    assert ({answer.status_code for answer in answers}, list(held)) == ({302}, ["too_many"])
    assert "127.0.0.1" not in str(list(RateLimit.objects.values()))


def test_very_many_with_one_address_are_held_from_however_many_lines(client, imogen, long_ago):
    for number in range(11):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        send(client, imogen)
    assert list(RepresentativeMessage.objects.exclude(flag_reason="").values_list("flag_reason", flat=True)) == [
        "too_many"
    ]


def test_tagged_spellings_of_one_address_are_held_together_and_not_the_address_without_a_tag(client, imogen, long_ago):
    for number in range(11):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        send(client, imogen, email=f"rosalind+{number}@mailbox.example")
    send(client, imogen)
    held = [message.email for message in RepresentativeMessage.objects.exclude(flag_reason="")]
    assert held == ["rosalind+10@mailbox.example"]


def test_no_line_of_the_log_holds_a_word_or_an_address(client, imogen, long_ago, caplog):
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
def test_a_mistake_is_said_and_what_was_typed_stays(client, imogen, said, mistake):
    response = send(client, imogen, **said)
    assert (response.status_code, mistake in response.content.decode()) == (200, True)
    assert RepresentativeMessage.objects.count() == 0


def unreachable(how, imogen):
    if how == "blocked":
        moderation.block_senders(cast.these(cast.message(imogen)), by=imogen.user)
    changes = {"has no address": {"address": ""}, "blocked": {}}
    type(imogen.user).objects.filter(pk=imogen.user.pk).update(**changes[how])


@pytest.mark.parametrize("how", ["has no address", "blocked"])
def test_the_page_is_the_same_whether_or_not_it_reaches_anybody(client, imogen, long_ago, how, monkeypatch):
    reached = cast.representative("orsolya", "orsolya@desk.example", display_name="Imogen Invented")
    unreachable(how, imogen)
    steps = []
    monkeypatch.setattr("s4jr.security.constant_time.time.sleep", lambda seconds: steps.append(0 < seconds <= STEP))
    told = []
    for to in (imogen, reached):
        response = send(client, to)
        told.append((response.status_code, response["Location"], text(client.get(SENT))))
    assert (told[0], steps) == (told[1], [True, True])


def test_a_hidden_profile_answers_as_one_that_never_was(client, imogen):
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


def test_who_cannot_be_written_to_at_the_moment_has_no_form(client, imogen):
    Representative.objects.filter(pk=imogen.pk).update(takes_messages=False)
    page = client.get(address(imogen)).content.decode()
    assert ("You can’t write to them here right now." in page, "form_token" in page) == (True, False)


def test_a_page_that_was_open_when_they_stopped_taking_messages_is_still_answered(client, imogen, long_ago):
    form = filled_in(client, imogen)
    Representative.objects.filter(pk=imogen.pk).update(takes_messages=False)
    assert client.post(address(imogen), form)["Location"] == SENT


def test_search_engines_are_asked_to_pass_by(client, imogen):
    assert '<meta name="robots" content="noindex">' in client.get(address(imogen)).content.decode()


# --- with a code


def test_the_page_for_a_code_names_no_cause(client):
    page = client.get(ANSWER).content.decode()
    assert ("masthead" in page, "Survivors" in page) == (False, False)


def test_the_next_words_are_added_once(client, imogen):
    message = cast.message(imogen)
    page = Page(with_code(client, cast.code_of(message)).content.decode())
    form = {"do": "write", "words": "One thing more.", "form_token": page.one(name="form_token")["value"]}
    pages = [with_code(client, cast.code_of(message), **form).content.decode() for _twice in range(2)]
    assert (["Your message was added." in page for page in pages], message.said.count()) == ([True, True], 2)


def test_nobody_fills_a_desk_with_one_code(client, imogen):
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


def test_nobody_reports_what_is_not_an_answer_to_them(client, imogen):
    mine, other = cast.message(imogen), cast.message(imogen, email="other@mailbox.example")
    cast.answer(other)
    for word in (*other.said.all(), *mine.said.all()):
        with_code(client, cast.code_of(mine), do="report", word=word.pk)
    assert ConversationMessage.objects.reported().count() == 0


@pytest.mark.parametrize("word", ["", "x", "0", "99999999999999999999"])
def test_a_report_of_nothing_is_no_fault(client, imogen, word):
    assert with_code(client, cast.code_of(cast.message(imogen)), do="report", word=word).status_code == 200


def test_the_code_erases_everything_and_then_opens_nothing(client, imogen):
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


def test_after_many_wrong_codes_only_a_right_one_is_answered(client, imogen):
    for _time in range(20):
        with_code(client, "4FK-9QX-2TM-7WP")
    right = with_code(client, cast.code_of(cast.message(imogen)))
    assert (with_code(client, "4FK-9QX-2TM-7WP").status_code, right.status_code) == (429, 200)


def test_whoever_wrote_to_somebody_who_is_gone_is_told_where_else_to_turn(client, imogen):
    message = cast.message(imogen)
    imogen.user.delete()
    page = with_code(client, cast.code_of(message)).content.decode()
    assert ("The person you wrote to is no longer with us in this role." in page, "/contact/" in page) == (True, True)


def test_the_address_for_emails_answers_the_code_page_and_not_the_form(client, imogen, settings):
    settings.EMAIL_LINK_URL, settings.ALLOWED_HOSTS = "https://emails.example", ["emails.example"]
    asked = [client.get(where, headers={"host": "emails.example"}) for where in (ANSWER, address(imogen), SENT)]
    assert [response.status_code for response in asked] == [200, 404, 404]
