"""What mail servers report: RFC 3464, and the common free forms."""

import pytest

from s4jr.mail.bounces.messages import read_message
from s4jr.mail.bounces.reports import Report, Verdict, read_delivery_status, read_free_form
from tests import cast
from tests.mail.bounces.incoming import EXIM, QMAIL, SYSTEM, dsn, message, status

TO = "bounces@quiet.example"


def status_in(*statuses):
    return read_delivery_status(read_message(dsn(TO, *statuses)))


@pytest.mark.parametrize(
    ("said", "verdict", "code"),
    [
        (status("5.1.1"), Verdict.NO_MAILBOX, "5.1.1"),
        (status("5.1.10"), Verdict.NO_MAILBOX, "5.1.10"),
        (status("5.1.1", diagnostic="550 5.1.1 <x>: Recipient address rejected"), Verdict.NO_MAILBOX, "5.1.1"),
        # Exim says 5.0.0 for everything, and the code of the other server beside it.
        (status("5.0.0", diagnostic="550 5.1.1 no such user"), Verdict.NO_MAILBOX, "5.1.1"),
        (status("5.0.0", diagnostic="550-5.1.1 The email account does not exist"), Verdict.NO_MAILBOX, "5.1.1"),
        (status("5.0.0", diagnostic="550 no such user"), Verdict.FAILED, "5.0.0"),
        (status("5.7.1"), Verdict.FAILED, "5.7.1"),
        (status("5.2.2"), Verdict.FAILED, "5.2.2"),
        (status("5.1.8"), Verdict.FAILED, "5.1.8"),
        # A server that says 5.1.1 for everything, with a reply that is about us.
        (status("5.1.1", diagnostic="550 5.7.1 message refused"), Verdict.FAILED, "5.1.1"),
        (status("5.1.1", diagnostic="550 blocked by our spam policy"), Verdict.FAILED, "5.1.1"),
        # An IP address is no code.
        (status("5.0.0", diagnostic="550 5.1.1.7 says no"), Verdict.FAILED, "5.0.0"),
        (status("5.0.0", diagnostic="550 9.5.1.1 says no"), Verdict.FAILED, "5.0.0"),
        # It tried for days and gave up: no one tries again.
        (status("4.4.7"), Verdict.FAILED, "4.4.7"),
        (status("4.4.1", action="delayed"), Verdict.DELAYED, "4.4.1"),
        (status("2.0.0", action="delivered"), Verdict.NOTHING, ""),
        (status("2.0.0", action="relayed"), Verdict.NOTHING, ""),
        (status("5.1.1", action="nonsense"), Verdict.NOTHING, ""),
    ],
)
def test_a_delivery_status_is_read(said, verdict, code):
    report = status_in(said)
    assert (report.verdict, report.code) == (verdict, code)


def test_a_list_that_reached_someone_has_not_failed():
    assert status_in(status("5.1.1"), status("2.0.0", action="delivered")) == Report(Verdict.NOTHING)


def test_all_recipients_must_be_gone():
    assert status_in(status("5.1.1"), status("5.2.2")).verdict == Verdict.FAILED


def test_it_names_the_recipient_as_first_sent_and_at_last():
    report = status_in(status(final="moved@elsewhere.example", original=cast.ADDRESS))
    assert report.addresses == {"moved@elsewhere.example", cast.ADDRESS}


def test_the_international_form_is_read():
    raw = dsn(TO, status("5.1.1")).replace(b"message/delivery-status", b"message/global-delivery-status")
    assert read_delivery_status(read_message(raw)).verdict == Verdict.NO_MAILBOX


def test_a_report_in_the_copy_of_an_email_is_not_read():
    raw = dsn(TO, status("2.0.0", action="delivered"), copy=dsn(TO, status("5.1.1")).decode())
    assert read_delivery_status(read_message(raw)) == Report(Verdict.NOTHING)


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_read_receipts_and_complaints_change_nothing(kind):
    raw = message(f'Content-Type: multipart/report; report-type={kind}; boundary="b"', body="--b\r\n\r\nRead.\r\n--b--")
    assert read_delivery_status(read_message(raw)) == Report(Verdict.NOTHING)


@pytest.mark.parametrize(
    ("headers", "body", "verdict", "code"),
    [
        ([], QMAIL.format(reply="Sorry, no mailbox here by that name. (#5.1.1)"), Verdict.NO_MAILBOX, "5.1.1"),
        ([], QMAIL.format(reply="Remote host said: 552 5.2.2 full"), Verdict.FAILED, "5.2.2"),
        ([], QMAIL.format(reply="Sorry, I wasn't able to establish a connection."), Verdict.FAILED, ""),
        (
            ["X-Failed-Recipients: rosalind@mailbox.example", "Auto-Submitted: auto-replied"],
            EXIM.format(reply="550 5.1.1 unknown user"),
            Verdict.NO_MAILBOX,
            "5.1.1",
        ),
        (
            ["X-Failed-Recipients: rosalind@mailbox.example"],
            EXIM.format(reply="550 5.7.1 rejected as spam"),
            Verdict.FAILED,
            "5.7.1",
        ),
    ],
    ids=["qmail, no mailbox", "qmail, full", "qmail, no code", "Exim, no mailbox", "Exim, refused"],
)
def test_the_common_free_forms_are_read(headers, body, verdict, code):
    raw = message("Return-Path: <>", f"From: {SYSTEM}", *headers, body=body.replace("\n", "\r\n"))
    assert read_free_form(read_message(raw)) == Report(verdict, code, frozenset({cast.ADDRESS}))


def test_a_person_reports_nothing():
    """Also if what they write reads like a bounce, as when they forward one."""
    raw = message(f"From: {cast.ADDRESS}", body=QMAIL.format(reply="Sorry, no mailbox here by that name. (#5.1.1)"))
    assert (read_delivery_status(read_message(raw)), read_free_form(read_message(raw))) == (None, None)


def test_a_free_form_about_nothing_is_no_report():
    assert read_free_form(read_message(message(f"From: {SYSTEM}", body="Hello."))) is None


def test_a_detector_that_fails_reports_nothing(monkeypatch):
    def fail(message):
        raise KeyError

    monkeypatch.setattr("s4jr.mail.bounces.reports.all_failures", fail)
    assert read_free_form(read_message(message(f"From: {SYSTEM}"))) == Report(Verdict.NOTHING)


@pytest.mark.parametrize("kind", ["multipart/report; boundary=parted", "message/global-delivery-status", "text/plain"])
def test_a_character_set_that_python_fails_on_is_no_report_of_a_failure(kind):
    raw = f"Content-Type: {kind}; charset*=x''y\r\n\r\nAction: failed\r\n\r\n".encode() + b"caf\xc3\xa9\r\n"
    report = read_delivery_status(read_message(raw))
    assert (report or Report(Verdict.NOTHING)).verdict != Verdict.NO_MAILBOX


def test_remarks_in_a_report_are_no_part_of_it():
    said = status("5.1.1 (no such inbox)", "failed (for good)", final=f"{cast.ADDRESS} (Rosalind)")
    report = read_delivery_status(read_message(dsn("", said)))
    assert report == Report(Verdict.NO_MAILBOX, "5.1.1", frozenset({cast.ADDRESS}))
