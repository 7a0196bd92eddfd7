"""A representative's inbox shows their own messages, and reveals nothing about others in text, numbers or queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chapters.models import Block, ConversationMessage, RepresentativeMessage
from chapters.representative_messages import escalation, moderation
from chapters.representative_messages import services as message_services
from s4jr.audit.models import AccessLog
from s4jr.conversations.models import SavedReply
from tests import make
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db
LIST = "/desk/messages/"
NOBODY_S = f"{LIST}00000000-0000-4000-8000-000000000000/"


@pytest.fixture
def imogen():
    return cast.representative()


def signed_in(representative):
    client = Client()
    make.second_factor(representative.user)
    make.sign_in(client, representative.user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(representative.user)})
    return client


def page_of(message):
    return f"{LIST}{message.pk}/"


def answers_on(client, message, **said):
    page = Page(client.get(page_of(message)).content.decode())
    seen, mark = page.all(name="seen")[0]["value"], page.one(name="form_token")["value"]
    return client.post(page_of(message), {"words": cast.ANSWER, "seen": seen, "form_token": mark, **said}, follow=True)


def test_representatives_are_not_offered_the_saved_replies_of_admins(imogen):
    SavedReply.objects.create(title="Thank you", text="Thank you for writing to us.")
    page = signed_in(imogen).get(page_of(cast.message(imogen))).content.decode()
    assert ("heron" in page, "Saved reply" in page) == (True, False)


def sample(text="I’ll answer within a week.", **fields):
    return SavedReply.objects.create(**{"title": "A few days", "text": text, "audience": "representatives", **fields})


def test_a_sample_answer_is_put_into_the_answer_without_sending_anything(imogen):
    message, client, chosen = cast.message(imogen), signed_in(imogen), sample()
    assert "Sample answer" in client.get(page_of(message)).content.decode()
    page = client.post(f"{page_of(message)}insert/", {"words": "Hello,", "seen": 1, "saved_reply": chosen.pk})
    assert page.context["form"]["words"].value() == "Hello,\n\nI’ll answer within a week."
    assert (message.said.count(), cast.emails("message-answer")) == (1, [])


def test_a_sample_answer_that_was_chosen_and_not_inserted_is_not_sent(imogen):
    message = cast.message(imogen)
    response = answers_on(signed_in(imogen), message, saved_reply=sample().pk)
    assert list(response.context["form"].errors) == ["saved_reply"]
    assert message.said.count() == 1


def test_sample_answers_are_inserted_into_own_conversations_only(imogen):
    other = cast.message(cast.representative("orsolya", "orsolya@desk.example"))
    said = {"words": "", "seen": 1, "saved_reply": sample().pk}
    assert signed_in(imogen).post(f"{page_of(other)}insert/", said).status_code == 404


def test_the_list_shows_no_text_of_messages(imogen):
    message = cast.message(imogen)
    page = signed_in(imogen).get(LIST).content.decode()
    assert (message.number in page, "not read yet" in page) == (True, True)
    assert [secret for secret in ("heron", cast.SENDER) if secret in page] == []


def test_the_list_names_its_senders_and_the_access_is_logged(imogen):
    message, nameless = cast.message(imogen), cast.message(imogen, name="")
    page = signed_in(imogen).get(LIST).content.decode()
    noted = AccessLog.objects.filter(action="opened").values_list("who", "object_id", "field_names")
    message.refresh_from_db()
    assert ("<bdi>Rosalind</bdi>" in page, nameless.number in page, message.read_on) == (True, True, None)
    assert list(noted) == [("imogen", message.number, "name")]


def test_possible_spam_has_no_name_in_the_list(imogen):
    message = cast.message(imogen, flag_reason="too_fast")
    page = signed_in(imogen).get(LIST).content.decode()
    assert (message.number in page, "Rosalind" in page) == (True, False)


def test_a_conversation_shows_no_address_and_the_access_is_logged(imogen):
    message = cast.message(imogen)
    page = signed_in(imogen).get(page_of(message)).content.decode()
    message.refresh_from_db()
    noted = AccessLog.objects.filter(object_id=message.number).values_list("who", "action", "field_names")
    assert ("heron" in page, "Rosalind" in page, cast.SENDER in page, "mailto:" in page) == (True, True, False, False)
    assert (message.read_on, list(noted)) == (places.today(), [("imogen", "opened", "name words")])
    assert "Message from <bdi>Rosalind</bdi>" in page


def test_an_answer_is_emailed(imogen):
    message = cast.message(imogen)
    response = answers_on(signed_in(imogen), message)
    message.refresh_from_db()
    assert (response.redirect_chain, message.state) == ([(LIST, 302)], "answered")
    assert ("We email it to them." in response.content.decode(), cast.emails("message-answer")) == (
        True,
        [cast.SENDER],
    )


def test_an_answer_with_the_representatives_own_address_is_refused(imogen):
    message = cast.message(imogen)
    response = answers_on(signed_in(imogen), message, words=f"Write to {cast.HOLDER.upper()} instead.")
    assert "Your own email address is in your answer" in response.content.decode()
    assert (cast.emails("message-answer"), message.said.count()) == ([], 1)


def test_a_follow_up_sent_meanwhile_is_shown_and_the_answer_stays_in_the_form(imogen):
    message, client = cast.message(imogen), signed_in(imogen)
    message_services.add_message(cast.these(message), "Wait, I forgot.", "a mark")
    response = answers_on(client, message, seen=1)
    page = response.content.decode()
    assert (response.status_code, "Wait, I forgot." in page, cast.ANSWER in page) == (409, True, True)
    assert (message.said.count(), Page(page).all(name="seen")[0]["value"]) == (2, "2")


def test_a_message_that_needs_no_answer_can_be_closed(imogen):
    message, client = cast.message(imogen), signed_in(imogen)
    answers = [client.post(f"{page_of(message)}close/", {"seen": 1}).status_code for _twice in range(2)]
    message.refresh_from_db()
    assert (answers, message.state, cast.emails("message-answer")) == ([302, 409], "closed", [])


def test_reported_text_is_not_shown_again(imogen):
    message, client = cast.message(imogen), signed_in(imogen)
    word = message.said.get()
    client.post(f"{page_of(message)}report/", {"word": word.pk, "why": "It hurts."})
    word.refresh_from_db()
    assert (word.report, "heron" in client.get(page_of(message)).content.decode()) == ("It hurts.", False)


def test_own_text_and_other_conversations_cannot_be_reported(imogen):
    mine = cast.message(imogen)
    other = cast.message(cast.representative("orsolya", "orsolya@desk.example"))
    cast.answer(mine)
    client = signed_in(imogen)
    for word in (mine.said.get(is_answer=True).pk, other.said.get().pk, "x", "1\x00", ""):
        client.post(f"{page_of(mine)}report/", {"word": word})
    assert ConversationMessage.objects.reported().count() == 0


def test_a_blocked_sender_is_hidden_until_unblocked(imogen):
    message, client = cast.message(imogen), signed_in(imogen)
    client.post(f"{page_of(message)}block/")
    gone = client.get(LIST).content.decode()
    assert (message.number in gone, client.get(page_of(message)).status_code) == (False, 404)
    assert "1 blocked sender" in gone

    client.post(f"{LIST}again/", {"block": Block.objects.get().pk})
    assert message.number in client.get(LIST).content.decode()


def every_address(message):
    page = page_of(message)
    return [(method, f"{page}{word}") for method in ("get", "post") for word in ("", "close/", "report/", "block/")]


def test_messages_of_others_are_404_with_the_queries_of_a_missing_one(imogen):
    message = cast.message(imogen)
    client = signed_in(cast.representative("orsolya", "orsolya@desk.example", place="CA-QC"))
    client.get(LIST)
    told = set()
    for method, where in every_address(message):
        for there in (where, where.replace(page_of(message), NOBODY_S)):
            with CaptureQueriesContext(connection) as queries:
                response = getattr(client, method)(there)
            told.add((method, response.status_code, len(queries), response.content))
    assert ({status for _method, status, _queries, _page in told}, len(told)) == ({404}, 2)
    assert (message.number in client.get(LIST).content.decode(), AccessLog.objects.count()) == (False, 0)


def test_after_the_term_everything_is_404(imogen):
    message, client = cast.message(imogen), signed_in(imogen)
    over = places.today() - cast.timedelta(days=2)
    type(imogen).objects.filter(pk=imogen.pk).update(begins_on="2020-01-01", ends_on=over)
    assert [client.get(where).status_code for where in (LIST, page_of(message))] == [404, 404]


@pytest.mark.parametrize("method", ["get", "post"])
def test_users_without_a_term_cannot_unblock(client, method):
    make.signed_in_staff(client)
    assert getattr(client, method)(f"{LIST}again/").status_code == 404


@pytest.mark.parametrize("kind", ["visitor", "admin without a term", "password alone"])
def test_no_one_else_has_access(imogen, kind, client):
    message = cast.message(imogen)
    if kind == "admin without a term":
        make.signed_in_staff(client)
    elif kind == "password alone":
        make.second_factor(imogen.user)
        make.sign_in(client, imogen.user)
    answers = [getattr(client, method)(where) for method, where in every_address(message)]
    assert [answer.status_code for answer in answers if answer.status_code not in (302, 403, 404, 405)] == []
    assert [answer for answer in answers if "heron" in answer.content.decode()] == []
    message.refresh_from_db()
    assert (message.state, message.read_on, Block.objects.count()) == ("open", None, 0)


def test_a_message_that_the_coalition_took_over_is_404(imogen):
    message = cast.message(imogen, coalition_may_answer=True)
    cast.grow_old(message, 7)
    escalation.take_over(cast.these(message), by=make.admin())
    assert signed_in(imogen).get(page_of(message)).status_code == 404


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(imogen):
    """Each message is to another term, of a chapter of its own, and each blocked sender is another."""
    client = signed_in(imogen)

    def create(number):
        term = places.of_chapter(places.one_of_many_chapters(number), user=imogen.user)
        cast.message(term, email=f"writer{number}@mailbox.example")
        blocked = cast.message(term, email=f"blocked{number}@mailbox.example")
        moderation.block_senders(cast.these(blocked), by=imogen.user)

    one, thirty = for_one_and_thirty(create, lambda: client.get(LIST))
    page = client.get(LIST).content.decode()
    shown = [page.count(words) for words in (' conversation--waits"', "· Circle ", "Blocked since ")]
    assert (one, shown) == (thirty, [30, 30, 30])


def test_a_long_conversation_takes_as_many_queries_as_a_short_one(imogen):
    message, client = cast.message(imogen), signed_in(imogen)

    def create(number):
        message_services.add_message(cast.these(message), f"Word {number}", f"mark {number}")
        who = places.person(f"bram{number}")
        message.said.create(is_answer=True, words=f"Answer {number}", at=timezone.now(), by=who)

    one, thirty = for_one_and_thirty(create, lambda: client.get(page_of(message)))
    assert (one, client.get(page_of(message)).content.decode().count("Your answer, ")) == (thirty, 30)


def test_an_empty_inbox_says_so(imogen):
    page = signed_in(imogen).get(LIST).content.decode()
    assert ("You have no messages." in page, RepresentativeMessage.objects.count()) == (True, 0)
