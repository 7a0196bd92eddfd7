"""Representatives see and change their email address; the coalition sees which ones it cannot reach."""

import re

import pytest
from django.urls import reverse

from chapters.models import Representative
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import stop_emails
from tests import make
from tests.audit.test_unreadable_values import break_one
from tests.chapters import cast
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db
EMAIL, NEW = reverse("representative_email"), "orla.elsewhere@mailbox.example"
STOPPED = "We don’t email this address."


@pytest.fixture
def term(client):
    return people.signed_in_representative(client)


def stop(address=cast.ADDRESS, reason="unsubscribed"):
    stop_emails(blind_index(address), reason)


def words_of(response):
    return " ".join(response.content.decode().split())


def link_to(address):
    [email] = [email for email in OutgoingEmail.objects.all() if email.to == address]
    return re.search(r"https?://[^/]+(/desk/email/\S+)", email.body)[1]


def orla():
    return User.objects.get(username="orla")


def test_the_page_shows_the_address_and_that_it_gets_emails(client, term):
    page = words_of(client.get(EMAIL))
    assert (cast.ADDRESS in page, "Emails reach this address" in page) == (True, True)


def test_the_pages_report_an_unsubscribe(client, term):
    stop()
    assert STOPPED in words_of(client.get(EMAIL))
    assert "Our emails don’t reach you." in words_of(client.get(reverse("representative_term", args=[term.pk])))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda: None, f"<bdi>{cast.ADDRESS}</bdi>: emails reach you"),
        (stop, f"<bdi>{cast.ADDRESS}</bdi>: emails are stopped"),
        (lambda: stop(reason="bounced"), f"<bdi>{cast.ADDRESS}</bdi>: emails come back, because it doesn’t exist"),
        (lambda: User.objects.update(address=""), "<dd>no address"),
        (
            lambda: User.objects.update(new_address=NEW),
            f"<bdi>{cast.ADDRESS}</bdi>: emails reach you&nbsp;· a new address isn’t confirmed yet",
        ),
    ],
    ids=["reached", "stopped", "bounced", "none", "not confirmed"],
)
def test_their_own_page_shows_their_address_and_its_state(client, term, happens, said):
    happens()
    assert said in words_of(client.get(reverse("representative_term", args=[term.pk]))).replace("<dd> ", "<dd>")


def test_an_address_that_bounced_cannot_ask_for_emails_again_and_a_new_one_waits_to_be_confirmed(client, term):
    stop(reason="bounced")
    client.post(EMAIL, {"action": "change", "address": NEW})
    page = words_of(client.get(EMAIL))
    said = ["it doesn’t exist", "Send me emails again", f"<bdi>{NEW}</bdi> isn’t confirmed"]
    assert [text in page for text in said] == [True, False, True]


@pytest.mark.parametrize(
    ("answers", "said"),
    [("1 2", "not shown yet: it takes three answers"), ("1 2 5", "2 days"), ("0 0 0", "less than a day")],
)
def test_their_own_page_shows_the_usual_response_time_as_readers_see_it(client, term, answers, said):
    Representative.objects.update(answer_days=answers)
    page = words_of(client.get(reverse("representative_term", args=[term.pk])))
    assert f"<dt>Usual response time</dt><dd>{said}" in page


def test_a_link_sent_to_the_address_allows_emails_again(client, term):
    stop()
    client.post(EMAIL, {"action": "again"})
    link = link_to(cast.ADDRESS)
    client.get(link)
    assert STOPPED in words_of(client.get(EMAIL))
    assert "Confirmed." in words_of(client.post(link, follow=True))
    assert Suppression.objects.count() == 0


def test_a_new_address_counts_once_its_mailbox_confirms_it(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    assert orla().address == cast.ADDRESS
    client.post(link_to(NEW))
    assert (orla().address, orla().new_address) == (NEW, None)
    assert [email.to for email in OutgoingEmail.objects.filter(kind="representative-address-changed")] == [cast.ADDRESS]
    assert AccessLog.objects.filter(action="changed", field_names="address").get().who == "orla"


def test_the_response_does_not_reveal_whether_another_address_gets_emails(client, term):
    answers = []
    stop("stopped@mailbox.example")
    for address in ("stopped@mailbox.example", "other@mailbox.example"):
        answers.append(words_of(client.post(EMAIL, {"action": "change", "address": address}, follow=True)))
    assert ["a link is on its way" in answer for answer in answers] == [True, True]
    assert [email.to for email in OutgoingEmail.objects.all()] == ["other@mailbox.example"]


@pytest.mark.parametrize("token", ["nothing", "WzEsICJ4Il0:1abcde:nothing"])
def test_an_invalid_link_changes_nothing(client, term, token):
    answer = client.post(reverse("representative_email_confirm", args=[token]), follow=True)
    assert ("This link no longer works." in words_of(answer), orla().address) == (True, cast.ADDRESS)


def test_only_the_last_requested_address_can_be_confirmed(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    client.post(EMAIL, {"action": "change", "address": "orla.third@mailbox.example"})
    client.post(link_to(NEW))
    assert orla().address == cast.ADDRESS


def test_another_users_link_changes_nothing(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    link = link_to(NEW)
    client.logout()
    other = people.somebody("edda")
    cast.representative(user=other)
    people.sign_in(client, other)
    client.post(link)
    assert (orla().address, User.objects.get(pk=other.pk).address) == (cast.ADDRESS, cast.ADDRESS)


def test_the_coalition_sees_which_representatives_it_cannot_reach(client):
    make.signed_in_staff(client)
    for username, address in (("orla", cast.ADDRESS), ("edda", "edda@mailbox.example"), ("bram", "")):
        cast.representative(user=make.person_who_signs_in(username, address=address))
    stop()
    page = client.get("/manage/chapters/representative/?email=no")
    assert {term.user.username for term in page.context["cl"].result_list} == {"orla", "bram"}
    assert [cell in words_of(page) for cell in ("stopped", "no address", cast.ADDRESS)] == [True, True, False]


def test_a_representative_can_replace_an_address_that_cannot_be_decrypted(client, term):
    break_one(orla(), "address")
    assert client.get(EMAIL).status_code == 200
    assert client.post(EMAIL, {"action": "change", "address": NEW}).status_code == 302
    assert (client.post(link_to(NEW)).status_code, orla().address) == (302, NEW)
