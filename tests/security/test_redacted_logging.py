"""Log lines name no person."""

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
    """Everything that is logged, as it would be written."""

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


def test_an_exception_is_its_type_and_place_and_not_its_message(lines):
    try:
        fail()
    except ValueError:
        logging.getLogger("s4jr.test").exception("Something went wrong")
    assert CANARY not in lines.text
    assert lines.text.startswith("ERROR s4jr.test Something went wrong")
    assert "in fail" in lines.text
    assert "builtins.ValueError (message left out)" in lines.text


def test_an_exception_put_into_the_message_is_left_out(lines):
    logging.getLogger("s4jr.test").error("Could not send: %s", ValueError(CANARY))
    assert lines.text == "ERROR s4jr.test Could not send: ValueError (message left out)\n"


def test_what_another_formatter_wrote_is_not_taken_over(lines):
    try:
        fail()
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "x", "exc_info": (type(error), error, error.__traceback__)})
    logging.Formatter().format(record)
    assert CANARY in record.exc_text
    assert CANARY not in PlainFormatter().format(record)


def test_celery_says_which_task_failed_and_not_with_what(lines):
    from celery import shared_task

    @shared_task(name="test.fails")
    def fails(address):
        raise ValueError(address)

    fails.apply(args=[CANARY])
    assert "test.fails" in lines.text
    assert CANARY not in lines.text


@pytest.mark.django_db
def test_what_a_database_repeats_is_left_out(lines):
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO erasure_tombstone (number, erased_on) VALUES (%s, NULL)", [CANARY[:12]])
    except IntegrityError:
        logging.getLogger("s4jr.test").exception("Could not keep it")
    assert CANARY[:12] not in lines.text
    assert "IntegrityError (message left out)" in lines.text


def test_a_logger_called_outside_an_exception_does_not_break(lines):
    logging.getLogger("s4jr.test").exception("No exception here")
    assert lines.text.startswith("ERROR s4jr.test No exception here")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/invitation/canarytoken/", "/canary-path/", "/account/login/?next=canary"])
def test_an_address_is_the_route_that_answered(client, lines, address):
    client.post(address, {"login": CANARY, "password": CANARY})
    assert "canary" not in lines.text


@pytest.mark.django_db
def test_a_page_that_fails_is_logged_without_its_address_or_form(client, lines, monkeypatch):
    monkeypatch.setattr("s4jr.accounts.models.Invitation.objects.live", fail, raising=False)
    client.raise_request_exception = False
    response = client.post("/invitation/canarytoken/", {"new_password1": CANARY})
    assert response.status_code == 500
    assert "invitation" in lines.text
    assert "canary" not in lines.text


def test_a_request_that_matches_no_route_is_a_question_mark(lines):
    request = RequestFactory().get("/canary/")
    logging.getLogger("django.request").warning(
        "Not found: %s", "/canary/", extra={"request": request, "status_code": 404}
    )
    assert lines.text == "WARNING django.request 404 GET on ?\n"


def test_what_came_wrong_is_a_line_and_not_a_page(client, lines):
    assert client.post("/join/", b"a", "multipart/form-data").status_code == 400
    assert lines.text == "WARNING django.request 400 POST on ?\n"


class TestALine:
    def format(self, **more):
        return json.loads(
            LineFormatter().format(logging.makeLogRecord({"name": "s4jr.test", "levelname": "ERROR", **more}))
        )

    def test_is_one_object_that_says_when_how_bad_where_and_what(self):
        line = self.format(msg="Could not send: %s", args=(ValueError(CANARY),), created=0)
        assert line == {
            "at": "1970-01-01T00:00:00.000+00:00",
            "level": "ERROR",
            "logger": "s4jr.test",
            "message": "Could not send: ValueError (message left out)",
        }

    def test_holds_the_places_of_a_fault_in_one_line(self):
        try:
            fail()
        except ValueError as error:
            line = self.format(msg="x", exc_info=(type(error), error, error.__traceback__))
        assert line["trace"].endswith("builtins.ValueError (message left out)")
        assert "in fail" in line["trace"]
        assert CANARY not in line["trace"]

    def test_bears_the_number_that_the_answer_bears(self, rf):
        def view(request):
            said.append(self.format(msg="x")["request"])
            return HttpResponse()

        said = []
        answers = [RequestNumberMiddleware(view)(rf.get("/")) for _ in range(2)]
        assert said == [answer.headers["X-Request-Number"] for answer in answers]
        assert len(set(said)) == 2
        assert "request" not in self.format(msg="x")
