"""The site refuses requests that no browser sends, and requests that are too large, before it parses them."""

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
def test_a_nul_in_a_url_is_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("pair", [("name", "a\0b"), ("na\0me", "a")])
def test_a_nul_in_a_form_is_refused(client, pair):
    answer = client.post("/join/", dict([pair]))
    assert (answer.status_code, 'href="/exit/"' in answer.content.decode()) == (400, True)


def test_a_nul_in_a_cookie_is_refused(client):
    # Python's cookie parser decodes octal: this is a session key with a NUL in it.
    cookie = f'{settings.SESSION_COOKIE_NAME}="aaaaaaaa\\000"'
    assert client.get("/my-details/", headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "zlib", "undefined", "cp037", "utf-16", "", "no such"])
def test_a_form_in_an_unusual_charset_is_refused(client, charset):
    assert client.generic("POST", "/join/", b"name=x", f"{FORM}; charset={charset}").status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_a_form_in_utf_8_is_accepted(client, charset):
    assert client.generic("POST", "/join/", b"name=x", f"{FORM}; charset={charset}").status_code == 200


@pytest.mark.parametrize("kind", [f"{FORM}; charset=zlib", f"{FORM}; charset*=zlib''a", "a; charset=utf-8"])
def test_a_request_with_any_charset_can_be_created(rf, kind):
    environ = rf.post("/?" + "a=1&" * 3000).environ | {"CONTENT_TYPE": kind, "wsgi.input": io.BytesIO()}
    assert ValidatedRequest(environ).path == "/"


# --- size limits


def message_of(count):
    """Return a form whose body has this many bytes."""
    return b"message=" + b"a" * (count - len(b"message="))


@pytest.mark.parametrize("address", ["/join/", "/contact/", "/my-details/", "/account/login/", "/fr/join/"])
def test_a_public_form_is_limited_to_64_kilobytes(client, address):
    assert client.post(address, message_of(BODY_AT_MOST), FORM).status_code == 200
    too_large = client.post(address, message_of(BODY_AT_MOST + 1), FORM)
    assert (too_large.status_code, 'href="/exit/"' in too_large.content.decode()) == (413, True)


def test_a_form_may_have_a_hundred_fields_and_no_more(client):
    statuses = [client.post("/join/", b"a=1&" * count, FORM).status_code for count in (FIELDS_AT_MOST, 101)]
    assert statuses == [200, 400]


def test_an_invalid_session_cookie_lifts_no_limit(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert client.post("/join/", message_of(BODY_AT_MOST + 1), FORM).status_code == 413


class TestSignedInUser:
    def test_may_upload_a_photo_and_select_many_rows(self, client):
        make.signed_in_staff(client)
        assert client.post("/contact/", message_of(2_000_000), FORM).status_code == 200
        assert client.post("/contact/", b"a=1&" * 1500, FORM).status_code == 200

    def test_may_not_send_more_than_that(self, client):
        make.signed_in_staff(client)
        answer = client.post("/contact/", b"", FORM, headers={"Content-Length": str(BODY_OF_STAFF_AT_MOST + 1)})
        assert answer.status_code == 413

    def test_after_the_session_ended_is_asked_to_sign_in_and_gets_no_size_error(self, client):
        user = make.signed_in_staff(client)
        session = client.session
        session["last_seen_at"] -= 3 * 60 * 60
        session.save()
        answer = client.post("/manage/", message_of(BODY_AT_MOST + 1), FORM)
        assert (answer.status_code, user.is_active) == (302, True)
