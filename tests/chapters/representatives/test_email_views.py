"""A representative sees and changes where emails to them go; the coalition sees whom it cannot reach."""

import re

import pytest
from django.urls import reverse

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
STOPPED = "Emails to this address are stopped."


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


def test_they_see_their_address_and_that_emails_reach_it(client, term):
    page = words_of(client.get(EMAIL))
    assert (cast.ADDRESS in page, "Emails reach this address" in page) == (True, True)


def test_after_one_unsubscribe_their_pages_say_so(client, term):
    stop()
    assert STOPPED in words_of(client.get(EMAIL))
    assert "Our emails don’t reach you." in words_of(client.get(reverse("representative_term", args=[term.pk])))


def test_they_have_emails_come_again_by_a_link_in_that_mailbox(client, term):
    stop()
    client.post(EMAIL, {"action": "again"})
    link = link_to(cast.ADDRESS)
    client.get(link)
    assert STOPPED in words_of(client.get(EMAIL))
    assert "Confirmed." in words_of(client.post(link, follow=True))
    assert Suppression.objects.count() == 0


def test_another_address_is_theirs_once_its_mailbox_confirmed_it(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    assert orla().address == cast.ADDRESS
    client.post(link_to(NEW))
    assert (orla().address, orla().new_address) == (NEW, None)
    assert [email.to for email in OutgoingEmail.objects.filter(kind="representative-address-changed")] == [cast.ADDRESS]
    assert AccessLog.objects.filter(action="changed", field_names="address").get().who == "orla"


def test_whether_a_strangers_address_gets_emails_is_not_said(client, term):
    answers = []
    stop("stopped@mailbox.example")
    for address in ("stopped@mailbox.example", "other@mailbox.example"):
        answers.append(words_of(client.post(EMAIL, {"action": "change", "address": address}, follow=True)))
    assert ["a link is on its way" in answer for answer in answers] == [True, True]
    assert [email.to for email in OutgoingEmail.objects.all()] == ["other@mailbox.example"]


@pytest.mark.parametrize("token", ["nothing", "WzEsICJ4Il0:1abcde:nothing"])
def test_a_link_that_is_none_changes_nothing(client, term, token):
    answer = client.post(reverse("representative_email_confirm", args=[token]), follow=True)
    assert ("This link no longer works." in words_of(answer), orla().address) == (True, cast.ADDRESS)


def test_only_the_last_address_asked_for_can_be_confirmed(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    client.post(EMAIL, {"action": "change", "address": "orla.third@mailbox.example"})
    client.post(link_to(NEW))
    assert orla().address == cast.ADDRESS


def test_somebody_elses_link_changes_nothing(client, term):
    client.post(EMAIL, {"action": "change", "address": NEW})
    link = link_to(NEW)
    client.logout()
    other = people.somebody("edda")
    cast.representative(user=other)
    people.sign_in(client, other)
    client.post(link)
    assert (orla().address, User.objects.get(pk=other.pk).address) == (cast.ADDRESS, cast.ADDRESS)


def test_the_coalition_sees_who_cannot_be_reached(client):
    make.signed_in_staff(client)
    for username, address in (("orla", cast.ADDRESS), ("edda", "edda@mailbox.example"), ("bram", "")):
        cast.representative(user=make.person_who_signs_in(username, address=address))
    stop()
    page = client.get("/manage/chapters/representative/?email=no")
    assert {term.user.username for term in page.context["cl"].result_list} == {"orla", "bram"}
    assert [cell in words_of(page) for cell in ("stopped", "no address", cast.ADDRESS)] == [True, True, False]


def test_a_representative_replaces_an_address_that_nobody_can_decrypt(client, term):
    break_one(orla(), "address")
    assert client.get(EMAIL).status_code == 200
    assert client.post(EMAIL, {"action": "change", "address": NEW}).status_code == 302
    assert (client.post(link_to(NEW)).status_code, orla().address) == (302, NEW)
