"""Stopping emails: by who holds the email, on POST only, without a cookie or a token of the site's."""

import pytest
from django.conf import settings
from django.test import Client

from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.emails import stop_link, unsubscribe_token
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
Reason, Scope = Suppression.Reason, Suppression.Scope
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_program():
    """It has no cookie, and no token of the site's forms."""
    return Client(enforce_csrf_checks=True)


def address_of(email):
    [path] = cast.paths_in(stop_link(email.to_index, email.kind, email.language))
    return path


def stops():
    return [(row.reason, row.scope) for row in Suppression.objects.all()]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", ["welcome", TO_MANY])
def test_looking_stops_nothing_and_names_no_cause(client, kind, language):
    page = client.get(address_of(cast.written(kind=kind, language=language)))
    assert f'<html lang="{language}">' in page.content.decode()
    assert coalition_words_in(page.content.decode()) == []
    assert (page.status_code, stops()) == (200, [])


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("welcome", "No more emails, until I ask for them again."),
        (TO_MANY, "No more news. Emails that are only about me may still come."),
    ],
)
def test_the_page_offers_what_the_email_is_about_and_never(client, kind, first):
    page = Page(client.get(address_of(cast.written(kind=kind))).content.decode())
    offered = [words(element) for element in page.all(tag="label")]
    assert offered == [first, "Never email me, even if someone gives us this address again."]


@pytest.mark.parametrize(
    ("kind", "scope", "left"), [("welcome", Scope.EVERY_EMAIL, []), (TO_MANY, Scope.ANNOUNCEMENTS, ["test"])]
)
def test_a_mail_programs_one_click_stops_what_the_email_is_about_and_calls_back_what_waits(
    mail_program, kind, scope, left
):
    cast.written()
    answer = mail_program.post(address_of(cast.written(kind=kind)), ONE_CLICK)
    assert (answer.status_code, stops()) == (200, [(Reason.UNSUBSCRIBED, scope)])
    assert [email.kind for email in OutgoingEmail.objects.not_canceled()] == left


@pytest.mark.parametrize("kind", ["welcome", TO_MANY])
def test_somebody_may_ask_never_to_be_written_to(client, kind):
    client.post(address_of(cast.written(kind=kind)), {"which": "never"})
    assert stops() == [(Reason.NEVER, Scope.EVERY_EMAIL)]


def test_pressing_twice_is_pressing_once(mail_program):
    address = address_of(cast.written(kind=TO_MANY))
    assert [mail_program.post(address, ONE_CLICK).status_code for _ in range(2)] == [200, 200]
    assert stops() == [(Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)]


def test_news_is_not_asked_for_with_a_link_that_stops_every_email(client):
    answer = client.post(address_of(cast.written()), {"which": Scope.ANNOUNCEMENTS})
    assert (answer.status_code, stops()) == (200, [])


def test_the_token_of_one_scope_or_address_is_not_made_into_that_of_another(client):
    token = unsubscribe_token("index", Scope.ANNOUNCEMENTS)
    forged = [
        "anything",
        token.replace(Scope.ANNOUNCEMENTS, Scope.EVERY_EMAIL),
        token.replace("index", "other"),
        unsubscribe_token("index", "no scope of ours"),
    ]
    assert [client.post(f"/unsubscribe/{each}/", ONE_CLICK).status_code for each in forged] == [404] * 4
    assert stops() == []
