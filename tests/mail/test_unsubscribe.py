"""Unsubscribing: anyone who has the email can do it, by POST only, without a cookie or CSRF token."""

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
    """A client without cookies and CSRF tokens."""
    return Client(enforce_csrf_checks=True)


def address_of(email):
    [path] = cast.paths_in(stop_link(email.to_index, email.kind, email.language))
    return path


def stops():
    return [(row.reason, row.scope) for row in Suppression.objects.all()]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", ["welcome", TO_MANY])
def test_a_get_stops_nothing_and_names_no_cause(client, kind, language):
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
def test_the_page_offers_the_scope_of_the_email_and_never(client, kind, first):
    page = Page(client.get(address_of(cast.written(kind=kind))).content.decode())
    offered = [words(element) for element in page.all(tag="label")]
    assert offered == [first, "Never email me, even if someone gives us this address again."]


@pytest.mark.parametrize(
    ("kind", "scope", "left"), [("welcome", Scope.EVERY_EMAIL, []), (TO_MANY, Scope.ANNOUNCEMENTS, ["test"])]
)
def test_one_click_unsubscribe_stops_the_scope_of_the_email_and_cancels_pending_ones(mail_program, kind, scope, left):
    cast.written()
    answer = mail_program.post(address_of(cast.written(kind=kind)), ONE_CLICK)
    assert (answer.status_code, stops()) == (200, [(Reason.UNSUBSCRIBED, scope)])
    assert [email.kind for email in OutgoingEmail.objects.not_canceled()] == left


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
FIELD = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
CHARSETS = [
    "utf-8",
    '"UTF-8"',
    "utf8",
    "us-ascii",
    "iso-8859-1",
    "windows-1252",
    "utf-16",
    "zlib",
    "no such",
    '""',
    "'",
]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(("kind", "body"), [(FORM, b"List-Unsubscribe=One-Click"), (PARTS, FIELD)])
def test_one_click_unsubscribe_works_whatever_charset_the_mail_program_names(mail_program, kind, body, charset):
    for language in ("en", "fr-ca"):
        address = address_of(cast.written(language=language, to=f"{language}@mailbox.example"))
        assert mail_program.generic("POST", address, body, f"{kind}; charset={charset}").status_code == 200
    assert stops() == [(Reason.UNSUBSCRIBED, Scope.EVERY_EMAIL)] * 2


@pytest.mark.parametrize(
    "kind", [f"{FORM}; charset*=zlib''a", f"{FORM};charset", f"{FORM}; Charset=UTF-8; q=1", FORM.upper(), ""]
)
def test_one_click_unsubscribe_works_with_an_odd_content_type(mail_program, kind):
    body = b"List-Unsubscribe=One-Click"
    assert mail_program.generic("POST", address_of(cast.written()), body, kind).status_code == 200
    assert stops() == [(Reason.UNSUBSCRIBED, Scope.EVERY_EMAIL)]


@pytest.mark.parametrize("kind", ["welcome", TO_MANY])
def test_a_reader_can_choose_never_email_me(client, kind):
    client.post(address_of(cast.written(kind=kind)), {"which": "never"})
    assert stops() == [(Reason.NEVER, Scope.EVERY_EMAIL)]


def test_a_second_post_changes_nothing(mail_program):
    address = address_of(cast.written(kind=TO_MANY))
    assert [mail_program.post(address, ONE_CLICK).status_code for _ in range(2)] == [200, 200]
    assert stops() == [(Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)]


def test_a_link_for_every_email_cannot_request_announcements(client):
    answer = client.post(address_of(cast.written()), {"which": Scope.ANNOUNCEMENTS})
    assert (answer.status_code, stops()) == (200, [])


def test_a_token_cannot_be_changed_to_another_scope_or_address(client):
    token = unsubscribe_token("index", Scope.ANNOUNCEMENTS)
    forged = [
        "anything",
        token.replace(Scope.ANNOUNCEMENTS, Scope.EVERY_EMAIL),
        token.replace("index", "other"),
        unsubscribe_token("index", "no scope of ours"),
    ]
    assert [client.post(f"/unsubscribe/{each}/", ONE_CLICK).status_code for each in forged] == [404] * 4
    assert stops() == []
