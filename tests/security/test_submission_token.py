"""The form token and its cookie: signed, short-lived, and without any form data."""

import pytest
from django.http import HttpResponse

from s4jr.security import submission_token
from s4jr.security.submission_token import FormKind, SentForm

FORMS = FormKind("forms of this test", "test")


@pytest.fixture
def after(rf):
    """A request with the cookies that a browser has after a submission."""

    def after(token="the-form", **shown):
        response, request = HttpResponse(), rf.get("/")
        FORMS.remember(response, token, **shown)
        request.COOKIES = {name: cookie.value for name, cookie in response.cookies.items()}
        return request

    return after


def test_a_new_form_names_the_one_sent_before_it(after):
    assert FORMS.read_token(FORMS.new_token(after())).previous == "the-form"


def test_the_cookie_records_whether_the_code_was_shown(after):
    assert FORMS.sent_last(after()) == SentForm("the-form", code_was_shown=False)
    assert FORMS.sent_last(after(code_was_shown=True)) == SentForm("the-form", code_was_shown=True)


def test_the_cookie_expires_after_half_an_hour(after, monkeypatch):
    request = after()
    monkeypatch.setattr(submission_token, "REMEMBERED_SECONDS", -1)
    assert FORMS.sent_last(request) == SentForm()


def test_a_form_submitted_within_three_seconds_counts_as_automated(rf, monkeypatch):
    token = FORMS.new_token(rf.get("/"))
    seen = [FORMS.read_token(token).is_too_fast]
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)
    assert [*seen, FORMS.read_token(token).is_too_fast] == [True, False]


def test_a_token_of_another_kind_of_form_is_invalid(rf, after):
    others = FormKind("other forms", "test")
    assert FORMS.read_token(others.new_token(rf.get("/"))).is_ours is False
    assert others.sent_last(after()) == SentForm()


def test_a_cookie_with_a_bad_signature_is_ignored(rf):
    request = rf.get("/")
    request.COOKIES = {FORMS.cookie: "the-form.shown:1abc:forged"}
    assert FORMS.sent_last(request) == SentForm()


def test_the_cookie_is_httponly_and_a_session_cookie():
    response = HttpResponse()
    FORMS.remember(response, "the-form")
    cookie = response.cookies[FORMS.cookie]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (True, "Strict", "", "")
