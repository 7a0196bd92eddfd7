"""What no browser sends, and what is too much, is refused before anything reads it."""

import io

import pytest
from django.conf import settings

from s4jr.security.request_validation import BODY_AT_MOST, BODY_OF_STAFF_AT_MOST, FIELDS_AT_MOST, ValidatedRequest
from tests import make

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "address", ["/join/%00/", "/meetings/?place=%00", "/meetings/?place=\0", "/my-details/a%00b/", "/manage/?q=%00"]
)
def test_a_nul_in_an_address_is_not_read(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("pair", [("name", "a\0b"), ("na\0me", "a")])
def test_a_nul_in_a_form_is_not_read(client, pair):
    answer = client.post("/join/", dict([pair]))
    assert (answer.status_code, 'href="/exit/"' in answer.content.decode()) == (400, True)


def test_a_nul_in_a_cookie_is_not_read(client):
    # Python's cookies know octal: this is a key of the session table with a NUL in it.
    cookie = f'{settings.SESSION_COOKIE_NAME}="aaaaaaaa\\000"'
    assert client.get("/my-details/", headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "zlib", "undefined", "cp037", "utf-16", "", "no such"])
def test_a_form_in_a_strange_charset_is_not_read(client, charset):
    assert client.generic("POST", "/join/", b"name=x", f"{FORM}; charset={charset}").status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_a_form_in_the_webs_own_charset_is_read(client, charset):
    assert client.generic("POST", "/join/", b"name=x", f"{FORM}; charset={charset}").status_code == 200


@pytest.mark.parametrize("kind", [f"{FORM}; charset=zlib", f"{FORM}; charset*=zlib''a", "a; charset=utf-8"])
def test_a_request_is_made_whatever_charset_it_names(rf, kind):
    environ = rf.post("/?" + "a=1&" * 3000).environ | {"CONTENT_TYPE": kind, "wsgi.input": io.BytesIO()}
    assert ValidatedRequest(environ).path == "/"


# --- how much


def message_of(count):
    """A form whose body has so many bytes."""
    return b"message=" + b"a" * (count - len(b"message="))


@pytest.mark.parametrize("address", ["/join/", "/contact/", "/my-details/", "/account/login/", "/fr/join/"])
def test_a_form_of_a_stranger_ends_at_64_kilobytes(client, address):
    assert client.post(address, message_of(BODY_AT_MOST), FORM).status_code == 200
    too_large = client.post(address, message_of(BODY_AT_MOST + 1), FORM)
    assert (too_large.status_code, 'href="/exit/"' in too_large.content.decode()) == (413, True)


def test_a_hundred_fields_are_read_and_one_more_is_not(client):
    statuses = [client.post("/join/", b"a=1&" * count, FORM).status_code for count in (FIELDS_AT_MOST, 101)]
    assert statuses == [200, 400]


def test_a_cookie_that_opens_nothing_lifts_no_limit(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert client.post("/join/", message_of(BODY_AT_MOST + 1), FORM).status_code == 413


class TestWhoIsSignedIn:
    def test_may_send_a_photograph_and_tick_many(self, client):
        make.signed_in_staff(client)
        assert client.post("/contact/", message_of(2_000_000), FORM).status_code == 200
        assert client.post("/contact/", b"a=1&" * 1500, FORM).status_code == 200

    def test_may_not_send_more_than_that(self, client):
        make.signed_in_staff(client)
        answer = client.post("/contact/", b"", FORM, headers={"Content-Length": str(BODY_OF_STAFF_AT_MOST + 1)})
        assert answer.status_code == 413

    def test_is_asked_to_sign_in_again_and_not_told_that_it_was_too_much(self, client):
        user = make.signed_in_staff(client)
        session = client.session
        session["last_seen_at"] -= 3 * 60 * 60
        session.save()
        answer = client.post("/manage/", message_of(BODY_AT_MOST + 1), FORM)
        assert (answer.status_code, user.is_active) == (302, True)
