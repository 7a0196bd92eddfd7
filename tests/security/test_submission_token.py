"""The mark of a form and the cookie that remembers it: signed, brief, and holding nothing that was typed."""

import pytest
from django.http import HttpResponse

from s4jr.security import submission_token
from s4jr.security.submission_token import FormKind, SentForm

FORMS = FormKind("forms of this test", "test")


@pytest.fixture
def after(rf):
    """A request with the cookies of a browser that has just been told to remember."""

    def after(token="the-form", **shown):
        response, request = HttpResponse(), rf.get("/")
        FORMS.remember(response, token, **shown)
        request.COOKIES = {name: cookie.value for name, cookie in response.cookies.items()}
        return request

    return after


def test_a_fresh_form_names_the_one_sent_before_it(after):
    assert FORMS.read_token(FORMS.new_token(after())).previous == "the-form"


def test_it_is_remembered_whether_its_code_was_shown(after):
    assert FORMS.sent_last(after()) == SentForm("the-form", code_was_shown=False)
    assert FORMS.sent_last(after(code_was_shown=True)) == SentForm("the-form", code_was_shown=True)


def test_half_an_hour_later_it_is_forgotten(after, monkeypatch):
    request = after()
    monkeypatch.setattr(submission_token, "REMEMBERED_SECONDS", -1)
    assert FORMS.sent_last(request) == SentForm()


def test_a_form_that_comes_back_within_three_seconds_was_not_filled_in_by_hand(rf, monkeypatch):
    token = FORMS.new_token(rf.get("/"))
    seen = [FORMS.read_token(token).is_too_fast]
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)
    assert [*seen, FORMS.read_token(token).is_too_fast] == [True, False]


def test_what_another_kind_of_form_signed_is_not_ours(rf, after):
    others = FormKind("other forms", "test")
    assert FORMS.read_token(others.new_token(rf.get("/"))).is_ours is False
    assert others.sent_last(after()) == SentForm()


def test_a_cookie_that_we_did_not_sign_is_nothing(rf):
    request = rf.get("/")
    request.COOKIES = {FORMS.cookie: "the-form.shown:1abc:forged"}
    assert FORMS.sent_last(request) == SentForm()


def test_no_script_can_read_the_cookie_and_it_ends_with_the_browser():
    response = HttpResponse()
    FORMS.remember(response, "the-form")
    cookie = response.cookies[FORMS.cookie]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (True, "Strict", "", "")
