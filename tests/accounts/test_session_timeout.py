"""How long a session lasts, and what happens to a form that a user submits after it ended."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from s4jr.accounts.models import User
from s4jr.accounts.session_timeout import HOURS_IN_ALL, idle
from s4jr.security import form_recovery
from s4jr.urls import urlpatterns as site_urls
from tests import make
from tests.reading import Page

pytestmark = pytest.mark.django_db

TYPED = "/account/typed/"
CANARY = "canary.address@example.org"


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


def back_dated(client, **minutes):
    """A function that ages this client's session: `in_this_pause=16`, `since_signing_in=500` (minutes)."""
    session = client.session
    session["last_seen_at"] -= 60 * minutes.get("in_this_pause", 0)
    session["signed_in_at"] -= 60 * minutes.get("since_signing_in", minutes.get("in_this_pause", 0))
    session.save()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


RECORDS = "admin:members_member_changelist"
EMAILS = "admin:mail_outgoingemail_changelist"
WORDS = "admin:content_textblock_changelist"
STATISTICS = "admin:pages_statistic_changelist"


@pytest.mark.parametrize(
    ("page", "minutes", "stays"),
    [(RECORDS, 14, True), (RECORDS, 15, False), (EMAILS, 14, True), (EMAILS, 15, False),
     (WORDS, 59, True), (WORDS, 60, False), (STATISTICS, 59, True), (STATISTICS, 60, False), ("admin:index", 59, True)],
)  # fmt: skip
def test_a_pause_that_is_too_long_for_a_page_ends_the_session(client, page, minutes, stays):
    make.signed_in_staff(client)
    back_dated(client, in_this_pause=minutes)
    response = client.get(reverse(page))
    assert (response.status_code, is_signed_in(client)) == ((200, True) if stays else (302, False))


def test_after_a_pause_users_sign_in_and_return_to_the_requested_page(client):
    user = make.signed_in_staff(client)
    back_dated(client, in_this_pause=20)
    assert client.get(reverse(RECORDS)).headers["Location"] == f"/account/login/?next={reverse(RECORDS)}"
    assert "signed out after some time" in client.get("/account/login/").content.decode()
    make.sign_in(client, user, next=reverse(RECORDS))
    response = client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    assert (response.headers["Location"], client.get(reverse(RECORDS)).status_code) == (reverse(RECORDS), 200)


def test_a_page_with_a_longer_limit_does_not_extend_access_to_records(client):
    make.signed_in_staff(client)
    back_dated(client, in_this_pause=20)
    assert client.get(reverse(WORDS)).status_code == 200
    assert client.get(reverse(RECORDS)).status_code == 302
    assert not is_signed_in(client)


def test_active_users_stay_signed_in(client):
    make.signed_in_staff(client)
    for _ in range(30):
        back_dated(client, in_this_pause=14)
        assert client.get(reverse(RECORDS)).status_code == 200


def test_a_session_ends_after_eight_hours_even_if_active(client):
    make.signed_in_staff(client)
    back_dated(client, since_signing_in=8 * 60 - 1)
    assert client.get(reverse(WORDS)).status_code == 200
    back_dated(client, since_signing_in=1)
    assert client.get(reverse(WORDS)).status_code == 302


def test_signing_in_again_restarts_the_clock(client):
    user = make.signed_in_staff(client)
    back_dated(client, since_signing_in=9 * 60)
    client.get(reverse(RECORDS))
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    assert client.get(reverse(RECORDS)).status_code == 200


def test_a_session_made_without_the_sign_in_view_has_limits_too(client):
    user = make.admin()
    client.force_login(user)
    client.get("/")
    back_dated(client, in_this_pause=61)
    client.get("/")
    assert not is_signed_in(client)


def test_the_session_is_saved_at_most_once_a_minute(client):
    make.signed_in_staff(client)
    client.get(reverse(RECORDS))
    with CaptureQueriesContext(connection) as at_once:
        client.get(reverse(RECORDS))
    back_dated(client, in_this_pause=1)
    with CaptureQueriesContext(connection) as a_minute_later:
        client.get(reverse(RECORDS))
    writes = [[q for q in queries if "UPDATE" in q["sql"]] for queries in (at_once, a_minute_later)]
    assert [len(found) for found in writes] == [0, 1]


def test_a_visitor_gets_no_session(client):
    client.get("/")
    assert client.cookies == {}


@pytest.mark.parametrize(("address", "status"), [("/exit/", 303), ("/healthz", 200)])
def test_exit_and_health_checks_do_not_load_the_user(client, monkeypatch, address, status):
    make.signed_in_staff(client)

    def away(self, *args):
        raise DatabaseError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.delete", away)
    assert client.get(address).status_code == status


