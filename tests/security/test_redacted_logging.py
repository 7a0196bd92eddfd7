"""Log lines contain no personal data."""

import json
import logging

import pytest
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from s4jr.security.redacted_logging import LineFormatter, PlainFormatter, RequestNumberMiddleware

CANARY = "canary@example.org"


@pytest.fixture
def lines():
    """All log records as formatted text."""

    class Lines(logging.Handler):
        def __init__(self):
            super().__init__()
            self.text = ""
            self.setFormatter(PlainFormatter("%(levelname)s %(name)s %(message)s"))

        def emit(self, record):
            self.text += self.format(record) + "\n"

    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def fail():
    raise ValueError(f"Key (email)=({CANARY}) already exists.")


def test_an_exception_is_logged_by_type_and_place_without_its_message(lines):
    try:
        fail()
    except ValueError:
        logging.getLogger("s4jr.test").exception("Something went wrong")
    assert CANARY not in lines.text
    assert lines.text.startswith("ERROR s4jr.test Something went wrong")
    assert "in fail" in lines.text
    assert "builtins.ValueError (message left out)" in lines.text


def test_an_exception_in_the_log_message_is_left_out(lines):
    logging.getLogger("s4jr.test").error("Could not send: %s", ValueError(CANARY))
    assert lines.text == "ERROR s4jr.test Could not send: ValueError (message left out)\n"


def test_the_cached_text_of_another_formatter_is_ignored(lines):
    try:
        fail()
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "x", "exc_info": (type(error), error, error.__traceback__)})
    logging.Formatter().format(record)
    assert CANARY in record.exc_text
    assert CANARY not in PlainFormatter().format(record)


def test_celery_logs_which_task_failed_without_its_arguments(lines):
    from celery import shared_task

    @shared_task(name="test.fails")
    def fails(address):
        raise ValueError(address)

    fails.apply(args=[CANARY])
    assert "test.fails" in lines.text
    assert CANARY not in lines.text


@pytest.mark.django_db
def test_values_in_database_errors_are_left_out(lines):
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO erasure_tombstone (number, erased_on) VALUES (%s, NULL)", [CANARY[:12]])
    except IntegrityError:
        logging.getLogger("s4jr.test").exception("Could not keep it")
    assert CANARY[:12] not in lines.text
    assert "IntegrityError (message left out)" in lines.text


def test_logger_exception_works_outside_an_exception(lines):
    logging.getLogger("s4jr.test").exception("No exception here")
    assert lines.text.startswith("ERROR s4jr.test No exception here")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/invitation/canarytoken/", "/canary-path/", "/account/login/?next=canary"])
def test_a_url_is_logged_as_its_route(client, lines, address):
    client.post(address, {"login": CANARY, "password": CANARY})
    assert "canary" not in lines.text


@pytest.mark.django_db
def test_a_failing_view_is_logged_without_url_or_form_data(client, lines, monkeypatch):
    monkeypatch.setattr("s4jr.accounts.models.Invitation.objects.live", fail, raising=False)
    client.raise_request_exception = False
    response = client.post("/invitation/canarytoken/", {"new_password1": CANARY})
    assert response.status_code == 500
    assert "invitation" in lines.text
    assert "canary" not in lines.text


def test_an_unmatched_url_is_logged_as_a_question_mark(lines):
    request = RequestFactory().get("/canary/")
    logging.getLogger("django.request").warning(
        "Not found: %s", "/canary/", extra={"request": request, "status_code": 404}
    )
    assert lines.text == "WARNING django.request 404 GET on ?\n"


def test_a_bad_request_is_one_line_without_a_traceback(client, lines):
    assert client.post("/join/", b"a", "multipart/form-data").status_code == 400
    assert lines.text == "WARNING django.request 400 POST on ?\n"


class TestLogLine:
    def format(self, **more):
        return json.loads(
            LineFormatter().format(logging.makeLogRecord({"name": "s4jr.test", "levelname": "ERROR", **more}))
        )

    def test_is_one_object_with_time_level_logger_and_message(self):
        line = self.format(msg="Could not send: %s", args=(ValueError(CANARY),), created=0)
        assert line == {
            "at": "1970-01-01T00:00:00.000+00:00",
            "level": "ERROR",
            "logger": "s4jr.test",
            "message": "Could not send: ValueError (message left out)",
        }

    def test_holds_the_traceback_in_one_line(self):
        try:
            fail()
        except ValueError as error:
            line = self.format(msg="x", exc_info=(type(error), error, error.__traceback__))
        assert line["trace"].endswith("builtins.ValueError (message left out)")
        assert "in fail" in line["trace"]
        assert CANARY not in line["trace"]

    def test_has_the_request_number_of_the_response(self, rf):
        def view(request):
            said.append(self.format(msg="x")["request"])
            return HttpResponse()

        said = []
        answers = [RequestNumberMiddleware(view)(rf.get("/")) for _ in range(2)]
        assert said == [answer.headers["X-Request-Number"] for answer in answers]
        assert len(set(said)) == 2
        assert "request" not in self.format(msg="x")
