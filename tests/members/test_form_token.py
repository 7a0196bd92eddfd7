"""The mark of a form and the cookie that remembers it: signed, brief, and holding nothing that was typed."""

import pytest
from django.http import HttpResponse

from members import form_token
from members.form_token import SentForm, new_token, read_token, remember, sent_last


@pytest.fixture
def after(rf):
    """A request with the cookies of a browser that has just been told to remember."""

    def after(token="the-form", **shown):
        response, request = HttpResponse(), rf.get("/join/")
        remember(response, token, **shown)
        request.COOKIES = {name: cookie.value for name, cookie in response.cookies.items()}
        return request

    return after


def test_a_fresh_form_names_the_one_sent_before_it(after):
    assert read_token(new_token(after())).previous == "the-form"


def test_it_is_remembered_whether_its_code_was_shown(after):
    assert sent_last(after()) == SentForm("the-form", code_was_shown=False)
    assert sent_last(after(code_was_shown=True)) == SentForm("the-form", code_was_shown=True)


def test_a_code_that_was_shown_does_not_spoil_the_name_of_the_form(after):
    assert read_token(new_token(after(code_was_shown=True))).previous == "the-form"


def test_half_an_hour_later_it_is_forgotten(after, monkeypatch):
    request = after()
    monkeypatch.setattr(form_token, "REMEMBERED_SECONDS", -1)
    assert sent_last(request) == SentForm()


def test_a_browser_that_sent_nothing_is_remembered_for_nothing(rf):
    assert sent_last(rf.get("/join/")) == SentForm()


def test_a_cookie_that_we_did_not_sign_is_nothing(rf):
    request = rf.get("/join/")
    request.COOKIES = {form_token.COOKIE: "the-form.shown:1abc:forged"}
    assert sent_last(request) == SentForm()


def test_no_script_can_read_the_cookie_and_it_ends_with_the_browser():
    response = HttpResponse()
    remember(response, "the-form")
    cookie = response.cookies[form_token.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (True, "Strict", "", "")