# --- the warning


def warning_in(page):
    return Page(page.content.decode()).all(id="stay")


def test_the_page_carries_the_warning_with_the_seconds_left(client):
    user = make.signed_in_staff(client)
    (warning,) = warning_in(client.get(change(user)))
    assert 14 * 60 <= int(warning["data-seconds"]) <= 15 * 60


def test_visitors_get_no_warning(client):
    assert warning_in(client.get("/account/login/")) == []


def test_one_click_extends_the_session(client):
    user = make.signed_in_staff(client)
    back_dated(client, in_this_pause=14)
    answer = client.post("/account/stay/", {"minutes": 15})
    assert answer.json() == {"seconds": 15 * 60}
    back_dated(client, in_this_pause=14)
    assert client.get(change(user)).status_code == 200


def test_a_click_cannot_extend_beyond_eight_hours(client):
    make.signed_in_staff(client)
    back_dated(client, since_signing_in=8 * 60 - 5)
    assert 0 < client.post("/account/stay/", {"minutes": 60}).json()["seconds"] <= 5 * 60


def test_a_click_after_the_limit_of_its_page_gets_an_error(client):
    make.signed_in_staff(client)
    back_dated(client, in_this_pause=16)
    assert client.post("/account/stay/", {"minutes": 15}).json() == {"seconds": 0}


@pytest.mark.parametrize("minutes", ["", "x", "0", "-5", "61", "1e3"])
def test_an_invalid_number_of_minutes_is_refused(client, minutes):
    make.signed_in_staff(client)
    assert client.post("/account/stay/", {"minutes": minutes}).status_code == 403


def test_only_signed_in_users_can_extend(client):
    assert client.post("/account/stay/", {"minutes": 15}).status_code == 403
    make.signed_in_staff(client)
    assert client.get("/account/stay/").status_code == 405


# --- recovery of submitted forms


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


@pytest.fixture
def grace():
    return make.admin("grace")


def form_for(user, **more):
    return {"username": user.username, "address": CANARY, "is_active": "on", "is_staff": "on", "_save": "Save", **more}


def submit_after_a_pause(client, user, minutes=20, **more):
    """Submit a form about `user` after a pause; return where the response leads."""
    back_dated(client, in_this_pause=minutes)
    return client.post(change(user), form_for(user, **more)).headers["Location"]


def sign_in_again(client, user):
    make.sign_in(client, user, next=TYPED)
    return client.post("/account/2fa/authenticate/", {"code": make.code_of(user)}, follow=True)


def test_a_form_comes_back_after_sign_in_and_the_user_submits_it(client, ada, grace):
    assert submit_after_a_pause(client, grace) == f"/account/login/?next={TYPED}"
    page = sign_in_again(client, ada)
    assert (page.request["PATH_INFO"], CANARY in page.content.decode()) == (TYPED, True)
    assert User.objects.get(pk=grace.pk).address == ""  # the site never submits it on its own

    form = Page(page.content.decode()).one(tag="form", action=change(grace))
    carried = Page(page.content.decode()).all(type="hidden")
    assert form["method"] == "post"
    client.post(form["action"], {field["name"]: field["value"] for field in carried})
    assert User.objects.get(pk=grace.pk).address == CANARY
    assert client.get(TYPED).headers["Location"] == reverse("admin:index")  # and does not keep it any longer


def test_every_value_comes_back_as_it_was(client, ada, grace):
    odd = {"several": ["one", "two", ""], "lines": "first\r\nsecond <b>&\"'", "form-0-text": "inline", "_continue": "x"}
    submit_after_a_pause(client, grace, **odd)
    sign_in_again(client, ada)
    page = Page(client.get(TYPED).content.decode())
    kept = [(field["name"], field["value"]) for field in page.all(type="hidden")]
    for pair in [("several", "one"), ("several", "two"), ("several", ""), ("lines", odd["lines"]), ("_continue", "x")]:
        assert pair in kept
    assert [e["text"] for e in page.all(tag="dt")] == ["username", "address", "is_active", "is_staff", "several",
                                                      "several", "lines", "form-0-text"]  # fmt: skip


def test_passwords_codes_and_tokens_are_not_kept(client, ada, grace):
    secret = {"new_password1": "hush one", "code": "hush two", "csrfmiddlewaretoken": "hush three"}
    submit_after_a_pause(client, grace, **secret)
    assert "hush" not in sign_in_again(client, ada).content.decode()


