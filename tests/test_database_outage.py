"""If the database is down, full or read-only, the site answers 503, saves nothing in part, and keeps the typed form."""

from contextlib import contextmanager

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from members.models import Member
from members.review.services import approve
from members.review.versions import with_version
from s4jr.accounts.sessions import end_sessions_of
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.database_outage import is_away
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.reading import Page

LONG = 'First line, with a <tag> & a "quote".\nSecond line: the heron stands in the reeds.'
ANSWERS = {"name": cast.NAME, "contact": "yes", "email": cast.ADDRESS, "agreement": "on", "consent": "on",
           "ways_to_help": ["policy", "media"], "message": LONG, "step": "send"}  # fmt: skip


@pytest.fixture(autouse=True)
def _a_person_fills_it_in(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


@pytest.fixture
def browser():
    """A client with CSRF checks, as in a browser, that shows error pages as a reader sees them."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    """`broken(error)`: from now on every application raises this error."""

    def broken(error):
        def fails(*args, **kwargs):
            raise error

        monkeypatch.setattr("members.applications.views.ask_to_join", fails)

    return broken


def values_in(response):
    """Return {name: values} that the page would submit again."""
    held = {}
    for field in Page(response.content.decode()).all(tag="input"):
        held.setdefault(field["name"], []).append(field["value"])
    return held


def open_form(browser):
    page = Page(browser.get("/join/").content.decode())
    hidden = {field["name"]: field["value"] for field in page.all(tag="input", type="hidden")}
    return {**ANSWERS, **hidden}


@pytest.mark.parametrize("error", [OperationalError(), InterfaceError()])
def test_errors_of_the_connection_count_as_an_outage(error):
    assert is_away(error) is True


@pytest.mark.parametrize("error", [InternalError(), DatabaseError(), ValueError(), None])
def test_other_errors_do_not_count_as_an_outage(error):
    assert is_away(error) is False


@pytest.mark.django_db
class TestTheForm:
    def test_the_page_keeps_all_answers_and_submitting_again_saves_one(self, browser, broken, monkeypatch):
        sent = open_form(browser)
        broken(OperationalError())
        response = browser.post("/join/", sent)

        assert (response.status_code, response["Retry-After"], Member.objects.count()) == (503, "10", 0)
        again = values_in(response)
        assert again == {name: value if isinstance(value, list) else [value] for name, value in sent.items()}

        monkeypatch.undo()
        for _press in range(2):
            assert browser.post("/join/", again).status_code == 302
        assert Member.objects.get().message == LONG

    def test_the_browser_stores_nothing_of_it(self, browser, broken):
        sent = open_form(browser)
        broken(OperationalError())
        response = browser.post("/join/", sent)

        assert (response["Cache-Control"], response.cookies) == ("no-store", {})
        assert Page(response.content.decode()).one(tag="form")["autocomplete"] == "off"

    def test_the_page_has_exit_and_support_and_is_in_the_readers_language(self, browser, broken):
        sent = open_form(browser)
        broken(OperationalError())
        page = Page(browser.post("/fr/join/", sent).content.decode())

        assert [link["href"] for link in page.all(tag="a")] == ["/exit/", "#main", "/", "/support/"]
        assert (page.one(tag="html")["lang"], page.one(tag="form")["action"]) == ("fr-ca", "/fr/join/")

    def test_a_form_that_cannot_be_parsed_is_not_kept(self, rf):
        from s4jr.database_outage import try_again

        request = rf.post("/join/", b"no parts", content_type="multipart/form-data; boundary=x")
        request.META["CONTENT_LENGTH"] = "-1"
        assert b"<form" not in try_again(request).content

    def test_a_page_without_a_form_says_that_nothing_was_sent(self, browser, monkeypatch):
        def fails(*args):
            raise OperationalError

        monkeypatch.setattr("members.applications.views.median_wait_days", fails)
        response = browser.get("/join/")
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        assert b"<form" not in response.content

    @pytest.mark.parametrize("secret", ["password", "new_password1", "code", "word"])
    def test_no_page_keeps_a_secret(self, rf, secret):
        from s4jr.database_outage import try_again

        page = try_again(rf.post("/account/login/", {"login": "ada", secret: "lantern harbour"})).content.decode()
        assert ("<form" in page, "lantern" in page) == (False, False)


@contextmanager
def read_only_postgres():
    """Make every new session read-only, as an operator or a standby does."""
    name = connection.settings_dict["NAME"]
    run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    connection.close()
    try:
        yield
    finally:
        run("SET default_transaction_read_only = off")
        run(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


@contextmanager
def full_sqlite():
    """Stop the file from growing by a page, as on a full disk."""
    run("VACUUM")
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
    run(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        run("PRAGMA max_page_count = 1000000")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def refuses_writes(transactional_db):
    """A context manager in which the database refuses writes: read-only PostgreSQL, or SQLite on a full disk."""
    return read_only_postgres if connection.vendor == "postgresql" else full_sqlite


class TestADatabaseThatRefusesWrites:
    def test_an_application_gets_503_and_is_saved_once_there_is_room(self, browser, refuses_writes):
        sent = {**open_form(browser), "message": "heron " * 600}
        with refuses_writes():
            response = browser.post("/join/", sent)
        assert (response.status_code, Member.objects.count(), OutgoingEmail.objects.count()) == (503, 0, 0)

        assert browser.post("/join/", values_in(response)).status_code == 302
        assert (Member.objects.count(), OutgoingEmail.objects.count()) == (1, 1)

    def test_no_decision_is_saved_in_part(self, refuses_writes):
        ada = make.admin()
        people = [cast.waiting(email=f"person{number}@mailbox.example") for number in range(30)]
        with refuses_writes(), pytest.raises(DatabaseError) as caught:
            approve(Member.objects.filter(pk__in=[person.pk for person in people]), by=ada)

        assert is_away(caught.value) is True
        assert set(Member.objects.values_list("status", flat=True)) == {Member.Status.WAITING}
        assert (OutgoingEmail.objects.count(), AccessLog.objects.filter(action="decided").count()) == (0, 0)

    @pytest.mark.only_postgres
    def test_the_admin_is_asked_to_submit_again(self, browser, refuses_writes):
        browser.handler.enforce_csrf_checks = False
        ada = make.signed_in_staff(browser)
        member = cast.waiting()
        read = with_version(member, ["message"])
        log_access(who=ada, action="opened", records=[member], field_names=read)
        address = reverse("admin:members_member_action", args=[member.pk, "keep-waiting"])
        with refuses_writes():
            response = browser.post(address, {"reason": "the heron"})
        member.refresh_from_db()
        assert (response.status_code, member.status) == (503, Member.Status.WAITING)
        assert values_in(response) == {"reason": ["the heron"]}

    @pytest.mark.only_postgres
    def test_a_post_that_writes_only_to_the_session_is_503_too(self, browser, refuses_writes):
        browser.handler.enforce_csrf_checks = False
        make.signed_in_staff(browser)
        with refuses_writes():
            response = browser.post(reverse("admin:members_member_start_reading"), {"note": "the heron"})
        assert (response.status_code, values_in(response)) == (503, {"note": ["the heron"]})

    @pytest.mark.only_postgres
    def test_a_decision_about_an_unopened_record_is_503_too(self, browser, refuses_writes):
        """Nothing is decided, but the session stores the message "open the record first"."""
        browser.handler.enforce_csrf_checks = False
        make.signed_in_staff(browser)
        address = reverse("admin:members_member_action", args=[cast.waiting().pk, "keep-waiting"])
        with refuses_writes():
            response = browser.post(address, {"reason": "the heron"})
        assert (response.status_code, values_in(response)) == (503, {"reason": ["the heron"]})

    @pytest.mark.django_db
    def test_a_session_that_ended_meanwhile_does_not_count_as_an_outage(self, browser):
        browser.handler.enforce_csrf_checks = False
        ada, store = make.signed_in_staff(browser), browser.session
        store["reading"] = True
        end_sessions_of(ada)
        with pytest.raises(UpdateError):
            store.save()
