"""DKIM keys: each thing that is wrong with the record of a selector has a finding."""

import pytest

from s4jr.mail.deliverability.dkim import check_dkim
from s4jr.mail.deliverability.lookups import Lookups
from tests.mail.deliverability.senders import DOMAIN, KEY, ed25519_key, results, rsa_key

NAME = f"s1._domainkey.{DOMAIN}"


def check(dns_server, *records):
    dns_server.records = {f"{NAME} TXT": list(records)}
    return check_dkim(Lookups(5, dns_server.where), DOMAIN, ["s1"])


@pytest.mark.parametrize(
    "record",
    [
        f"v=DKIM1; k=rsa; p={KEY}",
        f"p={KEY}",
        f"v=DKIM1;h=sha1:sha256;s=*;p={KEY};",
        f"v=DKIM1; s=email; t=s; n=any words; p={KEY[:70]} {KEY[70:]}",
    ],
)
def test_a_long_key_is_fine(dns_server, record):
    assert results(check(dns_server, record)) == [("ok", f"There is a DKIM key of 2048 bits at {NAME}.")]


@pytest.mark.parametrize(
    ("record", "status", "result"),
    [
        ("v=DKIM1; k=rsa; p=", "problem", f"The DKIM key at {NAME} is empty, so it is no longer valid."),
        ("v=DKIM1; k=rsa", "problem", f"The DKIM record at {NAME} can’t be read."),
        (f"v=DKIM2; p={KEY}", "problem", f"The DKIM record at {NAME} can’t be read."),
        (f"v=DKIM1; p={KEY}; p={KEY}", "problem", f"The DKIM record at {NAME} can’t be read."),
        ("no tags", "problem", f"The DKIM record at {NAME} can’t be read."),
        ("", "problem", f"The DKIM record at {NAME} can’t be read."),
        (f"v=DKIM1; p={KEY[:-9]}", "problem", f"The DKIM key at {NAME} is damaged."),
        ("v=DKIM1; p=***", "problem", f"The DKIM key at {NAME} is damaged."),
        (f"v=DKIM1; k=ed25519; p={KEY}", "problem", f"The DKIM key at {NAME} is damaged."),
        (f"v=DKIM1; k=unknown; p={KEY}", "problem", f"The DKIM key at {NAME} is damaged."),
        (f"v=DKIM1; p={ed25519_key()}", "problem", f"The DKIM key at {NAME} is damaged."),
        (f"v=DKIM1; h=sha1; p={KEY}", "problem", f"The DKIM key at {NAME} is not for the signatures of emails."),
        (f"v=DKIM1; s=tlsrpt; p={KEY}", "problem", f"The DKIM key at {NAME} is not for the signatures of emails."),
        (f"v=DKIM1; t=y:s; p={KEY}", "note", f"The DKIM key at {NAME} is marked as a test."),
        (f"v=DKIM1; p={rsa_key(1024)}", "note", f"The DKIM key at {NAME} works, but it is short (1024 bits)."),
        (f"v=DKIM1; k=ed25519; p={ed25519_key()}", "note", f"Many mail servers can’t use the key at {NAME} (Ed25519)."),
    ],
)
def test_what_is_wrong_with_a_key_is_found(dns_server, record, status, result):
    assert results(check(dns_server, record)) == [(status, result)]


#: A key of 512 bits, which today's libraries no longer make.
SHORT = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL8CHbI3eWVUAVGYgEGmCNmpUOyIdVh8lTGdWyQkWMCO"
    "yhAfV5RRqHo8ovvVdr8ynKpQCH4Io1CtSmMnLwHCJ4UCAwEAAQ=="
)


def test_a_short_key_is_found(dns_server):
    assert results(check(dns_server, f"v=DKIM1; p={SHORT}")) == [
        ("problem", f"The DKIM key at {NAME} is too short (512 bits).")
    ]


def test_a_missing_key_is_found(dns_server):
    [finding] = check(dns_server)
    assert results([finding]) == [("problem", f"There is no DKIM key at {NAME}.")]


def test_two_records_for_one_selector_are_found(dns_server):
    assert results(check(dns_server, f"p={KEY}", f"v=DKIM1; p={KEY}")) == [
        ("problem", f"There is more than one record at {NAME}.")
    ]


def test_a_key_behind_an_alias_is_found(dns_server):
    dns_server.records = {f"{NAME} CNAME": ["s1.keys.example"], "s1.keys.example TXT": [f"v=DKIM1; p={KEY}"]}
    assert results(check_dkim(Lookups(5, dns_server.where), DOMAIN, ["s1"])) == [
        ("ok", f"There is a DKIM key of 2048 bits at {NAME}.")
    ]


def test_each_selector_has_a_finding(dns_server):
    dns_server.records = {f"{NAME} TXT": [f"p={KEY}"]}
    findings = check_dkim(Lookups(5, dns_server.where), DOMAIN, ["s1", "s2"])
    assert [str(finding.status) for finding in findings] == ["ok", "problem"]


def test_without_a_selector_it_says_that_it_cannot_look(dns_server):
    [finding] = check_dkim(Lookups(5, dns_server.where), DOMAIN, [])
    assert (str(finding.status), dns_server.queries) == ("unknown", [])