def test_an_uploaded_file_is_not_kept_and_the_page_says_so(client, ada, grace):
    submit_after_a_pause(client, grace, portrait=SimpleUploadedFile("portrait.png", b"a picture"))
    page = sign_in_again(client, ada)
    assert "We don’t keep files." in page.content.decode()
    assert "a picture" not in page.content.decode()


def test_the_saved_form_is_encrypted(client, ada, grace):
    submit_after_a_pause(client, grace)
    assert CANARY not in str(dict(client.session))
    assert client.session["typed"].startswith("v1.")


def test_the_form_is_not_shown_before_the_second_step(client, ada, grace):
    submit_after_a_pause(client, grace)
    assert CANARY not in client.get(TYPED, follow=True).content.decode()
    make.sign_in(client, ada, next=TYPED)
    assert CANARY not in client.get(TYPED, follow=True).content.decode()


def test_another_user_who_signs_in_here_does_not_see_it(client, ada, grace):
    make.second_factor(grace)
    submit_after_a_pause(client, grace)
    make.sign_in(client, grace)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(grace)})
    assert "typed" not in client.session


def test_another_user_with_another_sign_in_method_does_not_see_it(client, ada, grace):
    submit_after_a_pause(client, grace)
    client.force_login(grace)
    assert CANARY not in client.get(TYPED, follow=True).content.decode()


def test_a_password_alone_does_not_show_it_to_a_user_with_a_second_factor(client, ada, grace):
    submit_after_a_pause(client, grace)
    Authenticator.objects.update(user=grace)
    make.sign_in(client, ada)
    Authenticator.objects.update(user=ada)
    assert client.get(TYPED).headers["Location"] == f"/account/2fa/reauthenticate/?next={TYPED}"


def test_the_form_expires_after_an_hour(client, ada, grace, monkeypatch):
    submit_after_a_pause(client, grace)
    monkeypatch.setattr(form_recovery, "KEPT_SECONDS", 0)
    assert sign_in_again(client, ada).request["PATH_INFO"] == reverse("admin:index")


def test_the_user_can_discard_it(client, ada, grace):
    submit_after_a_pause(client, grace)
    sign_in_again(client, ada)
    client.post(TYPED)
    assert "typed" not in client.session


def test_quick_exit_deletes_it(client, ada, grace):
    submit_after_a_pause(client, grace)
    client.get("/exit/")
    assert "typed" not in client.session


def test_a_page_left_open_overnight_still_recovers_the_form(client, ada, grace, settings):
    assert settings.SESSION_COOKIE_AGE > HOURS_IN_ALL * 3600
    submit_after_a_pause(client, grace, minutes=14 * 60)
    assert CANARY in sign_in_again(client, ada).content.decode()


def test_the_form_comes_back_even_if_another_window_timed_out_first(client, ada, grace):
    back_dated(client, in_this_pause=20)
    client.get(reverse(RECORDS))
    assert client.post(change(grace), form_for(grace)).headers["Location"] == f"/account/login/?next={TYPED}"
    assert CANARY in sign_in_again(client, ada).content.decode()


def test_visitors_cannot_save_a_form_here(client, grace):
    client.get("/account/login/")
    client.cookies["session"] = "made-up"
    client.post(change(grace), form_for(grace))
    assert "typed" not in client.session


def test_a_token_that_cannot_be_decrypted_counts_as_no_form(client, ada, grace):
    submit_after_a_pause(client, grace)
    session = client.session
    session["typed"] = session["typed"][:-4] + "AAAA"
    session.save()
    assert sign_in_again(client, ada).request["PATH_INFO"] == reverse("admin:index")


# --- pages with a limit of their own


@idle(minutes=5)
def short(request):
    return HttpResponse("short")


urlpatterns = [path("short/", short), *site_urls]


def test_a_page_can_set_its_own_limit(client, settings):
    settings.ROOT_URLCONF = __name__
    make.signed_in_staff(client)
    back_dated(client, in_this_pause=4)
    assert client.get("/short/").content == b"short"
    back_dated(client, in_this_pause=5)
    assert client.get("/short/").headers["Location"] == "/account/login/?next=/short/"


def test_a_form_of_such_a_page_comes_back_too(client, settings, ada):
    settings.ROOT_URLCONF = __name__
    back_dated(client, in_this_pause=6)
    client.post("/short/?page=2", {"text": CANARY})
    text = sign_in_again(client, ada).content.decode()
    assert (CANARY in text, 'action="/short/?page=2"' in text) == (True, True)


def test_the_csrf_check_comes_first(ada, client, grace):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    back_dated(client, in_this_pause=20)
    assert strict.post(change(grace), form_for(grace)).status_code == 403
    assert "typed" not in strict.session
